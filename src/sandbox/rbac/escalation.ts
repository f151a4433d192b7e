/** Nobody may grant what they may not do themselves. Source: kubernetes/pkg/registry/rbac/escalation_check.go and the storages of rbac. */
import { at, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { forbidden } from '../api/refusals.ts';
import type { User } from '../registry/user.ts';
import type { Resource } from '../schema/schema.ts';
import type { Store } from '../store/store.ts';
import { type Authorizer, rulesOfRole } from './authorizer.ts';
import { type Act, missingFrom, type Rule, readRules } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

/** Errors: 403 when `object`, a role or a binding, would give away more than `user` has. */
export function checkEscalation(
  authorizer: Authorizer,
  store: Store,
  user: User,
  { group: ofGroup, resource }: Resource,
  object: KubeObject,
): void {
  if (authorizer.isEverythingAllowed || ofGroup !== group) return;
  const isBinding = resource.endsWith('bindings');
  const namespace = object.metadata.namespace ?? '';
  const target = isBinding ? targetOf(object) : { resource, name: object.metadata.name };
  const act: Act = {
    kind: 'resource',
    verb: isBinding ? 'bind' : 'escalate',
    group,
    subresource: '',
    namespace: resource.startsWith('cluster') ? '' : namespace,
    ...target,
  };
  if (authorizer.decide(user, act).isAllowed) return;
  const wanted = isBinding ? rulesOfRole(store, at(object, 'roleRef'), namespace).rules : readRules(object.rules);
  const held = authorizer.rulesOf(user, namespace);
  const missing = missingFrom(held, wanted);
  if (missing.length === 0) return;
  const groups = user.groups.map((each) => `"${each}"`).join(' ');
  throw forbidden(
    { group, resource, name: object.metadata.name },
    `user "${user.name}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(describe).join('\n')}`,
  );
}

function targetOf(object: KubeObject): { readonly resource: string; readonly name: string } {
  const kind = at(object, 'roleRef', 'kind');
  return {
    resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles',
    name: textOf(at(object, 'roleRef', 'name')) ?? '',
  };
}

function describe(rule: Rule): string {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['ResourceNames', rule.resourceNames],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['Verbs', rule.verbs],
  ];
  const told = parts
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `${name}:[${list.map((each) => `"${each}"`).join(' ')}]`);
  return `{${told.join(', ')}}`;
}
