/** Whether a revision was approved by another person than those who have written what is approved. */
import type { GateEvidence } from './gate-state.ts';

/** E-mails, as commits say them; empty where one names none. Undefined: nobody can say. */
export type Approvers = {
  /** Who has brought in each of the approvals that hold: whoever wrote the commit, and whoever made it. */
  readonly approvers: readonly (readonly string[] | undefined)[];
  /** Who has written what is approved, and does not run yet. */
  readonly authors: readonly string[] | undefined;
};

/** Shape: never passed for want of knowledge. One approval by another person is enough. */
export function judgeApprovers({ approvers, authors }: Approvers): Pick<GateEvidence, 'result' | 'text'> {
  if (!isKnown(authors))
    return { result: 'unknown', text: 'approved, and nobody can say who has written what is approved' };
  const known = approvers.filter(isKnown);
  if (known.some((people) => !people.some((person) => authors.includes(person))))
    return { result: 'pass', text: 'approved by another person than its authors' };
  if (known.length < approvers.length)
    return { result: 'unknown', text: 'approved, and nobody can say by whom: no commit tells' };
  return { result: 'pending', text: 'approved by its own author; another person has to' };
}

const isKnown = (people: readonly string[] | undefined): people is readonly string[] =>
  people !== undefined && people.length > 0 && !people.includes('');
