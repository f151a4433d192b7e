/** Who a request comes from: its bearer token, and whom it asks to be taken for. */

import type { Authorizer } from '../rbac/authorizer.ts';
import { refuse } from '../rbac/refusal.ts';
import type { Act } from '../rbac/rules.ts';
import { admin, anonymous, type User, userNamed } from '../registry/user.ts';
import type { ApiRequest } from './exchange.ts';
import { badRequest, unauthorized } from './refusals.ts';

export type Tokens = {
  /** Undefined: no token is asked for, and whoever comes is an administrator. */
  readonly fixed: ReadonlyMap<string, User> | undefined;
  /** Tokens that the cluster itself has given out to service accounts. */
  readonly issued: Map<string, User>;
};

/** Errors: 401. */
export function authenticate({ headers }: ApiRequest, { fixed, issued }: Tokens): User {
  const [scheme = '', token = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === '') return fixed === undefined ? admin : anonymous;
  const user = fixed?.get(token) ?? issued.get(token);
  if (user === undefined && fixed !== undefined) throw unauthorized();
  return user ?? admin;
}

const extraPrefix = 'impersonate-extra-';

/** The user to act as, by the impersonation headers. Errors: 400, 403. */
export function impersonate(user: User, { headers }: ApiRequest, authorizer: Authorizer): User {
  const name = headers['impersonate-user'];
  const groups = listOf(headers['impersonate-group']);
  const uid = headers['impersonate-uid'] ?? '';
  const extra = Object.fromEntries(
    Object.entries(headers).flatMap(([header, value]) =>
      header.startsWith(extraPrefix)
        ? [[decodeURIComponent(header.slice(extraPrefix.length)), listOf(value)] as const]
        : [],
    ),
  );
  if (name === undefined) {
    if (groups.length === 0 && uid === '' && Object.keys(extra).length === 0) return user;
    throw badRequest('requested impersonation of groups, uid or extra without impersonating a user');
  }
  const acts = [
    actOn(name),
    ...groups.map((group) => act('', 'groups', group)),
    ...(uid === '' ? [] : [act('authentication.k8s.io', 'uids', uid)]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({ ...act('authentication.k8s.io', 'userextras', value), subresource: key })),
    ),
  ];
  for (const each of acts) {
    const { isAllowed, why } = authorizer.decide(user, each);
    if (!isAllowed) throw refuse(user, each, why);
  }
  return userNamed(name, groups, uid, extra);
}

type ResourceAct = Extract<Act, { kind: 'resource' }>;

function actOn(name: string): ResourceAct {
  const [prefix, kind, namespace, account] = name.split(':');
  if (prefix !== 'system' || kind !== 'serviceaccount' || namespace === undefined || account === undefined) {
    return act('', 'users', name);
  }
  return { ...act('', 'serviceaccounts', account), namespace };
}

const act = (group: string, resource: string, name: string): ResourceAct => ({
  kind: 'resource',
  verb: 'impersonate',
  group,
  resource,
  subresource: '',
  namespace: '',
  name,
});

const listOf = (header: string | undefined): readonly string[] =>
  header === undefined || header === '' ? [] : header.split(',').map((part) => part.trim());
