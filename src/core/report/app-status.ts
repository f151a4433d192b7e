/** The status of an App, or of one pinned stage of it, from how its cells stand. */
import type { ClusterId } from '../model/id.ts';
import { count, cut, few, fit, oneLine } from '../model/line.ts';
import { type ManifestErrors, textOfErrors } from './errors.ts';
import { type Standing, type StandingKind, worstFirst } from './standing.ts';
import { type Status, type StatusCause, type StatusState, textMax } from './status.ts';

export type StandingCell = { readonly cluster: ClusterId; readonly stage: string; readonly standing: Standing };

export type AppFacts = {
  /** In order of cluster. */
  readonly cells: readonly StandingCell[];
  /** Clusters that are to hold nothing of it any more, and still do. */
  readonly removals: readonly StandingCell[];
  /** In its own manifests. */
  readonly errors: ManifestErrors | undefined;
  /** What was let pass by a person, as it is said; undefined when nothing was. */
  readonly bypassed?: string | undefined;
  /** What a person is to do next, where nobody else can tell them; undefined when nothing. */
  readonly advice?: string | undefined;
  /** How many clusters of each stage may fail before it stops. */
  readonly failuresMax: ReadonlyMap<string, number>;
};

/**
 * Says how far a commit is with one App.
 *
 * Shape: `success` only when every cell that counts is well, at what this commit wants, and nothing is left to remove. What
 *   cannot be reached for long, and what a person has suspended, is counted apart; when nothing else is left, it is no
 *   success either.
 */
export function statusOfApp(facts: AppFacts): Status {
  const { cells, removals, errors } = facts;
  const all = worstFirst([...cells, ...removals]);
  const [worst] = all;
  const details = all.filter(({ standing }) => standing.kind !== 'well').map(detailOf);
  const progress = progressOf(facts, worst);
  if (errors !== undefined)
    return { state: 'failure', cause: 'manifests', text: cut(textOfErrors(errors), textMax), progress, details };
  if (worst === undefined) return { state: 'success', cause: 'well', text: 'no cluster takes it', progress, details };
  const { state, cause } = verdictOf(facts, all);
  return { state, cause, text: textOf(facts, worst, state), progress, details };
}

function verdictOf(
  { cells, removals, failuresMax }: AppFacts,
  all: readonly StandingCell[],
): { readonly state: StatusState; readonly cause: StatusCause } {
  const has = (kind: StandingKind): boolean => all.some(({ standing }) => standing.kind === kind);
  if (has('refused')) return { state: 'failure', cause: 'refused' };
  if (isOverBudget(cells, failuresMax)) return { state: 'failure', cause: 'budget' };
  if (has('stuck')) return { state: 'error', cause: 'stuck' };
  if (has('acknowledge')) return { state: 'pending', cause: 'acknowledgement' };
  if (has('moving')) return { state: 'pending', cause: 'underway' };
  // Within the budget, but nothing moves any more: what waits, waits for those that failed.
  if (has('failed') && !has('unseen')) return { state: 'failure', cause: 'budget' };
  if (has('failed') || has('waiting')) return { state: 'pending', cause: 'underway' };
  if (has('unseen')) return { state: 'pending', cause: 'unseen' };
  if (removals.length === 0 && cells.some(isWell)) return { state: 'success', cause: 'well' };
  if (has('unreachable')) return removalsApart(cells, removals);
  return { state: 'pending', cause: 'suspended' };
}

function isOverBudget(cells: readonly StandingCell[], failuresMax: AppFacts['failuresMax']): boolean {
  const failed = Map.groupBy(
    cells.filter(({ standing }) => standing.kind === 'failed'),
    ({ stage }) => stage,
  );
  return [...failed].some(([stage, group]) => group.length > (failuresMax.get(stage) ?? 0));
}

/** Only clusters that do not answer have something left to remove: they are apart, as in everything else. */
function removalsApart(
  cells: readonly StandingCell[],
  removals: readonly StandingCell[],
): { readonly state: StatusState; readonly cause: StatusCause } {
  const isRest = removals.length > 0 && removals.every(({ standing }) => standing.kind === 'unreachable');
  return isRest && cells.some(isWell)
    ? { state: 'success', cause: 'well' }
    : { state: 'pending', cause: 'unreachable' };
}

const isWell = ({ standing }: StandingCell): boolean => standing.kind === 'well';
const isApart = ({ standing }: StandingCell): boolean =>
  standing.kind === 'unreachable' || standing.kind === 'suspended';

function textOf(facts: AppFacts, worst: StandingCell, state: StatusState): string {
  const { cells, removals, bypassed, advice } = facts;
  const counted = cells.filter((cell) => !isApart(cell));
  const well = counted.filter(isWell).length;
  const apart = (kind: StandingKind): readonly string[] =>
    [...cells, ...removals].filter(({ standing }) => standing.kind === kind).map(({ cluster }) => cluster);
  const [unreachable, suspended] = [apart('unreachable'), apart('suspended')];
  const leaving = removals.filter((cell) => !isApart(cell)).length;
  const counts = cells.length === 0 ? undefined : `${well}/${counted.length} clusters synced and healthy`;
  // The digest is to be copied: nothing may push it over the edge.
  if (worst.standing.kind === 'acknowledge') return fit([counts, `acknowledge ${worst.standing.deletes}`], textMax);
  return fit(
    [
      counts,
      bypassed,
      unreachable.length === 0 ? undefined : `${unreachable.length} unreachable: ${few(unreachable)}`,
      suspended.length === 0 ? undefined : `${suspended.length} suspended: ${few(suspended)}`,
      leaving === 0 ? undefined : `${count(leaving, 'cluster')} to be emptied`,
      advice,
      state === 'success' || isApart(worst) ? undefined : reasonOf(worst),
    ],
    textMax,
  );
}

const reasonOf = ({ cluster, standing }: StandingCell): string | undefined =>
  standing.kind === 'well' ? undefined : `${cluster}: ${standing.reason}`;

const detailMax = 200;

function detailOf({ cluster, stage, standing }: StandingCell): string {
  const reason = standing.kind === 'well' ? '' : standing.reason;
  return cut(oneLine(`${cluster} (${stage}): ${reason}`), detailMax);
}

function progressOf({ cells, removals }: AppFacts, worst: StandingCell | undefined): string {
  const well = cells.filter(isWell).length;
  const apart = [...cells, ...removals].filter(isApart).length;
  const name = worst === undefined || isWell(worst) ? '' : worst.cluster;
  return `${well}/${cells.length} ${apart} ${removals.length} ${name} ${hindranceOf(worst)}`;
}

/** What a cluster waits for may be all that is ever said of it: a gate, once it is seen; only counts and times are no news. */
function hindranceOf(worst: StandingCell | undefined): string {
  if (worst?.standing.kind === 'unseen') return 'unseen';
  return worst?.standing.kind === 'waiting' ? worst.standing.reason.replaceAll(/[0-9]+/g, '') : '';
}
