/** The rollout trait: how many there are in the end. The batches on the way are the workload's own rolling update. */
import { change, noEffect, type Trait } from '../effect.ts';
import { caution, problem } from '../problem.ts';
import { Rollout } from '../schema/trait.ts';
import { readParameters } from '../written.ts';

export const rollout: Trait = (given) => {
  const { value, diagnostics } = readParameters(Rollout, given);
  if (value === undefined) return { value: noEffect, diagnostics };
  const { targetSize, targetRevision } = value;
  if (targetRevision !== undefined && targetRevision !== '') {
    const origin = given.originAt(['targetRevision']);
    const hint = 'take it out; an older revision comes back by a revert';
    const refused = problem('A1102', origin, 'trait rollout names a revision, and what runs is what Git says', hint);
    return { value: noEffect, diagnostics: [...diagnostics, refused] };
  }
  const message = 'the batches of trait rollout are not followed: the workload replaces its Pods by its own strategy';
  const hint = 'trait `k8s-update-strategy` says how many at a time; steps of a workflow go from cluster to cluster';
  const edits = targetSize === undefined ? [] : [change(['spec', 'replicas'], { do: 'set', value: targetSize })];
  const told = caution('A1533', given.originAt([]), message, hint);
  return { value: { ...noEffect, edits }, diagnostics: [...diagnostics, told] };
};
