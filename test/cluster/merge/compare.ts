/** Where the answers of two servers differ. */
import { canonical } from '../../../src/core/json/digest.ts';
import { equal } from '../../../src/core/json/equal.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import type { Held } from '../../../src/sandbox/merge/managed.ts';
import type { Outcome } from './model.ts';
import type { Answer } from './real.ts';

// Seconds by which two clocks may differ.
const clockSkew = 2;

/** Shape: one line for each difference, `ours` first; none when all is the same. */
export function differences(
  outcome: Outcome,
  answer: Answer,
  stored: JsonObject | undefined,
  live: Held | undefined,
  isCutOnRead: boolean,
  read: (held: Held) => KubeObject,
): readonly string[] {
  if (outcome.kind === 'refused') {
    if (outcome.refusal.code === 404 && answer.code === 404) return [];
    return answer.code < 300
      ? [`ours refused, real did not: ${outcome.refusal.message}`]
      : refusalDifferences(outcome.refusal, statusOf(answer));
  }
  if (stored === undefined) {
    // The sandbox checks less than a real server does; what it lets pass is counted, and not done on either side.
    return answer.code === 422 ? [] : [`ours succeeded, real: ${JSON.stringify(statusOf(answer))}`];
  }
  const before = textOf(live?.object.metadata.resourceVersion);
  const isChanged = before !== textOf(versionOf(stored));
  const { held } = outcome.value;
  return [
    ...differing(ofFields(outcome.warnings), ofFields(answer.warnings), '.warnings'),
    ...(isChanged === outcome.value.isChanged || isCutOnRead
      ? []
      : [`changed: ours ${outcome.value.isChanged}, real ${isChanged}`]),
    ...differing(comparable(read(held)), comparable(stored), ''),
  ];
}

// A real server warns of bad practice too.
const ofFields = (warnings: readonly string[]): readonly string[] =>
  warnings.filter((warning) => /^(?:unknown|duplicate) field /.test(warning));

const versionOf = (object: JsonObject): Json | undefined =>
  isObject(object.metadata) ? object.metadata.resourceVersion : undefined;

/** Shape: as `differences`. */
export function refusalDifferences(refusal: Status, real: Status): readonly string[] {
  const [ours, theirs] = [comparableRefusal(refusal), comparableRefusal(real)];
  if (isPartOf(ours, theirs)) return [];
  // Where one of them shows a struct, only its causes are compared.
  const isPlain = ours.message !== '' && theirs.message !== '';
  return differing(isPlain ? ours : { ...ours, message: '' }, isPlain ? theirs : { ...theirs, message: '' }, '');
}

/** The Status of a refusal, read from JSON. */
export function readStatus(code: number, body: JsonObject): Status {
  const causes = isArray(body.causes) ? body.causes : at(body, 'details', 'causes');
  const reason = textOf(body.reason) ?? '';
  const message = textOf(body.message) ?? '';
  return { code, reason, message, details: { causes: isArray(causes) ? causes.filter(isObject) : [] } };
}

const statusOf = ({ body, code }: Answer): Status => readStatus(code, body);

/** A real server shows its own structs, and what changed in them: only that it does is compared. */
function comparableRefusal({ code, reason, message, details }: Status): JsonObject {
  const causes = (details?.causes ?? []).map((cause) => ({
    ...cause,
    message: withoutStruct(textOf(cause.message) ?? ''),
  }));
  const isPlain = withoutStruct(message) === message;
  return { code, reason, message: isPlain ? message : '', causes: inOrder(causes) };
}

export type Status = {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: { readonly causes?: readonly JsonObject[] };
};

const withoutStruct = (message: string): string =>
  message.replace(/ value: (?:null|[[{].*[\]}])(: |$)/, ' value: …$1').replace(/\n@@.*$/s, '');

// The sandbox checks less than a real server does, so it may find less.
function isPartOf(ours: JsonObject, real: JsonObject): boolean {
  if (ours.code !== 422 || real.code !== 422 || !isArray(ours.causes) || !isArray(real.causes)) return false;
  const { causes } = real;
  return ours.causes.length < causes.length && ours.causes.every((cause) => causes.some((one) => equal(cause, one)));
}

// A real server goes through owners in no order.
const inOrder = (causes: readonly Json[]): readonly Json[] =>
  causes.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));

/** Without the version, and owners by name: what else differs is a difference. */
function comparable(object: JsonObject): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { resourceVersion: _version, managedFields, ...rest } = metadata;
  return { ...object, metadata: { ...rest, managedFields: byOwner(managedFields) } };
}

function byOwner(managed: Json | undefined): Json {
  if (!isArray(managed)) return {};
  const entries = managed
    .filter(isObject)
    .map(({ manager, operation, apiVersion, subresource, ...rest }, at): [string, Json] => [
      `${at} ${manager} ${operation} ${apiVersion} ${subresource ?? ''}`,
      rest,
    ]);
  return Object.fromEntries(entries);
}

function differing(ours: Json | undefined, real: Json | undefined, path: string): readonly string[] {
  if (equal(ours, real)) return [];
  if (isObject(ours) && isObject(real)) {
    const names = new Set([...Object.keys(ours), ...Object.keys(real)]);
    return [...names].flatMap((name) => differing(ours[name], real[name], `${path}.${name}`));
  }
  if (isArray(ours) && isArray(real) && ours.length === real.length) {
    return ours.flatMap((item, at) => differing(item, real[at], `${path}[${at}]`));
  }
  if (path.endsWith('.time') && typeof ours === 'string' && typeof real === 'string') {
    if (Math.abs(Date.parse(ours) - Date.parse(real)) <= clockSkew * 1_000) return [];
  }
  return [`${path}: ours ${JSON.stringify(ours)}, real ${JSON.stringify(real)}`];
}
