/** The scale subresource: how many replicas, as an object of its own. */
import { isObject, textOf } from '../../../core/json/value.ts';
import { BugError } from '../../../core/model/invariant.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import type { Held } from '../../merge/managed.ts';
import { patch as patched } from '../../merge/patch.ts';
import { applyScale, scaleOf, trackScale } from '../../merge/scale.ts';
import { update } from '../../registry/update.ts';
import { timeOf } from '../../registry/world.ts';
import { builtinSchema } from '../../schema/builtin.ts';
import { decode } from '../../schema/decode.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Entry } from '../../store/entry.ts';
import {
  accepted,
  answerJson,
  bodyText,
  type Call,
  checkPlace,
  mediaTypeOf,
  subjectOf,
  textOfBody,
  writerOf,
} from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { readWriteOptions, type WriteOptions } from '../query.ts';
import { conflict, modified, noResource, notFound } from '../refusals.ts';
import { applyType, checkPatchType, isPatchKind, readConfig } from './patch.ts';

type Scaled = { readonly live: Entry; readonly held: Held; readonly scale: KubeObject };

export function readScale(call: Call): ApiAnswer {
  return answerJson(200, scaledOf(call).scale);
}

export function replaceScale(call: Call): ApiAnswer {
  const options = readWriteOptions(call.query, 'UpdateOptions');
  const scaled = scaledOf(call);
  const scale = accepted(decode(scaleSchema(), bodyText(call.request), options.strictness), call.warn);
  checkPlace(call, scale.metadata, true);
  return write(call, scaled, options, tracked(call, scaled, scale, options));
}

export function patchScale(call: Call): ApiAnswer {
  const patchKind = mediaTypeOf(call.request);
  const isApply = patchKind === applyType;
  checkPatchType(call.kind.schema, patchKind);
  const options = readWriteOptions(call.query, 'PatchOptions', isApply);
  const scaled = scaledOf(call);
  if (!isPatchKind(patchKind)) return write(call, scaled, options, applied(call, scaled, options));
  const live = { object: scaled.scale, managed: [] };
  const text = textOfBody(call.request);
  const { strictness } = options;
  const scale = accepted(patched({ live, text, patchKind, schema: scaleSchema(), strictness }), call.warn);
  checkPlace(call, scale.metadata, true);
  return write(call, scaled, options, tracked(call, scaled, scale, options));
}

function scaledOf(call: Call): Scaled {
  const { world, kind, path } = call;
  const live = world.store.get(kind.place, path.namespace, path.name);
  if (live === undefined) throw notFound(subjectOf(call));
  const held = world.store.held(live);
  const scale = scaleOf(kind.schema, held.object);
  if (scale === undefined) throw noResource();
  return { live, held, scale };
}

/** The parent as a PUT or patch of its scale leaves it. Errors: 409 when the scale is of an older version. */
function tracked(call: Call, { live, held }: Scaled, scale: KubeObject, options: WriteOptions): Held {
  const version = textOf(scale.metadata.resourceVersion) ?? '';
  if (version !== '' && version !== String(live.revision)) throw conflict(subjectOf(call), modified);
  const { manager } = writerOf(call, options);
  const time = timeOf(call.world.clock.nowMs());
  return accepted(trackScale({ live: held, scale, schema: call.kind.schema, manager, time }), call.warn);
}

function applied(call: Call, { held }: Scaled, { isForced, ...options }: WriteOptions): Held {
  const config = readConfig(textOfBody(call.request), { isForced, ...options }, call.warn);
  const { manager } = writerOf(call, { isForced, ...options });
  const time = timeOf(call.world.clock.nowMs());
  if (isObject(config) && isObject(config.metadata))
    checkPlace(call, { name: call.path.name, ...config.metadata }, true);
  return accepted(applyScale({ live: held, config, schema: call.kind.schema, manager, isForced, time }), call.warn);
}

function write(call: Call, { live }: Scaled, options: WriteOptions, held: Held): ApiAnswer {
  const { world, kind, warn } = call;
  const writer = writerOf(call, options);
  const entry = update(world, { kind, live, to: { kind: 'applied', held }, subresource: 'scale', writer, warn });
  const scale = scaleOf(kind.schema, world.store.read(entry));
  if (scale === undefined) throw noResource();
  return answerJson(200, scale);
}

function scaleSchema(): Schema {
  const schema = builtinSchema('autoscaling/v1', 'Scale');
  if (schema === undefined) throw new BugError('there is no schema of Scale');
  return schema;
}
