/** The Ingresses of a microservice: the main one, and one for each canary with the annotations of ingress-nginx. */
import { at, isArray, isObject, type JsonObject, textOf } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { DeclaredObject, Part, Patch, Variant } from '../../model/intent.ts';
import type { KubeObject } from '../../model/object.ts';
import type { Origin } from '../../model/source.ts';
import { ingressVersion, modernIngressSpec, withPathBackends, withService } from '../legacy-api/ingress.ts';
import type { Version } from './schema.ts';
import { currentVersion, objectOf, problemIn, type Subject, serviceNameOf } from './subject.ts';

type Objects = readonly Findings<DeclaredObject | undefined>[];
type Canary = NonNullable<Version['canary']>;

const where = ['loadBalance', 'ingress'];

/** Shape: the main Ingress first, then the canaries in the order of versions. */
export function ingressesOf(subject: Subject): Objects {
  const { versions, loadBalance } = subject.spec;
  if (loadBalance?.ingress === undefined || versions.length === 0) return [];
  const { name, spec } = loadBalance.ingress;
  const modern = modernIngressSpec(spec);
  const main = ingressOf(subject, where, undefined, { name, spec: modern });
  const canaries = versions.flatMap((version, index): Objects => {
    if (version.canary === undefined) return [];
    const path = ['versions', index, 'canary'];
    if (loadBalance.service === undefined) {
      const message = `the canary of version ${version.name} needs \`loadBalance.service\`: there is no Service to send to`;
      return [{ value: undefined, diagnostics: [problemIn(subject, path, 'A1602', 'error', message)] }];
    }
    const from = loadBalance.service.name;
    const to = serviceNameOf(subject, version);
    const canaryName = orElse(version.canary.canaryIngressName, `${subject.name}-${version.name}-canary`);
    const canary = {
      name: canaryName,
      spec: withPathBackends(modern, (backend) => withService(backend, from, to)),
      annotations: annotationsOf(version.canary),
    };
    return [ingressOf(subject, path, version.name, canary)];
  });
  return [main, ...canaries, { value: undefined, diagnostics: canaryProblems(subject, modern) }];
}

const orElse = (text: string | undefined, otherwise: string): string =>
  text === undefined || text === '' ? otherwise : text;

const ingressOf = (
  subject: Subject,
  path: readonly (string | number)[],
  version: string | undefined,
  ingress: {
    readonly name: string;
    readonly spec: JsonObject;
    readonly annotations?: Readonly<Record<string, string>>;
  },
) => objectOf(subject, path, version, { apiVersion: ingressVersion, kind: 'Ingress', ...ingress });

const prefix = 'nginx.ingress.kubernetes.io';

/** An empty header value says no more than none, so it is left out. */
function annotationsOf({ weight, header = '', headerValue = '', cookie = '' }: Canary): Record<string, string> {
  return {
    [`${prefix}/canary`]: 'true',
    [`${prefix}/canary-weight`]: String(weight),
    ...(header === '' ? {} : { [`${prefix}/canary-by-header`]: header }),
    ...(header === '' || headerValue === '' ? {} : { [`${prefix}/canary-by-header-value`]: headerValue }),
    ...(cookie === '' ? {} : { [`${prefix}/canary-by-cookie`]: cookie }),
  };
}

/** The variable of a cluster that says which class its Ingresses have when they name none. */
const classVariable = 'ingressClassName';

/** Shape: nothing where every Ingress names its class, since that wins. */
export function classesOf(origin: Origin, parts: readonly Part[]): readonly Variant[] {
  const classless = parts.flatMap(({ source }) =>
    source.kind === 'objects' ? source.objects.filter(({ object }) => isClassless(object)) : [],
  );
  if (classless.length === 0) return [];
  const patches = classless.map(({ object, origin: place }): Patch => {
    const { name, namespace } = object.metadata;
    const target = { group: 'networking.k8s.io', version: undefined, kind: 'Ingress', namespace, name, selector: [] };
    const patch = { spec: { ingressClassName: `\${${classVariable}}` } };
    return { origin: place, target, change: { kind: 'merge', patch } };
  });
  return [{ origin, clusters: { kind: 'variable', name: classVariable }, images: [], patches }];
}

const isClassless = (object: KubeObject): boolean =>
  object.kind === 'Ingress' && at(object, 'spec', 'ingressClassName') === undefined;

/** ingress-nginx takes one canary for a host and path, and the current version needs none. */
function canaryProblems(subject: Subject, spec: JsonObject): readonly Diagnostic[] {
  const current = currentVersion(subject);
  const canaries = subject.spec.versions.flatMap(({ name, canary }, index) =>
    canary === undefined ? [] : [{ name, index }],
  );
  const own = canaries
    .filter(({ name }) => name === current?.name)
    .map(({ name, index }) => {
      const message = `version ${name} is the current one: its canary shifts nothing`;
      return problemIn(subject, ['versions', index, 'canary'], 'A1603', 'warning', message);
    });
  const [first, second] = canaries;
  if (first === undefined || second === undefined) return own;
  const names = canaries.map(({ name }) => name).join(', ');
  const message = `versions ${names} are canaries of the same ${placeOf(spec)}: ingress-nginx takes one`;
  return [...own, problemIn(subject, ['versions', second.index, 'canary'], 'A1604', 'warning', message)];
}

function placeOf(spec: JsonObject): string {
  const [rule] = isArray(spec.rules) ? spec.rules : [];
  const host = isObject(rule) ? textOf(at(rule, 'host')) : undefined;
  return host === undefined ? 'host and path' : `host ${host}`;
}
