/** A preview in one line, and as a status of its commit: counts first, what is wrong last. */
import { isError } from '../model/diagnostic.ts';
import { count, few, fit } from '../model/line.ts';
import { conflictName } from './conflict.ts';
import type { PlannedAction, PlannedCell, Verb } from './planned.ts';
import type { Outcome, Preview } from './preview.ts';
import { objectName, verbWords } from './words.ts';

/** Without those of clusters that could not be looked at: what happens there is not known. */
export const cellsSeen = ({ cells, unread }: Preview): readonly PlannedCell[] =>
  cells.filter(({ cluster }) => !unread.has(cluster));

export const deletesHeld = ({ held }: Pick<Preview, 'held'>): number =>
  held.flatMap(({ cells }) => cells).reduce((sum, { objects }) => sum + objects, 0);

/** `1 to create, 3 to change on 12 clusters, 0 deletions`: objects of an App count once, however many clusters have them. */
export function headlineOf(preview: Preview): string {
  const cells = cellsSeen(preview);
  const told = (['create', 'update', 'release'] as const).flatMap((verb) => {
    const objects = objectsOf(cells, verb).size;
    return objects === 0 ? [] : [`${objects} to ${verbWords[verb]}`];
  });
  const deletes = objectsOf(cells, 'delete').size;
  if (told.length === 0 && deletes === 0)
    return preview.unread.size > 0 ? 'nothing is known to change' : 'nothing changes';
  const where = onClusters(cells, ['create', 'update', 'release']);
  const gone = deletes === 0 ? '0 deletions' : `${count(deletes, 'deletion')} ${onClusters(cells, ['delete'])}`;
  return told.length === 0 ? gone : `${told.join(', ')} ${where}, ${gone}`;
}

function onClusters(cells: readonly PlannedCell[], verbs: readonly Verb[]): string {
  const here = cells.filter(({ actions }) => actions.some(({ verb }) => verbs.includes(verb)));
  return `on ${count(new Set(here.map(({ cluster }) => cluster)).size, 'cluster')}`;
}

function objectsOf(cells: readonly PlannedCell[], verb: Verb): ReadonlySet<string> {
  return new Set(
    cells.flatMap(({ app, actions }) =>
      actions.filter((action) => action.verb === verb).map(({ object }) => `${app} ${objectName(object)}`),
    ),
  );
}

export type PreviewStatus = { readonly state: 'success' | 'failure' | 'error'; readonly text: string };

/** Shape: at most `textMax` characters. */
export function statusOfPreview(outcome: Outcome, textMax: number): PreviewStatus {
  switch (outcome.kind) {
    case 'planned':
      return statusOfPlan(outcome.preview, textMax);
    case 'conflict': {
      const { branch, conflicts } = outcome;
      const what = `${count(conflicts.length, 'file')} cannot be merged into ${branch}: rebase it`;
      return { state: 'failure', text: fit([what, few(conflicts.map(conflictName))], textMax) };
    }
    case 'unplanned':
      return { state: 'error', text: fit([`cannot be planned: ${outcome.reason}`], textMax) };
  }
}

function statusOfPlan(preview: Preview, textMax: number): PreviewStatus {
  const errors = preview.diagnostics.filter(isError);
  const [error] = errors;
  if (error !== undefined) {
    const { path, line } = error.origin;
    return {
      state: 'failure',
      text: fit([count(errors.length, 'error'), `${path}:${line}: ${error.message}`], textMax),
    };
  }
  const refused = refusalsOf(preview);
  const [first] = refused;
  const counts = headlineOf(preview);
  if (first !== undefined) {
    const { cluster, action } = first;
    const reason = action.reason ?? 'refused';
    // An API server names the object itself.
    const what = `${cluster}: ${reason.includes(action.object.name) ? '' : `${objectName(action.object)}: `}${reason}`;
    return { state: 'failure', text: fit([counts, `${refused.length} refused`, what], textMax) };
  }
  const held = deletesHeld(preview);
  const waits = held === 0 ? undefined : `${count(held, 'deletion')} wait for an Acknowledgement`;
  const unread = [...preview.unread.keys()];
  const missing = unread.length === 0 ? undefined : `not whole: ${few(unread)} cannot be read`;
  const isBlind = preview.cells.length > 0 && cellsSeen(preview).length === 0;
  return { state: isBlind ? 'error' : 'success', text: fit([counts, waits, missing], textMax) };
}

/** What an API server, or the owner of an object, would not take. */
function refusalsOf(preview: Preview): readonly { readonly cluster: string; readonly action: PlannedAction }[] {
  return cellsSeen(preview).flatMap(({ cluster, actions }) =>
    actions.filter(({ verb }) => verb === 'refuse').map((action) => ({ cluster, action })),
  );
}
