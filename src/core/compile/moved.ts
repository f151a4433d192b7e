/** Apps and clusters under a new name: what their cells were called before. */
import { refuseNamespace } from '../grant/grant.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type AppId, type CellId, type ClusterId, cellId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { Gathered } from './gather.ts';
import type { Seat } from './seat.ts';

/** Shape: never a name that somebody bears, nor one that its repository could not have had. */
export function formerCells({ app, cluster }: Seat, intent: Intent | undefined, gathered: Gathered): readonly CellId[] {
  const apps = [app, ...(intent?.movedFrom ?? []).filter((former) => isFree(former, intent, gathered))];
  const clusters = [cluster.id, ...cluster.movedFrom.filter((former) => !gathered.fleet.has(former))];
  return apps.flatMap((each) => clusters.map((there) => cellId(each, there))).slice(1);
}

function isFree(former: AppId, intent: Intent | undefined, { intents, grants }: Gathered): boolean {
  const grant = intent === undefined ? undefined : grants.get(intent.repository);
  return grant !== undefined && !intents.has(former) && refuseNamespace(grant, namespaceOf(former)) === undefined;
}

const namespaceOf = (app: AppId): string => app.slice(0, app.indexOf('/'));

/** Former names that are still borne, or that two lay claim to. */
export function movedProblems({ intents, fleet }: Gathered): readonly Diagnostic[] {
  const apps = [...intents.values()].map(({ id, origin, movedFrom }) => ({ kind: 'App', id, origin, movedFrom }));
  const clusters = [...fleet.values()].map(({ id, origin, movedFrom }) => ({ kind: 'Cluster', id, origin, movedFrom }));
  return [...problemsOf(apps, (name) => intents.has(name)), ...problemsOf(clusters, (name) => fleet.has(name))];
}

type Moved<Name> = {
  readonly kind: string;
  readonly id: Name;
  readonly origin: Diagnostic['origin'];
  readonly movedFrom: readonly Name[];
};

function problemsOf<Name extends AppId | ClusterId>(
  all: readonly Moved<Name>[],
  isThere: (name: Name) => boolean,
): readonly Diagnostic[] {
  const claimed = new Map<Name, Name>();
  return all.flatMap(({ kind, id, origin, movedFrom }) =>
    movedFrom.flatMap((former): readonly Diagnostic[] => {
      const other = claimed.get(former);
      claimed.set(former, other ?? id);
      const reason = isThere(former)
        ? 'which is still there'
        : other !== undefined && other !== id
          ? `and so does ${other}`
          : undefined;
      if (reason === undefined) return [];
      const message = `${kind} ${id} says that it was ${former}, ${reason}`;
      return [{ code: 'A1218', severity: 'error', origin, message }];
    }),
  );
}
