/** How a cluster is with what it is to hold, in the words of KubeFed's status: for people, and alerts, that know those. */
import type { Cell } from '../../core/model/cell.ts';
import { type Fault, type FaultKind, faultRules } from '../../core/model/fault.ts';
import type { ObjectKey } from '../../core/model/id.ts';
import type { Action } from '../../core/model/plan.ts';
import type { Outcome } from './dry-run.ts';

/** Empty: as it should be. KubeFed's words about its own caches and versions have nothing here that they could mean. */
export type PropagationStatus =
  | ''
  | 'AlreadyExists'
  | 'ApplyOverridesFailed'
  | 'CachedRetrievalFailed'
  | 'ClientRetrievalFailed'
  | 'ClusterNotReady'
  | 'ComputeResourceFailed'
  | 'CreationFailed'
  | 'CreationTimedOut'
  | 'DeletionFailed'
  | 'LabelRemovalFailed'
  | 'ManagedLabelFalse'
  | 'RetrievalFailed'
  | 'UpdateFailed'
  | 'UpdateTimedOut'
  | 'WaitingForRemoval';

export type PropagationFacts = {
  /** Undefined for a cell that is to go. */
  readonly aim: Cell['aim'] | undefined;
  /** Codes of the errors in the manifest of a cell that is not known. */
  readonly errors: readonly string[];
  /** Why the cluster cannot be looked into. */
  readonly memberFault: Fault | undefined;
  /** Why what it holds cannot be told. */
  readonly readFault: Fault | undefined;
  readonly actions: readonly Action[];
  /** What the server says of those that it was asked about. */
  readonly outcomes: ReadonlyMap<ObjectKey, Outcome>;
};

/** Changes that a variant asks for, and that an object does not take, or that are no changes at all. */
const overrideCodes: ReadonlySet<string> = new Set(['A1308', 'A1309', 'A1310', 'A1555', 'A1556', 'A1557', 'A1558']);
const clientFaults: ReadonlySet<FaultKind> = new Set(['misconfigured', 'unauthenticated', 'forbidden']);

/** Shape: of several words the first that somebody has to act on. Source: KubeFed 0.10, `status.clusters[].status`. */
export function propagationOf(facts: PropagationFacts): PropagationStatus {
  const { aim, memberFault, readFault, actions, outcomes, errors } = facts;
  if (memberFault !== undefined)
    return clientFaults.has(memberFault.kind) ? 'ClientRetrievalFailed' : 'ClusterNotReady';
  if (aim?.kind === 'unknown')
    return [...aim.diagnostics.map(({ code }) => code), ...errors].some((code) => overrideCodes.has(code))
      ? 'ApplyOverridesFailed'
      : 'ComputeResourceFailed';
  if (readFault !== undefined) return readFault.kind === 'misconfigured' ? 'RetrievalFailed' : 'CachedRetrievalFailed';
  const words = actions.map((action) => wordFor(action, outcomes.get(action.key)));
  return words.toSorted((a, b) => weightOf(a) - weightOf(b))[0] ?? '';
}

/** What is under way weighs less than what is stuck. */
const underWay: readonly PropagationStatus[] = ['CreationTimedOut', 'UpdateTimedOut', 'WaitingForRemoval', ''];
const weightOf = (word: PropagationStatus): number => underWay.indexOf(word);

function wordFor(action: Action, outcome: Outcome | undefined): PropagationStatus {
  if (outcome?.kind === 'refused' && outcome.cause !== undefined) return outcome.cause;
  // It is there. Taking it over as it is changes nothing that KubeFed would tell of.
  if (outcome?.kind === 'changed') return outcome.changes.length === 0 ? '' : 'UpdateTimedOut';
  switch (action.kind) {
    case 'create':
      return isStuck(outcome) ? 'CreationFailed' : 'CreationTimedOut';
    case 'update':
      return isStuck(outcome) ? 'UpdateFailed' : 'UpdateTimedOut';
    case 'wait':
      return 'CreationTimedOut';
    case 'refuse':
      return 'AlreadyExists';
    case 'delete':
      return isStuck(outcome) ? 'DeletionFailed' : 'WaitingForRemoval';
    case 'release':
      return isStuck(outcome) ? 'LabelRemovalFailed' : 'WaitingForRemoval';
    case 'keep':
      return action.reason === 'beingDeleted' || action.reason === 'notPruning' ? 'WaitingForRemoval' : '';
    case 'forget':
    case 'look':
      return '';
  }
}

/** What passes by itself is under way, as a write that did not end in time was. */
function isStuck(outcome: Outcome | undefined): boolean {
  if (outcome?.kind === 'refused') return true;
  return outcome?.kind === 'failed' && faultRules[outcome.fault.kind].actor !== 'nobody';
}
