/** Quotas on how many objects of a kind a namespace may hold. Quotas on what pods ask for are not counted. */
import { at, isObject, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import { forbidden, type Subject } from '../api/refusals.ts';
import type { Store } from '../store/store.ts';

// Kinds that have a name of their own among the limits, besides `count/<resource>`.
const plain: ReadonlySet<string> = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

/** Where the objects are that a limit counts; undefined for limits of another sort. */
export function placeOfLimit(limit: string): string | undefined {
  if (limit.startsWith('count/')) return limit.slice('count/'.length);
  return plain.has(limit) ? limit : undefined;
}

/** How many objects there are, of every limit of `hard` that counts objects. */
export function usedOf(store: Pick<Store, 'list'>, namespace: string, hard: JsonObject): JsonObject {
  const used = Object.keys(hard).flatMap((limit) => {
    const place = placeOfLimit(limit);
    return place === undefined ? [] : [[limit, String(store.list(place, namespace).length)] as const];
  });
  return Object.fromEntries(used);
}

/** Errors: 403 when one object more of this place would be too many. */
export function checkQuota(
  store: Pick<Store, 'list' | 'read'>,
  place: string,
  namespace: string,
  subject: Subject,
): void {
  if (namespace === '') return;
  for (const entry of store.list('resourcequotas', namespace)) {
    const hard = at(store.read(entry), 'spec', 'hard');
    if (!isObject(hard)) continue;
    const used = usedOf(store, namespace, hard);
    const limits = Object.keys(used).filter((limit) => placeOfLimit(limit) === place);
    const exceeded = limits.filter((limit) => Number(used[limit]) + 1 > amount(hard[limit]));
    if (exceeded.length === 0) continue;
    const list = (of: (limit: string) => string): string => exceeded.map((limit) => `${limit}=${of(limit)}`).join(',');
    throw forbidden(
      subject,
      `exceeded quota: ${entry.name}, requested: ${list(() => '1')}, used: ${list((limit) => String(used[limit]))}, limited: ${list((limit) => String(hard[limit]))}`,
    );
  }
}

const amount = (value: JsonObject[string] | undefined): number =>
  numberOf(value) ?? Number(textOf(value) ?? Number.NaN);
