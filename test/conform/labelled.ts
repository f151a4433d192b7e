/** ConfigMaps with labels, to select and to page through. */
import type { JsonObject } from '../../src/core/json/value.ts';
import { answered, configMap, type Scope } from './case.ts';

/** Makes ConfigMaps with these labels; all carry `made=here`, which tells them from what controllers make. */
export async function seed(
  { api, core }: Scope,
  labels: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<JsonObject> {
  let last: JsonObject = {};
  for (const [name, more] of Object.entries(labels)) {
    const object = configMap(name, {}, { labels: { made: 'here', ...more } });
    last = answered(201, await api.create(`${core}/configmaps`, object));
  }
  return last;
}
/** Tells them from what controllers make in a namespace. */
export const here = { labelSelector: 'made=here' };
export const tiers = { a: { tier: 'web' }, b: { tier: 'db' }, c: {}, d: { tier: 'web', beta: '' } };
