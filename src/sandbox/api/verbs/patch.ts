/** PATCH in its four dialects: server-side apply, JSON, merge and strategic merge. */
import { isObject, type Json, textOf } from '../../../core/json/value.ts';
import { apply } from '../../merge/apply.ts';
import type { Held } from '../../merge/managed.ts';
import { type PatchKind, patch as patched } from '../../merge/patch.ts';
import { create } from '../../registry/create.ts';
import { withMetadata } from '../../registry/objects.ts';
import { update } from '../../registry/update.ts';
import { timeOf } from '../../registry/world.ts';
import type { Schema } from '../../schema/schema.ts';
import { accepted, answerEntry, type Call, checkPlace, mediaTypeOf, subjectOf, textOfBody, writerOf } from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { readWriteOptions, type WriteOptions } from '../query.ts';
import { badRequest, conflict, notFound, RefusedError, unsupportedMediaType } from '../refusals.ts';
import { readYamlBody } from '../yaml-body.ts';

export const applyType = 'application/apply-patch+yaml';
const patchKinds: ReadonlySet<string> = new Set([
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
] satisfies readonly PatchKind[]);
export const isPatchKind = (type: string): type is PatchKind => patchKinds.has(type);

export function patch(call: Call): ApiAnswer {
  const type = mediaTypeOf(call.request);
  const isApply = type === applyType;
  checkPatchType(call.kind.schema, type);
  const options = readWriteOptions(call.query, 'PatchOptions', isApply);
  return isPatchKind(type) ? patchLive(call, type, options) : applyConfig(call, options);
}

/** Errors: 415; custom kinds have no strategy to merge by. */
export function checkPatchType({ custom }: Schema, type: string): void {
  if (custom === undefined) {
    if (type === applyType || isPatchKind(type)) return;
    const message = '415: Unsupported Media Type';
    throw new RefusedError({ code: 415, reason: 'UnsupportedMediaType', message, details: {} });
  }
  const taken = [...[...patchKinds].filter((each) => !each.includes('strategic')), applyType];
  if (taken.includes(type)) return;
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${taken.join(', ')}`,
  );
}

function patchLive(call: Call, patchKind: PatchKind, options: WriteOptions): ApiAnswer {
  const { world, kind, path, warn } = call;
  const live = world.store.get(kind.place, path.namespace, path.name);
  if (live === undefined) throw notFound(subjectOf(call));
  const held = world.store.held(live);
  const text = textOfBody(call.request);
  const { strictness } = options;
  const object = accepted(patched({ live: held, text, patchKind, schema: kind.schema, strictness }), warn);
  checkPlace(call, object.metadata, true);
  const to = { kind: 'object', object } as const;
  const writer = writerOf(call, options);
  return answerEntry(call, 200, update(world, { kind, live, to, subresource: path.subresource, writer, warn }));
}

function applyConfig(call: Call, options: WriteOptions): ApiAnswer {
  const { world, kind, path, warn } = call;
  const { subresource } = path;
  const live = world.store.get(kind.place, path.namespace, path.name);
  if (live === undefined && subresource !== '') throw notFound(subjectOf(call));
  const config = readConfig(textOfBody(call.request), options, warn);
  const writer = writerOf(call, options);
  const held = accepted(
    apply({
      live: live === undefined ? undefined : world.store.held(live),
      config,
      schema: kind.schema,
      manager: writer.manager,
      isForced: options.isForced,
      subresource,
      time: timeOf(world.clock.nowMs()),
    }),
    warn,
  );
  const wanted = isObject(config) && isObject(config.metadata) ? config.metadata : {};
  if (live === undefined) {
    const uid = textOf(wanted.uid) ?? '';
    if (uid !== '') {
      const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(subjectOf(call), why);
    }
    checkPlace(call, held.object.metadata, true);
    call.authorize('create');
    const from = { kind: 'applied', held: withoutVersion(held) } as const;
    return answerEntry(call, 201, create(world, { kind, namespace: path.namespace, from, writer, warn }));
  }
  checkPlace(call, held.object.metadata, true);
  const to = { kind: 'applied', held } as const;
  return answerEntry(call, 200, update(world, { kind, live, to, subresource, writer, warn }));
}

// Any version will do to create: the object that had it is not there to disagree.
const withoutVersion = ({ object, managed }: Held): Held => ({
  object: withMetadata(object, { resourceVersion: undefined }),
  managed,
});

/** The configuration of an apply. Errors: 400 for what is no YAML, and for a key that comes twice when asked to be strict. */
export function readConfig(text: string, { strictness }: WriteOptions, warn: (text: string) => void): Json {
  const body = readYamlBody(text);
  if (body.kind === 'broken') throw badRequest(`error decoding YAML: ${body.message}`);
  if (strictness === 'Strict' && body.twice.length > 0) {
    throw badRequest(
      `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${body.twice.join('\n  ')}`,
    );
  }
  if (strictness === 'Warn') for (const problem of body.twice) warn(problem);
  return body.value;
}
