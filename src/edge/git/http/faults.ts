/** What an HTTP server's refusal, or a connection's end, means for us. */
import { type Fault, FaultError } from '../../../core/model/fault.ts';

/** More bytes than the limits allow. Asking for less may still work. */
export class OversizeError extends FaultError {
  constructor(detail: string) {
    super({ kind: 'misconfigured', detail });
  }
}

const retryAfterMaxMs = 3_600_000;

/**
 * The fault of a status, or undefined for 200. `host` is named in the detail; a body never is.
 *
 * A forge answers 404 for a repository that the credentials may not see: missing, never empty.
 */
export function faultOfStatus(
  host: string,
  status: number,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  nowMs: number,
): Fault | undefined {
  const retryAfterMs = retryAfterOf(headers['retry-after'], nowMs);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const isSpent = headers['x-ratelimit-remaining'] === '0';
  const fault = (kind: Fault['kind'], detail: string): Fault => ({
    kind,
    status,
    detail: `${host} ${detail}`,
    ...wait,
  });
  if (status === 200) return undefined;
  // Azure DevOps sends its sign-in page with 203.
  if (status === 401 || status === 203) return fault('unauthenticated', 'does not accept the credentials');
  if (status === 429 || (status === 403 && (retryAfterMs !== undefined || isSpent))) {
    return fault('throttled', 'asks us to come back later');
  }
  if (status === 503 && retryAfterMs !== undefined) return fault('throttled', 'asks us to come back later');
  if (status === 403) return fault('forbidden', 'forbids it');
  if (status === 404 || status === 410) return fault('missing', 'has no such repository, or hides it from us');
  if (status === 407) return fault('misconfigured', 'cannot be reached: the proxy wants credentials');
  if (status >= 500) return fault('serverError', `answers ${status}`);
  return fault('protocol', `answers ${status}`);
}

function retryAfterOf(header: string | readonly string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^[0-9]{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), retryAfterMaxMs);
}

const tlsCodes = /^(?:CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_)/;

/** The fault of a connection that could not be made, or ended early. */
export function faultOfError(host: string, error: Error): FaultError {
  if (error instanceof FaultError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const isTls = tlsCodes.test(code);
  const detail = isTls
    ? `${host} shows a certificate that we do not trust: ${code}`
    : `${host} is not reached: ${code}`;
  return new FaultError({ kind: isTls ? 'misconfigured' : 'unreachable', detail }, { cause: error });
}
