/** The quickstart's story: step after step, then what the commits say and how the cells stand. */

import type { Told } from '../../core/report/status.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { isWell } from '../output/cells.ts';
import type { Scene } from './scene.ts';
import { UnseenError } from './scene.ts';
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
  // Told while clusters answer: to stop is no news about any commit.
  await scene.controller.flush();
  const statuses = await scene.world.workingCopy.statuses();
  const commits = scene.commits.map((commit) => ({ ...commit, statuses: statuses.get(commit.sha) ?? new Map() }));
  return { isHappy: isSeen && cells.length > 0 && cells.every(isWell), commits, cells };
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

/** What is seen in a cluster is written into its record a moment later. */
export const settling: Step = {
  title: 'The end: every cell as Git wants it',
  play: (scene) =>
    scene.see(async () => {
      const { cells } = scene;
      const { revision, isAtRest } = scene.controller.engine;
      const well = cells.filter(isWell).length;
      const isDone = isAtRest && revision?.compiled.vanished.length === 0;
      const text = `${well} of ${cells.length} cells synced and healthy`;
      return { isSeen: isDone && cells.length > 0 && well === cells.length, text };
    }),
};
