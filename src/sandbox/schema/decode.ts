/** The body of a request, read into the server's own form: what POST and PUT do first. */
import { parseJson } from '../../core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { readCustom } from './custom-reading.ts';
import { duplicateFields } from './duplicates.ts';
import { type Reading, readObject } from './reading.ts';
import { badRequest, done, type Refused, type Result } from './refusal.ts';
import type { Schema } from './schema.ts';

/** `fieldValidation` of a request: what to do about fields that nobody knows, or that come twice. */
export type Strictness = 'Ignore' | 'Warn' | 'Strict';

/**
 * Reads JSON text as an object of a kind.
 *
 * Shape: decoded and defaulted; `metadata.managedFields` stay as sent. Errors: 400, in the server's words.
 */
export function decode(schema: Schema, text: string, strictness: Strictness): Result<KubeObject> {
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    return unrecognized(schema, `unexpected end of JSON input (${text.slice(0, 1_000)})`);
  }
  const duplicates = strictness === 'Ignore' ? [] : duplicateFields(text);
  return decodeValue(schema, value, strictness, duplicates);
}

/** The same for a body that was parsed already; `duplicates` are the paths of fields that its text named twice. */
export function decodeValue(
  schema: Schema,
  value: Json,
  strictness: Strictness,
  duplicates: readonly string[] = [],
): Result<KubeObject> {
  if (!isObject(value)) {
    return unrecognized(
      schema,
      'json: cannot unmarshal into a Go value of type struct { APIVersion string; Kind string }',
    );
  }
  const wrong = wrongKind(schema, value);
  if (wrong !== undefined) return wrong;
  const read = readWhole(schema, value);
  if (read.kind === 'misfit') return notHandled(schema, schema.kind, schema.version, read.message);
  const problems = [
    ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...read.unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (problems.length > 0 && strictness === 'Strict') {
    return notHandled(schema, schema.kind, schema.version, `strict decoding error: ${problems.join(', ')}`);
  }
  return done(read.value, strictness === 'Warn' ? problems : []);
}

export type WholeReading =
  | { readonly kind: 'read'; readonly value: KubeObject; readonly unknown: readonly string[] }
  | { readonly kind: 'misfit'; readonly message: string };

/** Reads an object of a kind, built-in or custom, and fills in its defaults. */
export function readWhole(schema: Schema, value: JsonObject): WholeReading {
  const { apiVersion, kind } = schema;
  const named = value.apiVersion === apiVersion && value.kind === kind ? value : { ...value, apiVersion, kind };
  const read: Reading =
    schema.custom === undefined ? readObject(named, schema.type, true) : readCustom(named, schema.custom.structural);
  if (read.kind === 'misfit') return read;
  const metadataRead = isObject(read.value.metadata) ? read.value.metadata : {};
  const metadata = schema.custom === undefined ? withOwnersAsSent(metadataRead, value.metadata) : metadataRead;
  // The name may still be missing here: the server gives one, or refuses the object, later.
  const whole = { ...read.value, apiVersion, kind, metadata } as unknown as KubeObject;
  const isSame = read.value === value && value.metadata === metadata;
  return { kind: 'read', value: isSame ? (value as KubeObject) : whole, unknown: read.unknown };
}

// An empty list of owners is a wish to forget them all, and no other empty list means anything; custom kinds never
// hear of it.
function withOwnersAsSent(metadata: JsonObject, sent: Json | undefined): JsonObject {
  const owners = isObject(sent) ? sent.managedFields : undefined;
  return isArray(owners) && owners.length === 0 ? { ...metadata, managedFields: owners } : metadata;
}

function wrongKind(schema: Schema, value: JsonObject): Refused | undefined {
  const kind = textOf(value.kind) ?? '';
  const apiVersion = textOf(value.apiVersion) ?? '';
  if ((kind === '' || kind === schema.kind) && (apiVersion === '' || apiVersion === schema.apiVersion))
    return undefined;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  if (schema.custom !== undefined && kind === schema.kind) {
    return badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${schema.apiVersion})`,
    );
  }
  if (kind !== '' && kind !== schema.kind && apiVersion === schema.apiVersion && schema.custom === undefined) {
    const other = `converting (${version}.${kind}) to (${schema.group === '' ? 'core' : schema.group}.${schema.kind})`;
    return notHandled(schema, kind, version, `${other}: unknown conversion`);
  }
  return notHandled(
    schema,
    kind,
    version,
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

const notHandled = (schema: Schema, kind: string, version: string, why: string): Refused =>
  badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${schema.kind}: ${why}`);

const unrecognized = (schema: Schema, why: string): Refused =>
  badRequest(
    `the object provided is unrecognized (must be of type ${schema.kind}): couldn't get version/kind; json parse error: ${why}`,
  );
