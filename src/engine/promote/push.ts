/** A promotion without a forge: pushed to the branch, when all gates have passed. */
import { closedGate } from '../../core/promotion/step.ts';
import type { GitChange } from '../../seam/git.ts';
import type { FollowedRepository } from '../source/repository.ts';
import type { Offers, Wanted } from './offers.ts';

export type PushDeps = {
  readonly offers: Pick<Offers, 'planOf'>;
  readonly repository: Pick<FollowedRepository, 'git' | 'settings' | 'wake'>;
  /** Is all as it was compiled? */
  readonly isStill: (wanted: Wanted) => boolean;
};

/** `advice`: it is a person's turn, and no pull request says so. */
export type Pushed = { readonly message: string; readonly advice?: string };

/** Where there is no forge, a promotion goes straight to the branch, or a person is told to. */
export async function push(
  wanted: Wanted,
  change: GitChange,
  { offers, repository, isStill }: PushDeps,
  signal: AbortSignal,
): Promise<Pushed> {
  const { stage, aim, head, gates } = wanted;
  const { of, here } = stage;
  const closed = closedGate(gates);
  if (closed !== undefined) return { message: `${closed.name}: ${closed.evidence}` };
  if (here.promotion?.merge !== 'Automatic') {
    const command = `landfall promote ${of.apps[0]} --to ${stage.stage}`;
    return { message: `run \`${command} --revision ${aim.route.to}\``, advice: `run ${command}` };
  }
  const { branch } = repository.settings;
  if (branch === 'HEAD')
    return { message: 'name the branch in the settings: promotions are pushed to branches that have a name there' };
  const plan = await offers.planOf(wanted, change, true, signal);
  if (plan.refused.length > 0) return { message: `Plan: would be refused: ${plan.refused[0]}` };
  if (!isStill(wanted)) return { message: 'something new has been read' };
  await repository.git.push(branch, head, change, signal);
  repository.wake();
  const to = aim.route.to.slice(0, 12);
  return {
    message: stage.kind === 'pin' ? `its pin names ${to}` : `${stage.copy.to} holds what is copied from ${to}`,
  };
}
