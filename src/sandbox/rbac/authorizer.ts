/** Whether a user may: real Roles and bindings of the cluster, or everything, where the sandbox is set to ask nobody. */
import { at, isArray, isObject, type Json, textOf } from '../../core/json/value.ts';
import { masters, type User } from '../registry/user.ts';
import type { Entry } from '../store/entry.ts';
import type { Store } from '../store/store.ts';
import { type Act, allows, type Rule, readRules } from './rules.ts';

export type Decision = {
  readonly isAllowed: boolean /** Said at the end of a refusal; may be empty. */;
  readonly why: string;
};
export type Authorizer = {
  readonly decide: (user: User, act: Act) => Decision;
  /** All that the user may do in a namespace, and everywhere. */
  readonly rulesOf: (user: User, namespace: string) => readonly Rule[];
  readonly isEverythingAllowed: boolean;
};

const group = 'rbac.authorization.k8s.io';
const everything: readonly Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

export const allowAll: Authorizer = {
  decide: () => ({ isAllowed: true, why: '' }),
  rulesOf: () => everything,
  isEverythingAllowed: true,
};

/** Cost: one pass over the bindings for each decision; roles and bindings are few. */
export function rbacAuthorizer(store: Store): Authorizer {
  function* grants(
    user: User,
    namespace: string,
  ): Iterable<{ readonly rules: readonly Rule[]; readonly missing: string }> {
    const places = [`clusterrolebindings.${group}`, ...(namespace === '' ? [] : [`rolebindings.${group}`])];
    for (const place of places) {
      for (const binding of store.list(place, place.startsWith('cluster') ? undefined : namespace)) {
        const grant = grantOf(store, binding, user);
        if (grant !== undefined) yield grant;
      }
    }
  }
  return {
    isEverythingAllowed: false,
    decide: (user, act) => {
      if (user.groups.includes(masters)) return { isAllowed: true, why: '' };
      const missing = new Set<string>();
      for (const grant of grants(user, act.kind === 'resource' ? act.namespace : '')) {
        if (grant.rules.some((rule) => allows(rule, act))) return { isAllowed: true, why: '' };
        if (grant.missing !== '') missing.add(grant.missing);
      }
      return { isAllowed: false, why: missing.size === 0 ? '' : `RBAC: ${[...missing].join(', ')}` };
    },
    rulesOf: (user, namespace) =>
      user.groups.includes(masters) ? everything : [...grants(user, namespace)].flatMap(({ rules }) => rules),
  };
}

function grantOf(
  store: Store,
  binding: Entry,
  user: User,
): { readonly rules: readonly Rule[]; readonly missing: string } | undefined {
  const object = store.read(binding);
  const { subjects } = object;
  if (!isArray(subjects) || !subjects.some((subject) => isMeant(subject, user, binding.namespace))) return undefined;
  return rulesOfRole(store, at(object, 'roleRef'), binding.namespace);
}

/** The rules of the role that a `roleRef` names; `missing` when it is not there. */
export function rulesOfRole(
  store: Store,
  roleRef: Json | undefined,
  namespace: string,
): { readonly rules: readonly Rule[]; readonly missing: string } {
  const kind = textOf(at(roleRef, 'kind')) ?? '';
  const name = textOf(at(roleRef, 'name')) ?? '';
  const isOfCluster = kind === 'ClusterRole';
  const entry = store.get(`${isOfCluster ? 'clusterroles' : 'roles'}.${group}`, isOfCluster ? '' : namespace, name);
  if (entry === undefined) return { rules: [], missing: `${kind.toLowerCase()}.${group} "${name}" not found` };
  return { rules: readRules(store.read(entry).rules), missing: '' };
}

function isMeant(subject: Json, user: User, namespace: string): boolean {
  if (!isObject(subject)) return false;
  const name = textOf(subject.name) ?? '';
  switch (subject.kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${textOf(subject.namespace) ?? namespace}:${name}`;
    default:
      return false;
  }
}
