/** The options that a request carries in its query, checked as the real server checks them. */
import type { Strictness } from '../schema/decode.ts';
import type { Cause } from '../schema/refusal.ts';
import { badRequest, invalidOptions } from './refusals.ts';

export type ListOptions = {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly isWatch: boolean;
  readonly allowsBookmarks: boolean;
  readonly sendsInitialEvents: boolean | undefined;
  /** As sent; empty when absent. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly timeoutSeconds: number | undefined;
  readonly limit: number;
  readonly continueToken: string;
};

export type WriteOptions = {
  readonly isDryRun: boolean;
  readonly fieldManager: string;
  readonly strictness: Strictness;
  readonly isForced: boolean;
};

export function readListOptions(query: URLSearchParams): ListOptions {
  const options: ListOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    isWatch: readFlag(query, 'watch') ?? false,
    allowsBookmarks: readFlag(query, 'allowWatchBookmarks') ?? false,
    sendsInitialEvents: readFlag(query, 'sendInitialEvents'),
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    timeoutSeconds: readCount(query, 'timeoutSeconds'),
    limit: Math.max(0, readCount(query, 'limit') ?? 0),
    continueToken: query.get('continue') ?? '',
  };
  const causes = [...(options.isWatch ? watchProblems(options) : listProblems(options))];
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  return options;
}

export function readWriteOptions(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  isApply = false,
): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const force = readFlag(query, 'force');
  const causes: Cause[] = [];
  if (kind === 'PatchOptions') {
    if (isApply && fieldManager === '') causes.push(required('fieldManager', 'is required for apply patch'));
    if (!isApply && force !== undefined) causes.push(prohibited('force', 'may not be specified for non-apply patch'));
  }
  if (new TextEncoder().encode(fieldManager).length > 128) {
    causes.push({
      reason: 'FieldValueTooLong',
      message: 'Too long: may not be more than 128 bytes',
      field: 'fieldManager',
    });
  }
  if (/[^\P{C}]/u.test(fieldManager)) {
    causes.push(wrong('fieldManager', JSON.stringify(fieldManager), 'should only contain printable characters'));
  }
  causes.push(...dryRunProblems(dryRun));
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(fieldValidation)) {
    causes.push(unsupported('fieldValidation', JSON.stringify(fieldValidation), ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (causes.length > 0) throw invalidOptions(kind, causes);
  return {
    isDryRun: dryRun.length > 0,
    fieldManager,
    strictness: strictnessOf(fieldValidation),
    isForced: force ?? false,
  };
}

const strictnessOf = (text: string): Strictness => (text === 'Ignore' || text === 'Strict' ? text : 'Warn');

export const dryRunProblems = (dryRun: readonly string[]): readonly Cause[] =>
  dryRun.length > 0 && dryRun.some((each) => each !== 'All')
    ? [unsupported('dryRun', `["${dryRun.join('","')}"]`, ['All'])]
    : [];

function* listProblems(options: ListOptions): Iterable<Cause> {
  const { resourceVersion, resourceVersionMatch: match, continueToken, sendsInitialEvents } = options;
  const field = 'resourceVersionMatch';
  if (match !== '') {
    if (resourceVersion === '') yield prohibited(field, `${field} is forbidden unless resourceVersion is provided`);
    if (continueToken !== '') yield prohibited(field, `${field} is forbidden when continue is provided`);
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      yield unsupported(field, JSON.stringify(match), ['Exact', 'NotOlderThan', '']);
    }
    if (match === 'Exact' && resourceVersion === '0') {
      yield prohibited(field, `${field} "exact" is forbidden for resourceVersion "0"`);
    }
  }
  if (sendsInitialEvents !== undefined) {
    yield prohibited('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
}

function* watchProblems(options: ListOptions): Iterable<Cause> {
  const { resourceVersionMatch: match, continueToken, sendsInitialEvents } = options;
  const field = 'resourceVersionMatch';
  if (sendsInitialEvents !== undefined && match !== 'NotOlderThan') {
    yield prohibited(field, `sendInitialEvents requires setting ${field} to NotOlderThan`);
  }
  if (match === '') return;
  if (sendsInitialEvents === undefined) {
    yield prohibited(field, `${field} is forbidden for watch unless sendInitialEvents is provided`);
  }
  if (match !== 'NotOlderThan') yield unsupported(field, JSON.stringify(match), ['NotOlderThan']);
  if (continueToken !== '') yield prohibited(field, `${field} is forbidden when continue is provided`);
}

/** Anything but `false` and `0` is true, as in the real server. */
function readFlag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : !['false', '0'].includes(text.toLowerCase());
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?[0-9]+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

export const required = (field: string, why: string): Cause => ({
  reason: 'FieldValueRequired',
  message: `Required value: ${why}`,
  field,
});
export const prohibited = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});
export const wrong = (field: string, value: string, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${value}: ${why}`,
  field,
});
export const unsupported = (field: string, value: string, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${value}: supported values: ${supported.map((each) => JSON.stringify(each)).join(', ')}`,
  field,
});
