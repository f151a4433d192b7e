/** Which kinds are federated, and as what: KubeFed's own table, and what FederatedTypeConfigs say. */
import { at, textOf } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { areaOf, isEarly } from './group.ts';
import { type Problems, problemsIn, readManifest } from './read.ts';
import * as schema from './schema.ts';

/** What a federated object is made into. */
export type TargetType = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  /** Its objects are left as they are: neither written nor removed. */
  readonly isFrozen: boolean;
};

export type TypeConfig = {
  readonly placed: Placed;
  readonly group: string;
  readonly kind: string;
  readonly target: TargetType;
};

const builtIn = (apiVersion: string, kind: string, isNamespaced = true): readonly [string, TargetType] => [
  `Federated${kind}`,
  { apiVersion, kind, isNamespaced, isFrozen: false },
];

/** What KubeFed's chart enables by itself. */
const builtIns: ReadonlyMap<string, TargetType> = new Map([
  builtIn('rbac.authorization.k8s.io/v1', 'ClusterRole', false),
  builtIn('v1', 'ConfigMap'),
  builtIn('apps/v1', 'Deployment'),
  builtIn('networking.k8s.io/v1', 'Ingress'),
  builtIn('batch/v1', 'Job'),
  builtIn('v1', 'Namespace', false),
  builtIn('apps/v1', 'ReplicaSet'),
  builtIn('v1', 'Secret'),
  builtIn('v1', 'ServiceAccount'),
  builtIn('v1', 'Service'),
]);

/** Shape: undefined when it cannot be read; what it would define is not known then. */
export function readTypeConfig(placed: Placed): Findings<TypeConfig | undefined> {
  const { group } = kindOfDocument(placed.document);
  if (isEarly(group) && at(placed.document.value, 'spec', 'targetType') === undefined) return readEarly(placed);
  const { value, diagnostics } = readManifest(schema.FederatedTypeConfig, placed);
  if (value === undefined) return { value: undefined, diagnostics };
  const { metadata, spec } = value;
  const problems = problemsIn(placed);
  checkName(metadata.name, spec.targetType, problems);
  const config: TypeConfig = {
    placed,
    group: spec.federatedType.group,
    kind: spec.federatedType.kind,
    target: {
      ...targetOf(metadata.name, spec.targetType),
      isNamespaced: spec.targetType.scope === 'Namespaced',
      isFrozen: spec.propagation === 'Disabled',
    },
  };
  return { value: config, diagnostics: [...diagnostics, ...problems.list] };
}

function readEarly(placed: Placed): Findings<TypeConfig | undefined> {
  const { value, diagnostics } = readManifest(schema.EarlyTypeConfig, placed);
  const federated = value?.spec.template ?? value?.spec.federatedType;
  if (value === undefined || federated === undefined) return { value: undefined, diagnostics };
  const { metadata, spec } = value;
  const config: TypeConfig = {
    placed,
    group: federated.group || kindOfDocument(placed.document).group,
    kind: federated.kind,
    target: {
      ...targetOf(metadata.name, spec.target),
      isNamespaced: spec.namespaced,
      isFrozen: !spec.propagationEnabled,
    },
  };
  return { value: config, diagnostics };
}

type Target = {
  readonly group?: string | null | undefined;
  readonly version: string;
  readonly kind: string;
  readonly pluralName?: string | null | undefined;
};

/** Shape: `name`: of the configuration, which says the group where the target does not. */
function targetOf(name: string, { group, version, kind }: Target): Pick<TargetType, 'apiVersion' | 'kind'> {
  const dot = name.indexOf('.');
  const found = group || (dot === -1 ? '' : name.slice(dot + 1));
  return { apiVersion: found === '' ? version : `${found}/${version}`, kind };
}

/** KubeFed finds a configuration by the name of its target. */
function checkName(name: string, { group, pluralName }: Target, problems: Problems): void {
  if (!pluralName) return;
  const wanted = group ? `${pluralName}.${group}` : pluralName;
  if (name === wanted || name === pluralName) return;
  problems.warn('A1551', ['metadata', 'name'], `the FederatedTypeConfig of ${wanted} must be named ${wanted}`);
}

/** Its objects stay as they are. */
export const frozen = (config: TypeConfig): TypeConfig => ({ ...config, target: { ...config.target, isFrozen: true } });

/** What the documents of a repository define; of one kind the first counts. `kind`: of the object, in whatever document. */
export function typeTable(configs: readonly TypeConfig[]): (placed: Placed, kind: string) => TargetType | undefined {
  const defined = new Map(
    configs.map((config) => [`${config.group}/${config.kind}`, config.target] as const).toReversed(),
  );
  return (placed, kind) => {
    const { group, namespace } = kindOfDocument(placed.document);
    const found = defined.get(`${group}/${kind}`);
    if (found !== undefined) return found;
    if (areaOf(group, kind) !== 'types') return undefined;
    const known = builtIns.get(kind);
    if (known !== undefined) return known;
    const apiVersion = textOf(at(placed.document.value, 'spec', 'template', 'apiVersion'));
    if (apiVersion === undefined || !/^Federated[A-Z]/.test(kind)) return undefined;
    return { apiVersion, kind: kind.slice('Federated'.length), isNamespaced: namespace !== '', isFrozen: false };
  };
}

const definingFields = ['federatedType', 'template', 'placement', 'override'];

/** The kinds that documents define, whatever their group. */
export const definedKinds = (configs: readonly Placed[]): ReadonlySet<string> =>
  new Set(
    configs.flatMap(({ document }) => {
      const [type, ...beside] = definingFields
        .map((field) => at(document.value, 'spec', field))
        .filter((each) => each !== undefined);
      // What is beside it is of the same group, unless it says another.
      return [type, ...beside].map(
        (each) => `${textOf(at(each, 'group')) ?? textOf(at(type, 'group'))}/${textOf(at(each, 'kind'))}`,
      );
    }),
  );
