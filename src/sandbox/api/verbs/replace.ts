/** PUT: a whole object in the place of the one there. */
import { textOf } from '../../../core/json/value.ts';
import { create } from '../../registry/create.ts';
import { habitsOf } from '../../registry/habits.ts';
import { withMetadata } from '../../registry/objects.ts';
import { update } from '../../registry/update.ts';
import { decode } from '../../schema/decode.ts';
import { accepted, answerEntry, bodyText, type Call, checkPlace, subjectOf, writerOf } from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { readWriteOptions } from '../query.ts';
import { conflict, notFound } from '../refusals.ts';

export function replace(call: Call): ApiAnswer {
  const { world, kind, path, query, warn } = call;
  const options = readWriteOptions(query, 'UpdateOptions');
  const object = accepted(decode(kind.schema, bodyText(call.request), options.strictness), warn);
  checkPlace(call, object.metadata, true);
  const live = world.store.get(kind.place, path.namespace, path.name);
  const uid = textOf(object.metadata.uid) ?? '';
  const writer = writerOf(call, options);
  if (live === undefined) {
    if (path.subresource !== '' || !habitsOf(kind.place, kind.schema.custom !== undefined).createsOnPut) {
      throw notFound(subjectOf(call));
    }
    if (uid !== '') throw conflict(subjectOf(call), preconditionFailed(call, uid, ''));
    call.authorize('create');
    const from = { kind: 'object', object: withMetadata(object, { resourceVersion: undefined }) } as const;
    return answerEntry(call, 201, create(world, { kind, namespace: path.namespace, from, writer, warn }));
  }
  if (uid !== '' && uid !== live.uid) throw conflict(subjectOf(call), preconditionFailed(call, uid, live.uid));
  const to = { kind: 'object', object } as const;
  return answerEntry(call, 200, update(world, { kind, live, to, subresource: path.subresource, writer, warn }));
}

function preconditionFailed({ kind, path }: Call, asked: string, there: string): string {
  const { group, resource } = kind.resource;
  const folder = group === '' ? resource : `${group}/${resource}`;
  const key = `/registry/${folder}/${path.namespace === '' ? '' : `${path.namespace}/`}${path.name}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${there}`;
}
