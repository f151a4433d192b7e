/** The ways in which an API server says no, worded as the real one words them. */
import type { JsonObject } from '../../core/json/value.ts';
import type { Cause, Refusal } from '../schema/refusal.ts';

/** Ends a request. The pipeline makes a Status object of it; nothing else catches it. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;
  /** Sent along, as `retry-after`. */
  readonly retryAfterSeconds: number | undefined;
  /** Fields of the Status's metadata. */
  readonly metadata: JsonObject;
  constructor(refusal: Refusal, extra: { readonly retryAfterSeconds?: number; readonly metadata?: JsonObject } = {}) {
    super(refusal.message);
    this.refusal = refusal;
    this.retryAfterSeconds = extra.retryAfterSeconds;
    this.metadata = extra.metadata ?? {};
  }
}

/** What is spoken of: `deployments` of `apps`, perhaps one by name. */
export type Subject = { readonly group: string; readonly resource: string; readonly name?: string };

/** `deployments.apps`; the core group has no name. */
export const qualified = ({ group, resource }: Pick<Subject, 'group' | 'resource'>): string =>
  group === '' ? resource : `${resource}.${group}`;

const detailsOf = ({ group, resource, name }: Subject): NonNullable<Refusal['details']> => ({
  ...(name === undefined || name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: resource,
});

export const notFound = (subject: Subject): RefusedError =>
  new RefusedError({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(subject)} "${subject.name ?? ''}" not found`,
    details: detailsOf(subject),
  });

/** No such path, or no such verb there. */
export const noResource = (): RefusedError =>
  new RefusedError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });

export const alreadyExists = (subject: Subject, isBeingDeleted: boolean): RefusedError =>
  new RefusedError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${isBeingDeleted ? 'object is being deleted: ' : ''}${qualified(subject)} "${subject.name ?? ''}" already exists`,
    details: detailsOf(subject),
  });

export const conflict = (subject: Subject, why: string): RefusedError =>
  new RefusedError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(subject)} "${subject.name ?? ''}": ${why}`,
    details: detailsOf(subject),
  });

export const modified = 'the object has been modified; please apply your changes to the latest version and try again';

export const badRequest = (message: string): RefusedError =>
  new RefusedError({ code: 400, reason: 'BadRequest', message });

export const methodNotAllowed = (): RefusedError =>
  new RefusedError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });

/** 422 for the query's options, as in `ListOptions.meta.k8s.io "" is invalid: …`. */
export const invalidOptions = (kind: string, causes: readonly Cause[]): RefusedError =>
  invalid({ group: 'meta.k8s.io', kind, name: '' }, causes);

export function invalid(
  object: { readonly group: string; readonly kind: string; readonly name: string },
  causes: readonly Cause[],
): RefusedError {
  const { group, kind, name } = object;
  const sentences = causes.map(({ field, message }) => `${field}: ${message}`);
  const why = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind, causes };
  const message = `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${why}`;
  return new RefusedError({ code: 422, reason: 'Invalid', message, details });
}

export const forbidden = (subject: Subject, why: string, causes?: readonly Cause[]): RefusedError =>
  new RefusedError({
    code: 403,
    reason: 'Forbidden',
    message: `${qualified(subject)}${subject.name === undefined ? '' : ` "${subject.name}"`} is forbidden: ${why}`,
    details: { ...detailsOf(subject), ...(causes === undefined ? {} : { causes }) },
  });

export const unauthorized = (): RefusedError =>
  new RefusedError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

export const unsupportedMediaType = (message: string): RefusedError =>
  new RefusedError({ code: 415, reason: 'UnsupportedMediaType', message });

export const tooLong = (bytesMax: number): RefusedError =>
  new RefusedError({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: limit is ${bytesMax}`,
  });

/** 410: the version asked from is forgotten. */
export const expired = (message: string, metadata: JsonObject = {}): RefusedError =>
  new RefusedError({ code: 410, reason: 'Expired', message }, { metadata });

export const internalError = (why: string): RefusedError =>
  new RefusedError({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${why}`,
    details: { causes: [{ reason: '', message: why, field: '' }] },
  });

/** A version that this server has not reached yet. */
export const tooLargeVersion = (asked: number, current: number): RefusedError =>
  new RefusedError(
    {
      code: 504,
      reason: 'Timeout',
      message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
      details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' }] },
    },
    { retryAfterSeconds: 1 },
  );

/** The Status object that a client reads. */
export function statusOf({ refusal, metadata, retryAfterSeconds }: RefusedError): JsonObject {
  const { code, reason, message, details } = refusal;
  const causes = details?.causes?.map(({ reason: why, message: what, field }) => ({
    ...(why === '' ? {} : { reason: why }),
    message: what,
    ...(field === '' ? {} : { field }),
  }));
  const told = details && {
    ...details,
    ...(causes === undefined ? {} : { causes }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata,
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(told === undefined ? {} : { details: told }),
    code,
  };
}
