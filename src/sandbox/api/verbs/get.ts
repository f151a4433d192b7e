/** GET of one object. */
import { answerEntry, type Call, subjectOf } from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { notFound, tooLargeVersion } from '../refusals.ts';
import { readVersion } from '../version.ts';

export function get(call: Call): ApiAnswer {
  const { world, path, kind, query } = call;
  const asked = readVersion(query.get('resourceVersion') ?? '', 'get');
  if (asked !== undefined && asked > world.store.revision()) throw tooLargeVersion(asked, world.store.revision());
  const entry = world.store.get(kind.place, path.namespace, path.name);
  if (entry === undefined) throw notFound(subjectOf(call));
  return answerEntry(call, 200, entry);
}
