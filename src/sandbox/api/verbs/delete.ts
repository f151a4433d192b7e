/** DELETE of one object, and of all objects of a collection that a selector finds. */
import { formatJson } from '../../../core/json/text.ts';
import { habitsOf } from '../../registry/habits.ts';
import { remove } from '../../registry/remove.ts';
import { answer, answerDeleted, answerEntry, type Call, itemText, subjectOf, writerOf } from '../call.ts';
import { readDeleteOptions } from '../delete-options.ts';
import type { ApiAnswer } from '../exchange.ts';
import { readListOptions } from '../query.ts';
import { notFound } from '../refusals.ts';
import { pageOf } from './list.ts';

const writes = { isDryRun: false, fieldManager: '', strictness: 'Warn', isForced: false } as const;

export function deleteOne(call: Call): ApiAnswer {
  const { world, kind, path, warn } = call;
  const options = readDeleteOptions(call.request, call.query);
  const live = world.store.get(kind.place, path.namespace, path.name);
  if (live === undefined) throw notFound(subjectOf(call));
  const { entry, isGone } = remove(world, { kind, live, options, writer: writerOf(call, writes), warn });
  const isShown = !isGone || habitsOf(kind.place, kind.schema.custom !== undefined).answersDeleted;
  return isShown ? answerEntry(call, 200, entry) : answerDeleted(call, entry);
}

/** Answers the list of what was found. */
export function deleteCollection(call: Call): ApiAnswer {
  const { world, kind, warn } = call;
  const options = readDeleteOptions(call.request, call.query);
  const { entries, metadata } = pageOf(call, readListOptions(call.query));
  const writer = writerOf(call, writes);
  for (const live of entries) remove(world, { kind, live, options, writer, warn });
  const { schema } = kind;
  const items = entries.map((entry) => itemText(entry, 'object', schema.custom !== undefined)).join(',');
  return answer(
    200,
    `{"kind":"${schema.kind}List","apiVersion":"${schema.apiVersion}","metadata":${formatJson(metadata)},"items":[${items}]}`,
  );
}
