/** One request on its way through a cluster: who asks for what, and how to answer. */

import { formatJson } from '../../core/json/text.ts';
import { type JsonObject, textOf } from '../../core/json/value.ts';
import { managerOf } from '../merge/update.ts';
import type { Authorizer } from '../rbac/authorizer.ts';
import type { ServedKind } from '../registry/kinds.ts';
import type { User } from '../registry/user.ts';
import { shownAt } from '../registry/versions.ts';
import type { World, Writer } from '../registry/world.ts';
import type { Refusal } from '../schema/refusal.ts';
import { type Entry, metadataTextOf, textOfEntry } from '../store/entry.ts';
import { shapeOf, wrongShape } from './accept.ts';
import type { ApiAnswer, ApiRequest } from './exchange.ts';
import type { Tokens } from './identity.ts';
import { protobufType, readProtobuf } from './protobuf.ts';
import type { WriteOptions } from './query.ts';
import { badRequest, RefusedError, unsupportedMediaType } from './refusals.ts';
import type { ResourcePath } from './request-path.ts';
import { tableText } from './table.ts';
import { readYamlBody } from './yaml-body.ts';

export type Call = {
  readonly world: World;
  readonly user: User;
  readonly request: ApiRequest;
  readonly query: URLSearchParams;
  readonly path: ResourcePath;
  readonly kind: ServedKind;
  readonly signal: AbortSignal;
  /** Adds a Warning header to the answer. */
  readonly warn: (text: string) => void;
  /** Counts what a watch sends. */
  readonly noteEvent: (isBookmark: boolean) => void;
  /** Asks whether the user may do something else to the same object, too. Errors: 403. */
  readonly authorize: (verb: string) => void;
  readonly authorizer: Authorizer;
  readonly tokens: Tokens;
};

export const jsonType = 'application/json';
const yamlType = 'application/yaml';

export function writerOf(call: Call, options: WriteOptions): Writer {
  const manager = managerOf(options.fieldManager, call.request.headers['user-agent'] ?? '');
  return { user: call.user, manager, isDryRun: options.isDryRun };
}

/** The body as JSON text. Errors: 400, 415; a body that does not say what it is, is taken for JSON. */
export function bodyText(request: ApiRequest): string {
  const type = mediaTypeOf(request);
  if (type === '' || type === jsonType) return textOfBody(request);
  if (type === yamlType) {
    const body = readYamlBody(textOfBody(request));
    if (body.kind === 'broken') throw badRequest(`error decoding YAML: ${body.message}`);
    return formatJson(body.value);
  }
  const read = type === protobufType ? readProtobuf(bytesOf(request)) : undefined;
  if (read !== undefined) return formatJson(read);
  const hint = type === protobufType ? ' (the sandbox reads protobuf of built-in kinds only: send JSON)' : '';
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${jsonType}, ${yamlType}, ${protobufType}${hint}`,
  );
}

const bytesOf = ({ body }: ApiRequest): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());

export const textOfBody = ({ body }: ApiRequest): string =>
  body === undefined ? '' : typeof body === 'string' ? body : new TextDecoder().decode(body);

export const mediaTypeOf = ({ headers }: ApiRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

export const subjectOf = ({ path, kind }: Call, name = path.name) => ({
  group: kind.resource.group,
  resource: kind.resource.resource,
  ...(name === '' ? {} : { name }),
});

/** A value, or its refusal thrown. */
export function accepted<Value>(
  result:
    | { readonly kind: 'done'; readonly value: Value; readonly warnings: readonly string[] }
    | { readonly kind: 'refused'; readonly refusal: Refusal },
  warn: (text: string) => void,
): Value {
  if (result.kind === 'refused') throw new RefusedError(result.refusal);
  for (const text of result.warnings) warn(text);
  return result.value;
}

/** The path's own name and namespace must be the object's. Errors: 400. */
export function checkPlace(call: Call, metadata: JsonObject, needsName: boolean): void {
  const { path } = call;
  const name = textOf(metadata.name) ?? '';
  const namespace = textOf(metadata.namespace) ?? '';
  if (needsName && name === '') {
    throw badRequest(`the name of the object (${path.name} based on URL) was undeterminable: name must be provided`);
  }
  if (needsName && name !== path.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  }
  if (namespace !== '' && namespace !== path.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

export const answer = (status: number, body: ApiAnswer['body'], type: string = jsonType): ApiAnswer => ({
  status,
  headers: { 'content-type': type, 'cache-control': 'no-cache, private' },
  body,
});

export const answerJson = (status: number, value: JsonObject): ApiAnswer => answer(status, formatJson(value));

/** One object in the shape that the client asked for, at the version of the path. */
export function answerEntry(call: Call, status: number, entry: Entry): ApiAnswer {
  const shown = shownAt(call.world.store, call.kind.schema, entry);
  const shape = shapeOf(call.request.headers.accept);
  if (shape === 'table') return answer(status, tableText(call, [shown], versionOf(entry), true));
  if (shape === 'metadataList') throw wrongShape(shape, goType(call.kind));
  return answer(status, itemText(shown, shape));
}

/** The type in the real server's code, which some of its messages name. */
export function goType({ schema }: ServedKind, suffix = ''): string {
  if (schema.custom !== undefined) return `*unstructured.Unstructured${suffix}`;
  return `*${schema.group === '' ? 'core' : (schema.group.split('.', 1)[0] ?? '')}.${schema.kind}${suffix}`;
}

/** One object as the value of a list or a watch event. */
export const itemText = (entry: Entry, shape: 'object' | 'metadata', hasTypeMeta = true): string =>
  shape === 'metadata'
    ? `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":${metadataTextOf(entry)}}`
    : textOfEntry(entry, hasTypeMeta);

export const versionOf = (entry: Entry): JsonObject =>
  entry.revision === 0 ? {} : { resourceVersion: String(entry.revision) };

/** What a DELETE answers where the object is not sent back. */
export const answerDeleted = (call: Call, entry: Entry): ApiAnswer =>
  answerJson(200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: entry.name,
      ...(call.kind.resource.group === '' ? {} : { group: call.kind.resource.group }),
      kind: call.kind.resource.resource,
      uid: entry.uid,
    },
  });
