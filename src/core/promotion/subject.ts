/** What one promotion is about, and the names that go with it: a branch, a file, a title. */
import type { CommitSha } from '../model/id.ts';

/** One pinned stage of one placement: there is never more than one promotion of it. */
export type Subject = {
  /** `<namespace>/<name>` */
  readonly placement: string;
  readonly stage: string;
};

const branchStart = 'landfall/promote/';

/** The branch of its pull request: ours alone, and how we find it again. */
export const branchOf = ({ placement, stage }: Subject): string => `${branchStart}${placement}/${stage}`;

/** Shape: undefined for a branch of somebody else's. */
export function subjectOf(branch: string): Subject | undefined {
  const parts = branch.startsWith(branchStart) ? branch.slice(branchStart.length).split('/') : [];
  const [namespace, name, stage] = parts;
  if (parts.length !== 3 || !namespace || !name || !stage) return undefined;
  return { placement: `${namespace}/${name}`, stage };
}

/** Where a pin is written when there is none yet. */
export const pinPathOf = ({ placement, stage }: Subject): string => `promotions/${placement}/${stage}.yaml`;

export const pinNameOf = ({ placement, stage }: Subject): { readonly namespace: string; readonly name: string } => {
  const slash = placement.indexOf('/');
  return { namespace: placement.slice(0, slash), name: `${placement.slice(slash + 1)}.${stage}` };
};

/** From where to where; a first promotion comes from nowhere. */
export type Route = {
  readonly kind: 'promote' | 'revert';
  readonly from: CommitSha | undefined;
  readonly to: CommitSha;
};

export const shortSha = (commit: CommitSha): string => commit.slice(0, 12);

export function titleOf({ placement, stage }: Subject, { kind, to }: Route): string {
  return kind === 'promote'
    ? `Promote ${placement} to ${stage}: ${shortSha(to)}`
    : `Revert ${placement} in ${stage} to ${shortSha(to)}`;
}
