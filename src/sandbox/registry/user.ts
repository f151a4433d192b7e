/** Who a request comes from. */

export type User = {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
};

export const masters = 'system:masters';
export const authenticated = 'system:authenticated';
export const unauthenticated = 'system:unauthenticated';

/** May do anything; whoever comes without a token, where no tokens are set. */
export const admin: User = { name: 'sandbox-admin', uid: '', groups: [masters, authenticated], extra: {} };
export const anonymous: User = { name: 'system:anonymous', uid: '', groups: [unauthenticated], extra: {} };
/** The cluster's own controllers. */
export const controllerManager: User = {
  name: 'system:kube-controller-manager',
  uid: '',
  groups: [masters, authenticated],
  extra: {},
};
export const kubelet: User = { name: 'system:node:sandbox', uid: '', groups: [masters, authenticated], extra: {} };

const prefix = 'system:serviceaccount:';

/** The user of a token or of impersonation: service accounts belong to their groups without being told. */
export function userNamed(name: string, groups: readonly string[] = [], uid = '', extra: User['extra'] = {}): User {
  const [namespace = ''] = name.startsWith(prefix) ? name.slice(prefix.length).split(':') : [];
  const own = namespace === '' ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  const all = name === anonymous.name ? [...groups, unauthenticated] : [...groups, ...own, authenticated];
  return { name, uid, groups: [...new Set(all)], extra };
}
