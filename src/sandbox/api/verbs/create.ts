/** POST of a new object. */
import { textOf } from '../../../core/json/value.ts';
import { create as createObject } from '../../registry/create.ts';
import { decode } from '../../schema/decode.ts';
import { accepted, answerEntry, bodyText, type Call, checkPlace, writerOf } from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { readWriteOptions } from '../query.ts';
import { RefusedError } from '../refusals.ts';

export function create(call: Call): ApiAnswer {
  const { world, kind, path, query, warn } = call;
  const options = readWriteOptions(query, 'CreateOptions');
  const object = accepted(decode(kind.schema, bodyText(call.request), options.strictness), warn);
  checkPlace(call, object.metadata, false);
  if ((textOf(object.metadata.resourceVersion) ?? '') !== '') {
    throw new RefusedError({
      code: 500,
      reason: '',
      message: 'resourceVersion should not be set on objects to be created',
    });
  }
  const entry = createObject(world, {
    kind,
    namespace: path.namespace,
    from: { kind: 'object', object },
    writer: writerOf(call, options),
    warn,
  });
  return answerEntry(call, 201, entry);
}
