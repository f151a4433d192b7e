/** Credentials that change: kept while they hold, made anew once for all who ask. */
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Endpoint } from '../../seam/net.ts';
import type { ImpersonatedUser } from './identity.ts';
import { type Credentials, type Login, placeOf } from './login.ts';
import { singleFlight } from './single-flight.ts';

/** What was read from files and told by plugins. */
export type Material = {
  readonly server: string;
  readonly endpoint: Omit<Endpoint, 'origin'>;
  /** The value of the header. */
  readonly authorization: string | undefined;
  readonly user: ImpersonatedUser | undefined;
  /** When to read and ask again; infinite when it never changes by itself. */
  readonly validUntilMs: number;
};

/** `isAnew`: keep nothing of what was read before. Limits its own time. Errors: misconfigured, unreachable. */
export type LoadMaterial = (isAnew: boolean) => Promise<Material>;

/** A login that was refused is not replaced sooner than this: a second plugin run would give the same. */
const ageMsMin = 5_000;
/** A source that fails is forgiven for as long, where the last login was not refused: files are replaced in two steps. */
const graceMs = 60_000;

type Current = { readonly login: Login; readonly material: Material; readonly loadedAtMs: number };

export function rotating(load: LoadMaterial, clock: Clock): Credentials {
  let current: Current | undefined;
  let isRefused = false;

  const renew = async (): Promise<Login> => {
    const wasRefused = isRefused;
    try {
      const material = await load(wasRefused);
      current = { login: loginOf(material, current), material, loadedAtMs: clock.nowMs() };
      isRefused = false;
      return current.login;
    } catch (error) {
      const fallback = error instanceof FaultError && !wasRefused ? current : undefined;
      if (fallback === undefined || clock.nowMs() >= fallback.material.validUntilMs + graceMs) throw error;
      return fallback.login;
    }
  };
  const flight = singleFlight(renew);

  return {
    login: (signal) =>
      current !== undefined && !isRefused && clock.nowMs() < current.material.validUntilMs
        ? Promise.resolve(current.login)
        : flight.join(signal),
    forget: (login) => {
      if (current?.login === login && clock.nowMs() - current.loadedAtMs >= ageMsMin) isRefused = true;
    },
  };
}

/** Keeps the endpoint, and with it the connection, unless something in it has changed. */
function loginOf(material: Material, before: Current | undefined): Login {
  const { endpoint, basePath } = placeOf(material.server, material.endpoint);
  const known = before?.login.endpoint;
  return {
    endpoint: known !== undefined && isEqual(known, endpoint) ? known : endpoint,
    basePath,
    headers: material.authorization === undefined ? {} : { authorization: material.authorization },
    user: material.user,
  };
}

const isEqual = (a: Endpoint, b: Endpoint): boolean =>
  a.origin === b.origin &&
  a.ca === b.ca &&
  a.cert === b.cert &&
  a.key === b.key &&
  a.serverName === b.serverName &&
  a.isInsecure === b.isInsecure &&
  a.isNameUnchecked === b.isNameUnchecked &&
  a.proxyURL === b.proxyURL;
