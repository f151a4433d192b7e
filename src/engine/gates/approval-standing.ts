/** What a gate that asks who has approved is about: where the approval is written, and what runs. */
import type { Compiled } from '../../core/compile/compile.ts';
import { pinKey } from '../../core/compile/gather.ts';
import type { World } from '../../core/compile/world.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { JudgedMembers } from '../members.ts';
import type { PlacedAsk } from './gate-view.ts';

/** What runs in the stage that is to take something. */
export type Running =
  /** Revisions that some of its clusters hold, and that are to go. */
  | { readonly kind: 'older'; readonly revisions: readonly CommitSha[] }
  /** All that hold anything hold what is approved. */
  | { readonly kind: 'same' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unread' };

export type ApprovalStanding = {
  /** Of the branch on which the Pin is. */
  readonly head: CommitSha;
  /** The file with the stage's Pin. */
  readonly path: string;
  /** Files in which the repository has Pins. */
  readonly pinPaths: readonly string[];
  readonly running: Running;
};

type Seen = { readonly compiled: Compiled; readonly world: Pick<World, 'sources'> };

/** Shape: undefined when there is no one Pin. */
export function approvalStanding(
  asked: PlacedAsk,
  { compiled, world }: Seen,
  members: JudgedMembers,
): ApprovalStanding | undefined {
  const { placement, ask } = asked;
  const { repository } = placement;
  const head = world.sources.find(({ id }) => id === repository)?.head.value.commit;
  const { pins } = compiled.gathered;
  const [pin, ...others] = pins.get(pinKey(repository, placement.id, ask.stage)) ?? [];
  if (head === undefined || pin === undefined || others.length > 0) return undefined;
  const own = [...pins.values()].flat().filter((each) => each.repository === repository);
  const pinPaths = [...new Set(own.map(({ origin }) => origin.path))];
  return { head, path: pin.origin.path, pinPaths, running: runningOf(asked, compiled, members) };
}

function runningOf({ app, placement, ask }: PlacedAsk, { cells }: Compiled, members: JudgedMembers): Running {
  const here = [...cells.values()].filter(
    (cell) => cell.app === app && cell.placement === placement.id && cell.stage === ask.stage,
  );
  const read = here.flatMap(({ cluster }) => members.get(cluster) ?? []).filter(({ isRead }) => isRead);
  if (here.length > 0 && read.length === 0) return { kind: 'unread' };
  const records = read.flatMap(({ records: all }) => all.of(app)?.record ?? []);
  const older = records.filter(({ intent }) => intent !== ask.subject.intent);
  if (older.length > 0) return { kind: 'older', revisions: [...new Set(older.map(({ revision }) => revision))] };
  return { kind: records.length > 0 ? 'same' : 'nothing' };
}
