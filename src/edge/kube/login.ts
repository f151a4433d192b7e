/** What a request to a cluster needs: where to dial and who we are. */
import type { Endpoint } from '../../seam/net.ts';
import type { ImpersonatedUser } from './identity.ts';

export type Login = {
  /** The same object as long as certificates stay the same; another one means another connection. */
  readonly endpoint: Endpoint;
  /** In front of every path, as for a cluster behind a gateway; empty or `/…` without a slash at the end. */
  readonly basePath: string;
  /** `authorization`, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly user: ImpersonatedUser | undefined;
};

export type Credentials = {
  /** What to use now. Cheap when nothing has to be asked for. Errors: misconfigured, unreachable. */
  readonly login: (signal: AbortSignal) => Promise<Login>;
  /** The server did not accept this login: unless another took its place, the next `login` reads and asks again. */
  readonly forget: (login: Login) => void;
};

/** Credentials that never change: a sandbox, a test. Shape: `server` is a URL, with or without a path. */
export function fixedCredentials(
  server: string,
  more: Partial<Endpoint> & Partial<Pick<Login, 'headers'>> = {},
): Credentials {
  const { headers = {}, ...endpoint } = more;
  const login: Login = { ...placeOf(server, endpoint), headers, user: undefined };
  return { login: () => Promise.resolve(login), forget: () => {} };
}

/** Splits a server's URL into what to dial and what goes in front of paths. Errors: TypeError for no URL. */
export function placeOf(server: string, more: Partial<Endpoint> = {}): Pick<Login, 'endpoint' | 'basePath'> {
  const { origin, pathname } = new URL(server);
  return { endpoint: { ...more, origin }, basePath: pathname.replace(/\/+$/, '') };
}
