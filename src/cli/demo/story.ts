/** The quickstart's story: step after step, then what the commits say and how the cells stand. */

import { isTerminal, type Told } from '../../core/report/status.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { isWell } from '../../server/api/cell-answer.ts';
import { type Look, type Scene, UnseenError } from './scene.ts';
import type { Step } from './steps.ts';
import type { Commit } from './working-copy.ts';

export type ToldCommit = Commit & { readonly statuses: ReadonlyMap<string, Told> };

export type Ending = {
  /** Every effect was seen, and every cell ended synced and healthy. */
  readonly isHappy: boolean;
  readonly commits: readonly ToldCommit[];
  readonly cells: readonly CellStatus[];
};

/** `isSeen`: every effect was. */
export async function endingOf(isSeen: boolean, scene: Scene): Promise<Ending> {
  const { cells } = scene;
  const commits = await toldCommits(scene);
  return { isHappy: isSeen && cells.length > 0 && cells.every(isWell), commits, cells };
}

async function toldCommits({ commits, world }: Scene): Promise<readonly ToldCommit[]> {
  const statuses = await world.workingCopy.statuses();
  return commits.map((commit) => ({ ...commit, statuses: statuses.get(commit.sha) ?? new Map() }));
}

/** Shape: false when something was not seen. */
export async function playSteps(steps: readonly Step[], scene: Scene): Promise<boolean> {
  try {
    for (const { title, play } of steps) {
      scene.tell.step(title);
      await play(scene);
    }
    return true;
  } catch (error) {
    if (!(error instanceof UnseenError)) throw error;
    scene.tell.unseen(error.message);
    return false;
  }
}

/** What is seen in a cluster is written into its record, and told on the commit, a moment later. */
export const settling: Step = {
  title: 'The end: every cell as Git wants it, and every commit says so',
  play: async (scene) => {
    await scene.see(async () => {
      const { cells } = scene;
      const { revision, isAtRest } = scene.controller.engine;
      const well = cells.filter(isWell).length;
      const isDone = isAtRest && revision?.compiled.vanished.length === 0;
      const text = `${well} of ${cells.length} cells synced and healthy`;
      return { isSeen: isDone && cells.length > 0 && well === cells.length, text };
    });
    await scene.see(() => allTold(scene));
  },
};

async function allTold(scene: Scene): Promise<Look> {
  await scene.controller.flush();
  const told = await toldCommits(scene);
  // One that was overtaken before it was everywhere ends, too: as superseded.
  const ended = told.filter(({ statuses }) => statuses.size > 0 && [...statuses.values()].every(isTerminal));
  const isGood = [...(told.at(-1)?.statuses.values() ?? [])].every(({ state }) => state === 'success');
  const text = `${ended.length} of ${told.length} commits have their last word`;
  return { isSeen: isGood && ended.length === told.length, text };
}
