/** What is known of a cell when it is planned: the same facts whether the plan is carried out or only shown. */
import { FaultError } from '../core/model/fault.ts';
import type { InstallationId, ObjectKey } from '../core/model/id.ts';
import type { CellRecord, Inventory } from '../core/model/record.ts';
import type { CellFacts } from '../core/plan/cell-plan.ts';
import { applySetIdOf, recordNameOf, systemNamespace } from '../core/plan/record-id.ts';
import { joinInventories } from './inventory.ts';
import { type Looked, withLooked } from './looked.ts';
import type { AutoscalerCache } from './member/autoscaler-cache.ts';
import type { LiveCache } from './member/live-cache.ts';
import type { HeldRecord } from './member/record-cache.ts';
import type { Session } from './member/session.ts';
import type { Task } from './task.ts';

export type FactSources = {
  readonly installation: InstallationId;
  readonly session: Pick<Session, 'seal'>;
  readonly live: Pick<LiveCache, 'objects' | 'partsOf'>;
  readonly looked: Looked;
  readonly autoscalers: Pick<AutoscalerCache, 'fieldsOf'>;
  readonly isContested: (key: ObjectKey) => boolean;
  readonly isSuspect: (key: ObjectKey) => boolean;
  /** Another cell of the same cluster wants it. */
  readonly isWantedElsewhere: (key: ObjectKey) => boolean;
};

export const appOf = (task: Task) => (task.kind === 'remove' ? task.record.app : task.cell.app);
export const cellOf = (task: Task) => (task.kind === 'remove' ? task.record.cell : task.cell.id);
export const renderingOf = (task: Task) => (task.kind === 'remove' ? undefined : task.rendering);

/** Records of what the cell was before it was moved. */
export const formerOf = (task: Task): readonly CellRecord[] => (task.kind === 'hold' ? task.former : []);
export const formerIdsOf = (task: Task): ReadonlySet<string> =>
  new Set(formerOf(task).map((record) => applySetIdOf(recordNameOf(record.installation, record.app))));

/** Errors: misconfigured, for a record that cannot be read: unreadable is not empty. */
export function recordIn(held: HeldRecord | undefined): CellRecord | undefined {
  if (held === undefined || held.record !== undefined) return held?.record;
  const detail = `record ${systemNamespace}/${held.name} is damaged: restore it, or remove it by hand`;
  throw new FaultError({ kind: 'misconfigured', detail });
}

/** Shape: the record's inventory with those of the cells that this one was before. */
export const inventoryOf = (task: Task, record: CellRecord | undefined): Inventory =>
  joinInventories(record?.inventory ?? new Map(), formerOf(task));

/** Kinds of objects whose live state a plan looks at. */
export const keysOf = (task: Task, inventory: Inventory): readonly ObjectKey[] => [
  ...inventory.keys(),
  ...(renderingOf(task)?.objects ?? []).map(({ key }) => key),
];

export function factsOf(
  task: Task,
  inventory: Inventory,
  counts: CellRecord['replicas'] | undefined,
  sources: FactSources,
): CellFacts {
  const { installation, session, live, looked, autoscalers, isContested, isSuspect, isWantedElsewhere } = sources;
  const recordId = applySetIdOf(recordNameOf(installation, appOf(task)));
  return {
    rendering: renderingOf(task),
    inventory,
    live: withLooked(live.objects, looked),
    swept: [recordId, ...formerIdsOf(task)].flatMap((id) => [...live.partsOf(id)]),
    owner: { installation, recordId },
    seal: session.seal,
    isPruning: isPruning(task),
    isMakingFirst: task.kind === 'hold' && task.isMakingFirst,
    counts: counts ?? new Map(),
    isOrphaning: task.kind === 'remove' && task.isOrphaning,
    autoscaled: (key) => autoscalers.fieldsOf(key),
    isContested,
    isSuspect,
    isWantedElsewhere,
  };
}

/** Of a cell that is only kept, nothing goes: what it should hold may not even be known. */
function isPruning(task: Task): boolean {
  if (task.kind === 'keep') return false;
  return (task.kind === 'hold' ? (task.pruneWaits ?? task.leaveWaits) : task.waits) === undefined;
}
