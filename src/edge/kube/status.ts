/** What an answer that is not a success means. */
import { parseJson } from '../../core/json/text.ts';
import { at, fieldOf, type Json, numberOf, textOf } from '../../core/json/value.ts';
import type { Fault, FaultKind } from '../../core/model/fault.ts';
import type { Answer } from './answer.ts';
import { listOf } from './lists.ts';

/** What was asked, for the message. */
export type About = {
  /** `apply Deployment shop/web` */
  readonly doing: string;
  /** The server may quote what it was sent; then its words are not repeated. */
  readonly isSecret: boolean;
};

/** What the API server says of a failure. Source: k8s.io/apimachinery, meta/v1 Status. */
type Status = {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details: Json | undefined;
};

const messageLengthMax = 600;
const retryAfterMsMax = 3_600_000;

/** The fault of a whole answer with any status but 2xx. */
export function faultOfAnswer(answer: Answer, about: About): Fault {
  const status = statusOf(answer);
  return status === undefined
    ? faultOfStranger(answer, about)
    : faultOfStatus(status, about, retryAfterOf(answer, status));
}

/** The fault of a Status that came inside a watch. */
export function faultOfStatusObject(value: Json, about: About): Fault {
  const status = readStatus(value, 500);
  return faultOfStatus(status, about, retryAfterOf({ headers: {} }, status));
}

/** Does a 404 say that this very object is not there? Any other 404 tells nothing of it: its kind may be unknown. */
export function isAbsent(answer: Answer, name: string): boolean {
  const status = answer.status === 404 ? statusOf(answer) : undefined;
  return status !== undefined && status.reason === 'NotFound' && textOf(at(status.details, 'name')) === name;
}

function statusOf(answer: Answer): Status | undefined {
  let body: Json;
  try {
    body = parseJson(answer.text);
  } catch {
    return undefined;
  }
  return fieldOf(body, 'kind') === 'Status' ? readStatus(body, answer.status) : undefined;
}

const readStatus = (body: Json, code: number): Status => ({
  code: numberOf(fieldOf(body, 'code')) ?? code,
  reason: textOf(fieldOf(body, 'reason')) ?? '',
  message: textOf(fieldOf(body, 'message')) ?? '',
  details: fieldOf(body, 'details'),
});

function retryAfterOf(answer: Pick<Answer, 'headers'>, status: Status | undefined): number | undefined {
  const header = answer.headers['retry-after'];
  const seconds =
    header !== undefined && /^[0-9]{1,9}$/.test(header)
      ? Number(header)
      : numberOf(at(status?.details, 'retryAfterSeconds'));
  return seconds === undefined || !(seconds > 0) ? undefined : Math.min(seconds * 1_000, retryAfterMsMax);
}

function faultOfStatus(status: Status, about: About, retryAfterMs: number | undefined): Fault {
  const conflicts = conflictsOf(status);
  const fields = fieldsOf(status);
  return {
    kind: kindOf(status, conflicts.length > 0, retryAfterMs !== undefined),
    detail: `${about.doing}: ${about.isSecret ? discreet(status, fields) : clipped(status.message || status.reason || `HTTP ${status.code}`)}`,
    status: status.code,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(conflicts.length === 0 ? {} : { conflicts }),
    ...(fields.length === 0 ? {} : { fields }),
  };
}

function kindOf(status: Status, isManagerConflict: boolean, saysWhen: boolean): FaultKind {
  const { code, reason, message } = status;
  // While a namespace goes, nothing can be made in it; afterwards it is missing, and may be made anew.
  if (causesOf(status).some((cause) => cause.reason === 'NamespaceTerminating')) return 'missing';
  switch (code) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'missing';
    case 406:
    case 415:
      return 'protocol';
    case 409:
      return isManagerConflict ? 'conflict' : reason === 'AlreadyExists' ? 'exists' : 'stale';
    case 410:
      return 'expired';
    case 412:
      return 'stale';
    case 429:
      return 'throttled';
    case 500:
      return isAuthors(message) ? 'invalid' : 'serverError';
    case 503:
      return saysWhen ? 'throttled' : 'serverError';
    default:
      return code >= 500 ? 'serverError' : code >= 400 ? 'invalid' : 'protocol';
  }
}

/**
 * Server-side apply gives 500 for what is wrong in the object: an unknown field or a wrong type, a quantity, time or
 * base64 that cannot be read.
 */
function isAuthors(message: string): boolean {
  if (message.startsWith('failed to create typed patch object')) return true;
  return message.startsWith('failed to convert new object') && !message.includes('conversion webhook');
}

/** An answer that no API server gives: a proxy's page, a load balancer's word. */
function faultOfStranger(answer: Answer, about: About): Fault {
  const { status } = answer;
  const retryAfterMs = retryAfterOf(answer, undefined);
  // The one answer of kube-apiserver without a Status: nobody serves this path.
  const isUnknownPath = status === 404 && answer.text.trim() === '404 page not found';
  const kind: FaultKind =
    status === 401
      ? 'unauthenticated'
      : status === 403
        ? 'forbidden'
        : status === 429 || (status === 503 && retryAfterMs !== undefined)
          ? 'throttled'
          : status >= 500
            ? 'serverError'
            : isUnknownPath
              ? 'missing'
              : 'protocol';
  const what = isUnknownPath ? 'the cluster does not serve this kind' : `HTTP ${status}, not from an API server`;
  return { kind, detail: `${about.doing}: ${what}`, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

type Cause = { readonly reason: string; readonly message: string; readonly field: string };

function causesOf(status: Status): readonly Cause[] {
  return listOf(status.details ?? null, 'causes').map((cause) => ({
    reason: textOf(cause.reason) ?? '',
    message: textOf(cause.message) ?? '',
    field: textOf(cause.field) ?? '',
  }));
}

function conflictsOf(status: Status): NonNullable<Fault['conflicts']> {
  return causesOf(status)
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({
      manager: /^conflict with "((?:[^"\\]|\\.)*)"/.exec(cause.message)?.[1] ?? 'unknown',
      path: cause.field,
    }));
}

/** Server-side apply names the field only in its words. What follows the name may be a value, so it ends at the colon. */
const fieldInWords =
  /^failed to create typed patch object \([^)]*\): (?:errors:\s+)?(\.(?:[A-Za-z0-9_./-]|\[[^\]]*\])+): /;

function fieldsOf(status: Status): readonly string[] {
  const inWords = fieldInWords.exec(status.message)?.[1] ?? '';
  const named = causesOf(status).map((cause) => cause.field);
  return [...new Set([...named, inWords])].filter((field) => field !== '');
}

/** The reason and the fields, and nothing that was quoted from the object. */
function discreet(status: Status, fields: readonly string[]): string {
  const where = fields.length === 0 ? '' : ` at ${fields.join(', ')}`;
  return `${status.reason || `HTTP ${status.code}`}${where} (the server's words are withheld: they may quote the Secret)`;
}

function clipped(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length <= messageLengthMax ? line : `${line.slice(0, messageLengthMax)}…`;
}
