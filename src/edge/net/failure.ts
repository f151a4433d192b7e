/** What a socket's error means: whose turn it is, in one line. */
import { type Fault, FaultError, type FaultKind } from '../../core/model/fault.ts';

// The other side's certificate, or ours, is not accepted: the operator's kubeconfig is wrong, and trying again is no use.
const certificateCodes: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
// OpenSSL's names for «your certificate is no good», told by the server.
const refusedCertificate = /^ERR_SSL_.*ALERT_(?:CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE)/;
// A parser gave up: what came was not the protocol that was agreed.
const notTheProtocol = /^(?:HPE_|ERR_SSL_|ERR_HTTP2_(?:ERROR|SESSION_ERROR|STREAM_ERROR|INVALID)|EPROTO$)/;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

function kindOf(code: string): FaultKind {
  if (certificateCodes.has(code) || refusedCertificate.test(code)) return 'misconfigured';
  return notTheProtocol.test(code) ? 'protocol' : 'unreachable';
}

/** An error of Node's network code as a fault. `doing` is what was tried: `connecting to https://…`. */
export function faultOf(error: unknown, doing: string): FaultError {
  if (error instanceof FaultError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message.split('\n')[0] : '';
  const reason = [message, message?.includes(code) ? '' : `(${code})`].filter((part) => part !== '').join(' ');
  return new FaultError({ kind: kindOf(code), detail: `${doing}: ${reason || 'failed'}` }, { cause: error });
}

export const fault = (kind: Fault['kind'], detail: string): FaultError => new FaultError({ kind, detail });

/** The server never looked at the request: sending it again, even a write, cannot do it twice. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
