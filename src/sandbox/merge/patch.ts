/** The patches that are not applies: JSON Patch, JSON Merge Patch, strategic merge patch. */
import { mergePatch } from '../../core/json/merge.ts';
import { applyPatch } from '../../core/json/patch.ts';
import { readPatch } from '../../core/json/patch-operation.ts';
import { formatJson, parseJson } from '../../core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { readWhole, type Strictness } from '../schema/decode.ts';
import { duplicateFields } from '../schema/duplicates.ts';
import { badRequest, done, internal, type Refused, type Result, refused } from '../schema/refusal.ts';
import type { Schema } from '../schema/schema.ts';
import { type Held, withManaged } from './managed.ts';
import { PatchError, strategicMerge } from './strategic.ts';

export type PatchKind =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json';

export type PatchChange = {
  readonly live: Held;
  /** The request's body. */
  readonly text: string;
  readonly patchKind: PatchKind;
  /** Of the version in the request's path. */
  readonly schema: Schema;
  readonly strictness: Strictness;
};

/**
 * The object as the patch leaves it.
 *
 * Shape: decoded and defaulted, at the version of `schema`, with `metadata.managedFields` as the patch leaves them.
 * Errors: 400 for what is no patch, 422 for one that cannot be applied or breaks the object.
 */
export function patch(change: PatchChange): Result<KubeObject> {
  const { live, text, patchKind, schema, strictness } = change;
  const body = bodyOf(text, patchKind);
  if (body.kind === 'refused') return body;
  const object = withManaged({ object: schema.family.convert(live.object, schema.apiVersion), managed: live.managed });
  const patched = patchedBy(patchKind, object, body.value, schema);
  if (patched.kind === 'refused') return patched;
  const read = isObject(patched.value) ? readWhole(schema, patched.value) : undefined;
  const shown = (): string =>
    patchKind === 'application/strategic-merge-patch+json' ? goText(body.value) : formatJson(patched.value);
  if (read === undefined) return invalidPatch(shown(), 'json: cannot unmarshal into an object');
  if (read.kind === 'misfit') return invalidPatch(shown(), read.message);
  const problems = [
    ...(strictness === 'Ignore' ? [] : duplicatesIn(text, patchKind)),
    ...read.unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (problems.length > 0 && strictness === 'Strict') {
    return invalidPatch(shown(), `strict decoding error: ${problems.join(', ')}`);
  }
  return done(read.value, strictness === 'Warn' ? problems : []);
}

function bodyOf(text: string, patchKind: PatchKind): Result<Json> {
  const isStrategic = patchKind === 'application/strategic-merge-patch+json';
  const isList = patchKind === 'application/json-patch+json';
  let body: Json;
  try {
    body = parseJson(text);
  } catch {
    return badRequest(
      isStrategic ? 'unexpected end of JSON input' : 'error decoding patch: unexpected end of JSON input',
    );
  }
  if (isList ? isArray(body) : isObject(body)) return done(body);
  const found = isArray(body) ? 'array' : isObject(body) ? 'object' : typeof body;
  const wanted = isList ? '[]handlers.jsonPatchOp' : 'map[string]interface {}';
  const problem = `json: cannot unmarshal ${found} into Go value of type ${wanted}`;
  return badRequest(isStrategic ? problem : `error decoding patch: ${problem}`);
}

const operationsMax = 10_000;
const rejected: Refused = refused({
  code: 422,
  reason: 'Invalid',
  message: 'the server rejected our request due to an error in our request',
  details: {},
});

function patchedBy(patchKind: PatchKind, object: KubeObject, body: Json, schema: Schema): Result<Json> {
  switch (patchKind) {
    case 'application/json-patch+json':
      return patchedByOperations(object, body);
    case 'application/merge-patch+json':
      return done(mergePatch(object, body));
    case 'application/strategic-merge-patch+json':
      return patchedStrategically(object, isObject(body) ? body : {}, schema);
  }
}

function patchedByOperations(object: KubeObject, body: Json): Result<Json> {
  if (isArray(body) && body.length > operationsMax) {
    const message = `The allowed maximum operations in a JSON patch is ${operationsMax}, got ${body.length}`;
    return refused({ code: 413, reason: 'RequestEntityTooLarge', message });
  }
  const read = readPatch(body);
  if (read.kind === 'refused') return rejected;
  const result = applyPatch(object, read.patch);
  return result.kind === 'refused' ? rejected : done(result.value);
}

function patchedStrategically(object: KubeObject, body: JsonObject, schema: Schema): Result<Json> {
  if (schema.custom !== undefined) {
    const message =
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
    return refused({ code: 415, reason: 'UnsupportedMediaType', message });
  }
  try {
    return done(strategicMerge(object, body, schema.type));
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return error.code === 400 ? badRequest(error.message) : internal(error.message);
  }
}

function duplicatesIn(text: string, patchKind: PatchKind): readonly string[] {
  const prefix = patchKind === 'application/json-patch+json' ? 'json patch ' : '';
  return duplicateFields(text).map((path) => `${prefix}duplicate field ${JSON.stringify(path)}`);
}

function invalidPatch(shown: string, why: string): Refused {
  const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`;
  const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
  return refused({ code: 422, reason: 'Invalid', message: ` "" is invalid: patch: ${message}`, details: { causes } });
}

/** As Go prints a map. */
function goText(value: Json): string {
  if (isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : String(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([name, inner]) => `${name}:${goText(inner)}`).join(' ')}]`;
}
