/** One object in a plan, as people and programs read it. */
import { type Cell, type DesiredObject, whyKept } from '../../core/model/cell.ts';
import { groupKindOf, type ObjectKey, partsOf } from '../../core/model/id.ts';
import type { Action, Manifest } from '../../core/model/plan.ts';
import type { Inventory } from '../../core/model/record.ts';
import { manifestOf } from '../../core/plan/manifest.ts';
import type { PlannedAction, PlannedObject, Verb } from '../../core/preview/planned.ts';
import { describeFault } from '../fault-text.ts';
import type { Draft } from './draft.ts';
import type { Outcome } from './dry-run.ts';
import type { Survey } from './survey.ts';

type Parts = Partial<Pick<PlannedAction, 'changes' | 'isVerified' | 'reason' | 'seal'>>;

function action(verb: Verb, object: PlannedObject, parts: Parts = {}): PlannedAction {
  return { verb, object, reason: undefined, isVerified: false, changes: [], seal: '', ...parts };
}

function objectAt(key: ObjectKey, apiVersion: string): PlannedObject {
  const { kind, namespace, name } = partsOf(key);
  return { apiVersion, kind, namespace, name };
}

const isSecret = (key: ObjectKey): boolean => groupKindOf(key) === '/Secret';

/**
 * Shape: in the order in which they would be done; what is in sync is left out. `isSealed`: digests are keyed, so that
 *   they tell nothing of a Secret. `wait`: why none of it happens yet.
 */
export function plannedActions(
  draft: Draft,
  outcomes: ReadonlyMap<ObjectKey, Outcome>,
  isSealed: boolean,
  wait: string | undefined,
): readonly PlannedAction[] {
  const { facts, inventory, task } = draft;
  const kept = keptReason(draft);
  const sealOf = ({ desired, digest }: Manifest): string => (isSealed || !isSecret(desired.key) ? digest : '');
  const manifests = new Map(
    (facts.rendering?.objects ?? []).map((desired) => [
      desired.key,
      manifestOf(desired, [...desired.released, ...facts.autoscaled(desired.key)], facts.owner, facts.seal),
    ]),
  );
  const namespaces = task.kind === 'remove' ? [] : newNamespaces(outcomes, draft);
  const stop = stopOf(draft, outcomes);
  const objects = draft.actions.flatMap((each): readonly PlannedAction[] => {
    const manifest = manifests.get(each.key);
    const object = objectAt(each.key, manifest?.body.apiVersion ?? apiVersionOf(each.key, inventory));
    const planned = plannedAction(each, object, outcomes.get(each.key), kept, deleteWait(draft));
    if (planned === undefined) return [];
    const seal = manifest === undefined ? '' : sealOf(manifest);
    return [{ ...planned, seal, reason: planned.reason ?? stop(each, planned.verb) }];
  });
  return [...namespaces, ...objects].map((each) =>
    wait === undefined ? each : { ...each, reason: joined(wait, each.reason) },
  );
}

/** Objects go rank by rank, and what is refused stops all that comes after it; deletions come last. */
function stopOf({ actions, rendering }: Draft, outcomes: ReadonlyMap<ObjectKey, Outcome>) {
  const ranks = new Map((rendering?.objects ?? []).map(({ key, rank }) => [key, rank]));
  const stopped = actions
    .filter(({ kind, key }) => kind === 'refuse' || outcomes.get(key)?.kind === 'refused')
    .map(({ key }) => ranks.get(key) ?? 0);
  const first = Math.min(...stopped);
  return ({ key }: Action, verb: Verb): string | undefined => {
    const isAfter = (ranks.get(key) ?? Number.POSITIVE_INFINITY) > first;
    return isAfter && stopped.length > 0 && verb !== 'refuse' ? 'waits for what is refused before it' : undefined;
  };
}

const joined = (wait: string, reason: string | undefined): string =>
  reason === undefined || reason === wait ? wait : `${wait}; ${reason}`;

/** As the record remembers it; of an object that only its label tells of, the group. */
function apiVersionOf(key: ObjectKey, inventory: Inventory): string {
  const known = inventory.get(key)?.apiVersion;
  return known === undefined || known === '' ? partsOf(key).group : known;
}

/** Namespaces that come with the cell are nobody's afterwards: they are not among its actions. */
function newNamespaces(outcomes: ReadonlyMap<ObjectKey, Outcome>, { rendering }: Draft): readonly PlannedAction[] {
  const needed = new Set(
    [...outcomes].flatMap(([key, outcome]) =>
      outcome.kind === 'unverified' && outcome.before === 'namespace' ? [partsOf(key).namespace] : [],
    ),
  );
  return (rendering?.namespaces ?? [])
    .filter((name) => needed.has(name))
    .map((name) =>
      action(
        'create',
        { apiVersion: 'v1', kind: 'Namespace', namespace: '', name },
        { reason: 'made for the App, never deleted' },
      ),
    );
}

/** Why deletions do not happen at once. */
function deleteWait({ task }: Draft): string | undefined {
  if (task.kind === 'keep') return undefined;
  return task.kind === 'hold' ? (task.pruneWaits ?? task.leaveWaits) : task.waits;
}

function keptReason(draft: Draft): string {
  const { task, rendering } = draft;
  const kept = whyKept(rendering);
  if (kept !== undefined) return `kept as it was: ${kept}`;
  if (task.kind === 'keep') return task.reason;
  return deleteWait(draft) ?? 'nothing is deleted now';
}

function plannedAction(
  each: Action,
  object: PlannedObject,
  outcome: Outcome | undefined,
  kept: string,
  later: string | undefined,
): PlannedAction | undefined {
  switch (each.kind) {
    case 'create':
      return written('create', object, outcome, undefined);
    case 'update':
      return written(
        'update',
        object,
        outcome,
        each.cause === 'moved' ? 'comes from another App' : undefined,
        each.cause,
      );
    case 'wait':
      return written('create', object, outcome, each.reason);
    case 'refuse':
      return action('refuse', object, { reason: each.reason });
    case 'delete':
      return action('delete', object, { reason: later });
    case 'release':
      return action('release', object, { reason: 'stays, and is no longer ours' });
    case 'forget':
      return action('keep', object, { reason: 'another App takes it over' });
    case 'look':
      return keptAction('notPruning', object, kept);
    case 'keep':
      return keptAction(each.reason, object, kept);
  }
}

function keptAction(
  reason: Extract<Action, { kind: 'keep' }>['reason'],
  object: PlannedObject,
  kept: string,
): PlannedAction | undefined {
  switch (reason) {
    case 'inSync':
    case 'readOnly':
      return undefined;
    case 'notPruning':
      return action('keep', object, { reason: kept });
    case 'beingDeleted':
      return action('keep', object, { reason: 'is being deleted already' });
    case 'contested':
      return action('keep', object, { reason: 'is changed back again and again by somebody else' });
  }
}

/** `verb` is what it looked like before it was tried. */
function written(
  verb: 'create' | 'update',
  object: PlannedObject,
  outcome: Outcome | undefined,
  reason: string | undefined,
  cause?: Extract<Action, { kind: 'update' }>['cause'],
): PlannedAction {
  if (outcome === undefined) return action(verb, object, { reason });
  switch (outcome.kind) {
    case 'created':
      return action('create', object, { reason, isVerified: true });
    case 'changed':
      return action('update', object, {
        reason: outcome.note ?? reason ?? causeText(cause, outcome.changes.length),
        isVerified: true,
        changes: outcome.changes,
      });
    case 'unverified':
      return action(outcome.verb, object, { reason: outcome.reason });
    case 'refused':
      return action('refuse', object, { reason: outcome.reason });
    case 'failed':
      return action(verb, object, { reason: `not verified: ${describeFault(outcome.fault)}` });
  }
}

function causeText(
  cause: Extract<Action, { kind: 'update' }>['cause'] | undefined,
  changes: number,
): string | undefined {
  if (cause === 'drifted') return 'somebody else has changed it';
  return changes === 0 ? 'no field changes' : undefined;
}

/** A cell of which nothing can be planned: what is known to be there, or wanted, stays as it is. */
export function plannedNothing(cell: Cell, { members }: Survey, reason: string): readonly PlannedAction[] {
  const record = members.get(cell.cluster)?.records.of(cell.app)?.record;
  if (record !== undefined)
    return [...record.inventory.values()].map(({ key, apiVersion }) =>
      action('keep', objectAt(key, apiVersion), { reason }),
    );
  const wanted: readonly DesiredObject[] = cell.aim.kind === 'hold' ? cell.aim.rendering.objects : [];
  return wanted.map(({ key, object }) => action('keep', objectAt(key, object.apiVersion), { reason }));
}
