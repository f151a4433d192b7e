/** Apps that depend on Apps that are not there, or on themselves. */
import { nearest } from '../dialect/nearest.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AppId } from '../model/id.ts';
import type { Dependency, Intent } from '../model/intent.ts';
import type { Gathered } from './gather.ts';

/** Cost: linear in Apps and dependencies, unless there are circles. */
export function dependencyProblems({ intents }: Gathered): readonly Diagnostic[] {
  const waiting = inOrAfterCircles(intents);
  return [...intents.values()].flatMap((intent) =>
    intent.dependsOn.flatMap((dependency): readonly Diagnostic[] => {
      if (!intents.has(dependency.app)) return [missing(dependency, intents)];
      return waiting.has(intent.id) ? circleThrough(intent, dependency, intents) : [];
    }),
  );
}

function missing({ app, origin }: Dependency, intents: Gathered['intents']): Diagnostic {
  const guess = nearest(app, [...intents.keys()]);
  const hint = guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` };
  return { code: 'A1214', severity: 'error', origin, message: `there is no App ${app} to depend on`, ...hint };
}

/** Takes away Apps that need nothing that is left, until none is; what stays is in a circle or needs one that is. */
function inOrAfterCircles(intents: Gathered['intents']): ReadonlySet<AppId> {
  const left = new Map<AppId, number>();
  const neededBy = new Map<AppId, AppId[]>();
  for (const { id, dependsOn } of intents.values()) {
    const needed = new Set(dependsOn.map(({ app }) => app).filter((app) => intents.has(app)));
    left.set(id, needed.size);
    for (const app of needed) neededBy.set(app, [...(neededBy.get(app) ?? []), id]);
  }
  const free = [...left].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const other of neededBy.get(id) ?? []) {
      const count = (left.get(other) ?? 0) - 1;
      left.set(other, count);
      if (count === 0) free.push(other);
    }
  }
  return new Set(left.keys());
}

function circleThrough(
  { id }: Intent,
  { app, origin }: Dependency,
  intents: Gathered['intents'],
): readonly Diagnostic[] {
  const way = wayBetween(app, id, intents);
  if (way === undefined) return [];
  const message = `App ${id} waits for itself: ${[id, ...way].join(' > ')}`;
  return [{ code: 'A1215', severity: 'error', origin, message, hint: 'take one of these out of `dependsOn`' }];
}

/** The shortest way along dependencies; both ends are in it. */
function wayBetween(from: AppId, to: AppId, intents: Gathered['intents']): readonly AppId[] | undefined {
  const cameFrom = new Map<AppId, AppId | undefined>([[from, undefined]]);
  for (const app of cameFrom.keys()) {
    if (app === to) return trailTo(app, cameFrom);
    for (const next of intents.get(app)?.dependsOn ?? []) if (!cameFrom.has(next.app)) cameFrom.set(next.app, app);
  }
  return undefined;
}

function trailTo(end: AppId, cameFrom: ReadonlyMap<AppId, AppId | undefined>): readonly AppId[] {
  const trail: AppId[] = [];
  for (let here: AppId | undefined = end; here !== undefined; here = cameFrom.get(here)) trail.unshift(here);
  return trail;
}
