/** Traits that change the workload as a whole, or its pods. */
import { readPatch } from '../../../json/patch-operation.ts';
import { isArray, isObject, type Json, type JsonObject, withFields } from '../../../json/value.ts';
import { asObject } from '../component/pod.ts';
import { change, type Output, pod, type Trait, trait } from '../effect.ts';
import { problem } from '../problem.ts';
import * as schema from '../schema/trait.ts';
import { readParameters } from '../written.ts';

export const scaler = trait(schema.Scaler, ({ replicas }) => ({
  edits: [change(['spec', 'replicas'], { do: 'set', value: replicas })],
}));

/** On the workload itself, and on its pods where it makes some. Null takes one away. */
const textMap = (field: 'labels' | 'annotations', inside: readonly (readonly string[])[]): Trait =>
  trait(schema.TextMap, (value) => ({
    edits: [
      change(['metadata', field], { do: 'merge', value }),
      ...inside.map((place) => change([...place, 'metadata', field], { do: 'merge', value }, place)),
    ],
  }));

const template = ['spec', 'template'];
const jobTemplate = ['spec', 'jobTemplate'];

export const labels = textMap('labels', [template]);
export const annotations = textMap('annotations', [template, jobTemplate, [...jobTemplate, 'spec', 'template']]);

export const mergePatch = trait(schema.Whole, (value) => ({ edits: [change([], { do: 'merge', value })] }));

export const jsonPatch: Trait = (given) => {
  const { value, diagnostics } = readParameters(schema.JsonPatch, given);
  const read = readPatch(value?.operations ?? []);
  if (read.kind === 'read')
    return { value: { edits: [{ kind: 'patch', operations: read.patch }], objects: [] }, diagnostics };
  const wrong = read.problems.map(({ operation, message }) =>
    problem('A1106', given.originAt(['operations', operation]), message),
  );
  return { value: { edits: [], objects: [] }, diagnostics: [...diagnostics, ...wrong] };
};

export const updateStrategy = trait(schema.UpdateStrategy, ({ targetKind, strategy: { type, rollingStrategy } }) => {
  const { maxSurge, maxUnavailable, partition } = rollingStrategy;
  const rollingUpdate = targetKind === 'StatefulSet' ? { partition } : { maxSurge, maxUnavailable };
  const value: JsonObject = type === 'RollingUpdate' ? { type, rollingUpdate } : { type };
  const field = targetKind === 'Deployment' ? 'strategy' : 'updateStrategy';
  // A Deployment knows no OnDelete, the others no Recreate.
  const isKnown = type !== (targetKind === 'Deployment' ? 'OnDelete' : 'Recreate');
  return { edits: isKnown ? [change(['spec', field], { do: 'set', value })] : [] };
});

const rbac = 'rbac.authorization.k8s.io';

export const serviceAccount = trait(schema.ServiceAccount, ({ name, create, privileges }, { namespace }) => {
  const rulesOf = (scope: string): readonly JsonObject[] =>
    privileges
      .filter((each) => each.scope === scope)
      .map(({ scope: _scope, verbs, ...rest }) => withFields({ verbs }, rest));
  const grant = (kind: 'Role' | 'ClusterRole', own: string, rules: readonly JsonObject[]): readonly Output[] => {
    if (rules.length === 0) return [];
    const subject = withFields(
      { kind: 'ServiceAccount', name },
      { namespace: kind === 'ClusterRole' ? namespace : undefined },
    );
    const key = kind === 'Role' ? 'role' : 'cluster-role';
    const metadata = { name: own };
    return [
      { key, object: { apiVersion: `${rbac}/v1`, kind, metadata, rules } },
      {
        key: `${key}-binding`,
        object: {
          apiVersion: `${rbac}/v1`,
          kind: `${kind}Binding`,
          metadata,
          roleRef: { apiGroup: rbac, kind, name: own },
          subjects: [subject],
        },
      },
    ];
  };
  const account: Output = {
    key: 'service-account',
    object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
  };
  return {
    edits: [change([...pod, 'serviceAccountName'], { do: 'set', value: name })],
    objects: [
      ...(create ? [account] : []),
      ...grant('ClusterRole', `${namespace}:${name}`, rulesOf('cluster')),
      ...grant('Role', name, rulesOf('namespace')),
    ],
  };
});

const rule = 'DuringSchedulingIgnoredDuringExecution';

export const affinity = trait(schema.Affinity, ({ podAffinity, podAntiAffinity, nodeAffinity, tolerations }) => {
  const terms = (given: { readonly required?: unknown; readonly preferred?: unknown } | undefined) =>
    given === undefined
      ? undefined
      : withFields(
          {},
          { [`required${rule}`]: asObject(given.required), [`preferred${rule}`]: asObject(given.preferred) },
        );
  const value = withFields(
    {},
    {
      podAffinity: terms(podAffinity),
      podAntiAffinity: terms(podAntiAffinity),
      nodeAffinity: terms(nodeAffinity),
    },
  );
  return {
    edits: [
      ...(Object.keys(value).length === 0
        ? []
        : [change([...pod, 'affinity'], { do: 'unify', value: withOperators(value) })]),
      ...(tolerations === undefined
        ? []
        : [change([...pod, 'tolerations'], { do: 'unify', value: asObject(tolerations) ?? [] })]),
    ],
  };
});

/** A requirement without an operator is an `In`. */
function withOperators(value: Json): Json {
  if (isArray(value)) return value.map(withOperators);
  if (!isObject(value)) return value;
  const isRequirement = Object.hasOwn(value, 'key') && !Object.hasOwn(value, 'operator');
  const fields = Object.entries(value).map(([field, part]) => [field, withOperators(part)] as const);
  return Object.fromEntries(isRequirement ? [...fields, ['operator', 'In'] as const] : fields);
}

export const topologySpread = trait(schema.Constraints, ({ constraints }) => ({
  edits: [
    change([...pod, 'topologySpreadConstraints'], { do: 'unify', value: withOperators(asObject(constraints) ?? []) }),
  ],
}));

export const podSecurityContext = trait(schema.PodSecurityContext, (given) => ({
  edits: [change([...pod, 'securityContext'], { do: 'unify', value: asObject(given) ?? {} })],
}));

export const hostAlias = trait(schema.HostAliases, ({ hostAliases }) => ({
  edits: [change([...pod, 'hostAliases'], { do: 'upsert', keys: ['ip'], items: hostAliases, meeting: 'unify' })],
}));
