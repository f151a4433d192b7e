/** Whom we act as. */
import { FaultError } from '../../core/model/fault.ts';
import type { NetRequest } from '../../seam/net.ts';

/**
 * Somebody whom a request is made as. A class with a private part, so that nothing else can pass for one: an empty name
 * would send no impersonation at all, and the request would run with our own rights.
 */
export class ImpersonatedUser {
  readonly #name: string;
  readonly groups: readonly string[];
  readonly uid: string | undefined;
  readonly extra: ReadonlyMap<string, readonly string[]>;

  /** Errors: misconfigured, when the name is empty. */
  constructor(
    name: string,
    more: { groups?: readonly string[]; uid?: string; extra?: ReadonlyMap<string, readonly string[]> } = {},
  ) {
    if (name.trim() === '')
      throw new FaultError({ kind: 'misconfigured', detail: 'nobody is named to be impersonated' });
    this.#name = name;
    this.groups = more.groups ?? [];
    this.uid = more.uid;
    this.extra = more.extra ?? new Map();
  }

  get name(): string {
    return this.#name;
  }
}

/** A service account, with the groups that the API server itself gives it. */
export const serviceAccount = (namespace: string, name: string): ImpersonatedUser => {
  if (namespace === '' || name === '') {
    throw new FaultError({
      kind: 'misconfigured',
      detail: 'the service account to impersonate has no namespace or name',
    });
  }
  return new ImpersonatedUser(`system:serviceaccount:${namespace}:${name}`);
};

/** Source: Kubernetes, Authenticating, User impersonation. */
export function impersonation(
  user: ImpersonatedUser | undefined,
): Pick<NetRequest, 'headers'> & Required<Pick<NetRequest, 'repeatedHeaders'>> {
  if (user === undefined) return { headers: {}, repeatedHeaders: [] };
  const extra = [...user.extra].flatMap(([key, values]) =>
    values.map((value) => [`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`, value] as const),
  );
  return {
    headers: {
      'impersonate-user': user.name,
      ...(user.uid === undefined ? {} : { 'impersonate-uid': user.uid }),
    },
    repeatedHeaders: [...user.groups.map((group) => ['impersonate-group', group] as const), ...extra],
  };
}
