/** A server of one object, made of the parts that the sandbox's API server is made of. */
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { apply } from '../../../src/sandbox/merge/apply.ts';
import { type Held, withManaged } from '../../../src/sandbox/merge/managed.ts';
import { type PatchKind, patch } from '../../../src/sandbox/merge/patch.ts';
import { applyScale, scaleOf, trackScale } from '../../../src/sandbox/merge/scale.ts';
import { settle } from '../../../src/sandbox/merge/settle.ts';
import { trackUpdate } from '../../../src/sandbox/merge/update.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';
import { done, type Result, refused } from '../../../src/sandbox/schema/refusal.ts';
import type { Schema } from '../../../src/sandbox/schema/schema.ts';
import { type Allocator, prepareCreate, prepareUpdate } from '../../../src/sandbox/schema/strategy.ts';
import { validate } from '../../../src/sandbox/schema/validate.ts';
import type { Operation } from './operations.ts';

const patchKinds: Readonly<Record<'json' | 'merge' | 'strategic', PatchKind>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** What only a real server decides: it answered first, and we follow. */
export type Given = {
  readonly time: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly allocate: Allocator;
};

export type Outcome = Result<{ readonly held: Held; readonly isChanged: boolean }>;

const notFound = refused({ code: 404, reason: 'NotFound', message: 'not found' });

/** Shape: `body` of a `replace` is what the test sent to the real server. */
export function perform(
  live: Held | undefined,
  operation: Operation,
  body: Json,
  schema: Schema,
  given: Given,
): Outcome {
  switch (operation.kind) {
    case 'create':
      return created(decoded(schema, body, live, operation.manager, given), schema, given);
    case 'apply':
      return appliedTo(live, operation, schema, given);
    case 'replace': {
      if (live === undefined) return notFound;
      return changed(live, decoded(schema, body, live, operation.manager, given), schema, '', given);
    }
    case 'patch':
      return patchedTo(live, operation, schema, given);
  }
}

function decoded(schema: Schema, body: Json, live: Held | undefined, manager: string, { time }: Given): Result<Held> {
  const read = decodeValue(schema, body, 'Warn');
  if (read.kind === 'refused') return read;
  return done(trackUpdate({ live, next: read.value, schema, manager, subresource: '', time }), read.warnings);
}

function appliedTo(
  live: Held | undefined,
  operation: Operation & { kind: 'apply' },
  schema: Schema,
  given: Given,
): Outcome {
  const { config, manager, isForced, subresource } = operation;
  const { time } = given;
  if (subresource !== '' && live === undefined) return notFound;
  if (subresource === 'scale' && live !== undefined) {
    return changed(live, applyScale({ live, config, manager, isForced, time, schema }), schema, subresource, given);
  }
  const applied = apply({ live, config, schema, manager, isForced, subresource, time });
  return live === undefined ? created(applied, schema, given) : changed(live, applied, schema, subresource, given);
}

function patchedTo(
  live: Held | undefined,
  operation: Operation & { kind: 'patch' },
  schema: Schema,
  given: Given,
): Outcome {
  if (live === undefined) return notFound;
  const { manager, subresource } = operation;
  const text = JSON.stringify(operation.body);
  const patchKind = patchKinds[operation.type];
  if (subresource === 'scale') {
    const scaleSchema = builtinSchema('autoscaling/v1', 'Scale');
    const scale = scaleOf(schema, live.object);
    if (scaleSchema === undefined || scale === undefined) return notFound;
    const next = patch({
      live: { object: scale, managed: [] },
      text,
      patchKind,
      schema: scaleSchema,
      strictness: 'Warn',
    });
    if (next.kind === 'refused') return next;
    return changed(
      live,
      trackScale({ live, scale: next.value, schema, manager, time: given.time }),
      schema,
      subresource,
      given,
    );
  }
  const patched = patch({ live, text, patchKind, schema, strictness: 'Warn' });
  if (patched.kind === 'refused') return patched;
  const tracked = trackUpdate({ live, next: patched.value, schema, manager, subresource, time: given.time });
  return changed(live, done(tracked, patched.warnings), schema, subresource, given);
}

function created(result: Result<Held>, schema: Schema, { uid, createdAt, allocate }: Given): Outcome {
  if (result.kind === 'refused') return result;
  const { object, managed } = result.value;
  const metadata = { ...object.metadata, uid, creationTimestamp: createdAt };
  const stored = prepareCreate(schema, { ...object, metadata }, allocate);
  const refusal = validate(schema, stored, undefined, '');
  if (refusal !== undefined) return refused(refusal);
  const held = { object: schema.family.convert(stored, schema.family.storage), managed };
  return done({ held, isChanged: true }, result.warnings);
}

function changed(live: Held, result: Result<Held>, schema: Schema, subresource: string, { allocate }: Given): Outcome {
  if (result.kind === 'refused') return result;
  const { object, managed } = result.value;
  const before = schema.family.convert(live.object, schema.apiVersion);
  const prepared = prepareUpdate(schema, before, object, subresource, allocate);
  const refusal = validate(schema, prepared, before, subresource);
  if (refusal !== undefined) return refused(refusal);
  const settled = settle(live, { object: prepared, managed }, schema);
  return done({ held: settled, isChanged: settled !== live }, result.warnings);
}

/** What a client reads, at a version. */
export function readAt(held: Held, schema: Schema): KubeObject {
  return withManaged({ object: schema.family.convert(held.object, schema.apiVersion), managed: held.managed });
}

/** The held object with what only the real server knows: its version, and the times of the owners' entries. */
export function synchronized(held: Held, real: JsonObject): Held {
  const metadata = isObject(real.metadata) ? real.metadata : {};
  const resourceVersion = textOf(metadata.resourceVersion) ?? '';
  const entries = isArray(metadata.managedFields) ? metadata.managedFields : [];
  const managed = held.managed.map((entry, index) => ({ ...entry, time: textOf(at(entries[index], 'time')) }));
  return { object: { ...held.object, metadata: { ...held.object.metadata, resourceVersion } }, managed };
}
