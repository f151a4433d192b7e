/** Apps that depend on Apps that are not there, or on themselves. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AppId } from '../model/id.ts';
import type { Dependency, Intent } from '../model/intent.ts';
import type { Gathered } from './gather.ts';

export function dependencyProblems({ intents }: Gathered): readonly Diagnostic[] {
  const all = [...intents.values()];
  return all.flatMap((intent) => intent.dependsOn.flatMap((dependency) => problemOf(intent, dependency, intents)));
}

function problemOf(
  intent: Intent,
  { app, origin }: Dependency,
  intents: ReadonlyMap<AppId, Intent>,
): readonly Diagnostic[] {
  if (!intents.has(app))
    return [{ code: 'A1214', severity: 'error', origin, message: `there is no App ${app} to depend on` }];
  const circle = pathBetween(app, intent.id, intents);
  if (circle === undefined) return [];
  const message = `App ${intent.id} waits for itself: ${[intent.id, ...circle].join(' > ')}`;
  return [{ code: 'A1215', severity: 'error', origin, message, hint: 'take one of these out of `dependsOn`' }];
}

function pathBetween(from: AppId, to: AppId, intents: ReadonlyMap<AppId, Intent>): readonly AppId[] | undefined {
  const seen = new Set<AppId>();
  const visit = (app: AppId): readonly AppId[] | undefined => {
    if (app === to) return [app];
    if (seen.has(app)) return undefined;
    seen.add(app);
    for (const next of intents.get(app)?.dependsOn ?? []) {
      const rest = visit(next.app);
      if (rest !== undefined) return [app, ...rest];
    }
    return undefined;
  };
  return visit(from);
}
