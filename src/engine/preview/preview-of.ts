/** A plan of what a pull request touches, as its reviewers are told of it. */
import type { Compiled } from '../../core/compile/compile.ts';
import type { AppId, CellId, ClusterId, ObjectKey, RepositoryId } from '../../core/model/id.ts';
import { objectKey } from '../../core/model/id.ts';
import { groupOf } from '../../core/model/object.ts';
import type { PlannedAction } from '../../core/preview/planned.ts';
import type { AppTurns, Preview, StageGates } from '../../core/preview/preview.ts';
import { ownReason } from '../../core/preview/words.ts';
import { describeFault } from '../fault-text.ts';
import type { PlannedCell } from '../plan/fleet-plan.ts';
import { hiddenChanges } from '../plan/hidden-changes.ts';
import { whyUnread } from '../plan/read-member.ts';
import type { Survey } from '../plan/survey.ts';
import type { Seen } from './seen.ts';

/** Which stages it goes through, and what they ask of it. */
export type Way = { readonly turns: readonly AppTurns[]; readonly gates: readonly StageGates[] };

export type About = {
  readonly branch: string;
  readonly repository: RepositoryId;
  /** Paths of files whose values are secrets. */
  readonly decrypted: ReadonlySet<string>;
};

export function previewOf(seen: Seen, { turns, gates }: Way, { branch, decrypted }: About): Preview {
  const { plan, survey, before, touched } = seen;
  const { compiled } = survey.revision;
  const going = new Set(
    plan.cells.filter(({ cell, actions }) => actions.length > 0 && goes(seen, cell)).map(({ app }) => app),
  );
  const isSecret = secretObjects([before, compiled], decrypted);
  const cells = plan.cells.map((cell) => told(cell, seen, going, isSecret));
  return {
    head: plan.commit,
    branch,
    digest: plan.digest,
    cells,
    turns,
    gates,
    moves: plan.moves,
    held: plan.held,
    unread: unreadOf(plan.cells, survey),
    leaving: leavingOf(before, compiled),
    diagnostics: touched.diagnostics,
  };
}

const goes = ({ outlook }: Seen, cell: CellId): boolean => outlook.decisions.get(cell)?.kind === 'go';

/** That it is not yet a cell's turn is said once, for its App; every other reason to wait is said here. */
function told(
  cell: PlannedCell,
  seen: Seen,
  going: ReadonlySet<AppId>,
  isSecret: (cell: CellId, key: ObjectKey) => boolean,
): PlannedCell {
  const { wait } = cell;
  const isTurn = seen.outlook.decisions.get(cell.cell)?.kind === 'wait' && going.has(cell.app);
  const actions = cell.actions.map((action) => {
    const reason = ownReason(action, wait);
    return isSecret(cell.cell, keyOf(action))
      ? { ...action, reason, changes: hiddenChanges(action.changes) }
      : { ...action, reason };
  });
  const held = seen.survey.judgement.waiting.get(cell.cell)?.reason;
  return { ...cell, wait: isTurn ? undefined : (held ?? wait), actions };
}

const keyOf = ({ object }: PlannedAction): ObjectKey =>
  objectKey(groupOf(object.apiVersion), object.kind, object.namespace, object.name);

/** What comes from a file that is encrypted in Git, or holds values of a Secret, now or after the merge. */
function secretObjects(
  all: readonly Compiled[],
  decrypted: ReadonlySet<string>,
): (cell: CellId, key: ObjectKey) => boolean {
  return (cell, key) =>
    all.some(({ cells }) => {
      const aim = cells.get(cell)?.aim;
      const object = aim?.kind === 'hold' ? aim.rendering.objects.find((each) => each.key === key) : undefined;
      return object !== undefined && (object.isSecret === true || decrypted.has(object.origin.path));
    });
}

function unreadOf(cells: readonly PlannedCell[], { members }: Survey): ReadonlyMap<ClusterId, string> {
  const unread = new Map<ClusterId, string>();
  for (const { cluster } of cells) {
    const member = members.get(cluster);
    if (member !== undefined && !member.isReady) unread.set(cluster, describeFault(whyUnread(member)));
  }
  return unread;
}

/** Clusters with Apps on them that are under no name any more, or retired. */
function leavingOf(before: Compiled, after: Compiled): readonly ClusterId[] {
  const left = [...after.gathered.fleet.values()].filter(({ lifecycle }) => lifecycle !== 'Retired');
  const kept = new Set(left.flatMap(({ id, movedFrom }) => [id, ...movedFrom]));
  const used = new Set([...before.cells.values()].map(({ cluster }) => cluster));
  return [...before.gathered.fleet.keys()].filter((id) => used.has(id) && !kept.has(id));
}
