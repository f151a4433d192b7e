/** Objects that a repository may not have where they would go. */
import { destinationsOn, type Grant, refuseObject } from '../grant/grant.ts';
import type { Rendering } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Cluster } from '../model/fleet.ts';
import type { Intent } from '../model/intent.ts';
import type { Destination } from '../model/tenant.ts';

/** Remembers: clusters that share a rendering and the tenant's destinations share the answer. */
export class Refusals {
  readonly #known = new Map<Rendering, Map<string, readonly Diagnostic[]>>();

  of(rendering: Rendering, intent: Intent, grant: Grant, cluster: Cluster): readonly Diagnostic[] {
    if (grant.kind === 'everything') return [];
    const here = grant.kind === 'tenant' ? destinationsOn(grant.tenant, cluster) : [];
    const which = grant.kind === 'tenant' ? here.map((each) => grant.tenant.destinations.indexOf(each)).join(',') : '';
    const byPlace = this.#known.get(rendering) ?? new Map<string, readonly Diagnostic[]>();
    this.#known.set(rendering, byPlace);
    const found = byPlace.get(which) ?? refusalsOf(rendering, intent, grant, here);
    byPlace.set(which, found);
    return found;
  }
}

function refusalsOf(
  { objects }: Rendering,
  { parts }: Intent,
  grant: Grant,
  destinations: readonly Destination[],
): readonly Diagnostic[] {
  const copied = new Set(parts.flatMap(({ name, source }) => (source.kind === 'copy' ? [name] : [])));
  return objects.flatMap(({ key, origin, part }): readonly Diagnostic[] => {
    const message = refuseObject(grant, key, destinations);
    if (message === undefined) return [];
    const hint = copied.has(part) ? { hint: 'a copy keeps its namespace, unless its component has a `namespace`' } : {};
    return [{ code: 'A1405', severity: 'error', origin, message, ...hint }];
  });
}
