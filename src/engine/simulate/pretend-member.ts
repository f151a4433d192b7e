/** A cluster that is only imagined: every plan made for it by the engine comes true, and what starts is well after a while. */
import type { Cluster } from '../../core/model/fleet.ts';
import type { AppId, CellId, ClusterId, InstallationId, ObjectKey } from '../../core/model/id.ts';
import type { LiveObject } from '../../core/model/live.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { type Action, isAboutUnwanted, isWrite } from '../../core/model/plan.ts';
import type { CellRecord, Inventory, OwnedObject } from '../../core/model/record.ts';
import { planCell } from '../../core/plan/cell-plan.ts';
import { recordNameOf } from '../../core/plan/record-id.ts';
import type { Move } from '../../core/simulation/moment.ts';
import { appOf, cellOf, factsOf, formerOf, inventoryOf, recordIn, renderingOf } from '../cell-facts.ts';
import type { ActionResult } from '../execute/context.ts';
import { inventoryAfter } from '../inventory.ts';
import type { CellStatus } from '../ledger.ts';
import type { HeldRecord } from '../member/record-cache.ts';
import { openSeal } from '../member/system.ts';
import type { JudgedMember } from '../members.ts';
import { nextRecord } from '../record/next-record.ts';
import { settle } from '../settle.ts';
import type { Task } from '../task.ts';
import { arrived, grownWell, isWell, type PretendObject, readyOf } from './pretend-object.ts';

export type PretendWork = {
  readonly nowMs: number;
  readonly readyAfterMs: number;
  readonly isBroken: boolean;
  readonly isWantedElsewhere: (key: ObjectKey, cell: CellId) => boolean;
};

export type Worked = {
  readonly status: CellStatus;
  /** Undefined when nothing was written. */
  readonly move: Omit<Move, 'atMs' | 'step'> | undefined;
  /** Nothing is left of it, and nothing wanted. */
  readonly isGone: boolean;
};

/** What was known of a cell, and what came of it. */
type PretendRun = {
  readonly record: CellRecord | undefined;
  readonly inventory: Inventory;
  readonly actions: readonly Action[];
  readonly results: readonly ActionResult[];
  /** Replicas that it had. */
  readonly before: number | undefined;
};

export class PretendMember implements JudgedMember {
  readonly id: ClusterId;
  readonly session = { seal: openSeal };
  readonly isRead = true;
  readonly #installation: InstallationId;
  readonly #held = new Map<string, HeldRecord>();
  readonly #objects = new Map<ObjectKey, PretendObject>();
  readonly #live = new Map<ObjectKey, LiveObject>();
  #cluster: Cluster;
  #lostSinceMs: number | undefined;
  #uids = 0;

  constructor(cluster: Cluster, installation: InstallationId) {
    this.id = cluster.id;
    this.#cluster = cluster;
    this.#installation = installation;
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  get lostSinceMs(): number | undefined {
    return this.#lostSinceMs;
  }

  get isReady(): boolean {
    return this.#lostSinceMs === undefined;
  }

  readonly records = {
    of: (app: AppId): HeldRecord | undefined => this.#held.get(recordNameOf(this.#installation, app)),
    all: { [Symbol.iterator]: () => this.#held.values() } as Iterable<HeldRecord>,
  };

  become(cluster: Cluster): void {
    this.#cluster = cluster;
  }

  lose(nowMs: number): void {
    this.#lostSinceMs ??= nowMs;
  }

  comeBack(): void {
    this.#lostSinceMs = undefined;
  }

  /** When the next object becomes well, if any does. */
  get nextWellAtMs(): number | undefined {
    const times = [...this.#objects.values()].flatMap(({ wellAtMs }) => wellAtMs ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Objects that have had their time are well. */
  grow(nowMs: number): void {
    for (const [key, object] of this.#objects)
      if (object.wellAtMs !== undefined && object.wellAtMs <= nowMs) this.#put(key, grownWell(object));
  }

  /** What was not well is, or begins to become so. */
  mend(app: AppId, nowMs: number, readyAfterMs: number): void {
    for (const key of this.#keysOf(app)) {
      const object = this.#objects.get(key);
      if (object === undefined || isWell(object)) continue;
      const live = { ...object.live, health: { status: 'Progressing', message: 'starting' } as const };
      this.#put(key, { ...object, live, wellAtMs: object.wellAtMs ?? nowMs + readyAfterMs });
    }
  }

  #keysOf(app: AppId): readonly ObjectKey[] {
    return [...(this.records.of(app)?.record?.inventory.keys() ?? [])];
  }

  /** Shape: undefined when the cell holds nothing. */
  counts(app: AppId): { readonly replicas: number | undefined; readonly ready: number; readonly isServing: boolean } {
    const objects = this.#keysOf(app).flatMap((key) => this.#objects.get(key) ?? []);
    const counted = objects.flatMap(({ replicas }) => replicas ?? []);
    const ready = objects.reduce((sum, object) => sum + readyOf(object), 0);
    const isRunning = objects.every((object) => !object.isRunning || isWell(object) || object.readyMeanwhile > 0);
    return {
      replicas: counted.length === 0 ? undefined : counted.reduce((sum, count) => sum + count, 0),
      ready: this.isReady ? ready : 0,
      isServing: this.isReady && objects.length > 0 && isRunning,
    };
  }

  find(isMeant: (object: KubeObject) => boolean): KubeObject | undefined {
    const found = [...this.#objects.values()].find(({ body }) => isMeant(body));
    if (found === undefined) return undefined;
    return { ...found.body, status: { readyReplicas: readyOf(found) } };
  }

  /** A step of one cell, as the engine makes it: plan, carry out, write down, and say how it is. */
  work(task: Task, work: PretendWork): Worked {
    const app = appOf(task);
    const record = recordIn(this.records.of(app));
    const inventory = inventoryOf(task, record);
    const before = this.counts(app).replicas;
    const facts = factsOf(task, inventory, record?.replicas, {
      installation: this.#installation,
      session: this.session,
      live: { objects: this.#live, partsOf: () => [] },
      looked: new Map(),
      autoscalers: { fieldsOf: () => [] },
      isContested: () => false,
      isSuspect: () => false,
      isWantedElsewhere: (key) => work.isWantedElsewhere(key, cellOf(task)),
    });
    const actions = planCell(facts);
    const results = this.#carryOut(actions, inventory, work);
    return this.#writeDown(task, { record, inventory, actions, results, before }, work);
  }

  #put(key: ObjectKey, object: PretendObject): void {
    this.#objects.set(key, object);
    this.#live.set(key, object.live);
  }

  #carryOut(actions: readonly Action[], inventory: Inventory, work: PretendWork): readonly ActionResult[] {
    const wanted = actions.filter((action) => !isAboutUnwanted(action));
    const results = wanted.map((action) => this.#act(action, inventory.get(action.key), work));
    const isClean = results.every(({ kind }) => kind === 'applied' || kind === 'kept' || kind === 'gone');
    const removed = actions
      .filter(isAboutUnwanted)
      .map(
        (action): ActionResult =>
          isClean
            ? this.#act(action, inventory.get(action.key), work)
            : { kind: 'kept', key: action.key, owned: inventory.get(action.key) },
      );
    return [...results, ...removed];
  }

  #act(action: Action, owned: OwnedObject | undefined, work: PretendWork): ActionResult {
    const { nowMs, readyAfterMs, isBroken } = work;
    const { key } = action;
    switch (action.kind) {
      case 'create':
      case 'update': {
        const before = this.#objects.get(key);
        const uid = before?.live.uid ?? `${this.id}-${++this.#uids}`;
        const object = arrived({ manifest: action.manifest, before, uid, nowMs, readyAfterMs, isBroken });
        this.#put(key, object);
        const { digest, body } = action.manifest;
        const { fingerprint = '' } = object.live;
        return {
          kind: 'applied',
          key,
          owned: { key, apiVersion: body.apiVersion, uid, digest, fingerprint },
          note: undefined,
        };
      }
      case 'delete':
      case 'release':
        this.#objects.delete(key);
        this.#live.delete(key);
        return { kind: 'gone', key };
      case 'forget':
        return { kind: 'gone', key };
      case 'look':
        return this.#objects.has(key) ? { kind: 'kept', key, owned } : { kind: 'gone', key };
      case 'keep':
        return { kind: 'kept', key, owned };
      case 'wait':
        return { kind: 'pending', key, reason: action.reason, owned, isSoon: false };
      case 'refuse':
        return { kind: 'refused', key, reason: action.reason, owned };
    }
  }

  #writeDown(task: Task, run: PretendRun, { nowMs }: PretendWork): Worked {
    const { record: before, results } = run;
    const inventory = inventoryAfter(run.inventory, run.actions, results);
    const settled = { results, rendering: renderingOf(task), inventory, live: this.#live, nowMs };
    const { status, health } = settle(task, settled);
    const state = { installation: this.#installation, before, inventory, health, nowMs };
    const record = nextRecord(task, { ...state, isApplied: status.isApplied });
    this.#hold(appOf(task), record);
    for (const former of formerOf(task)) this.#hold(former.app, undefined);
    return { status, move: this.#moveOf(task, run), isGone: task.kind === 'remove' && record === undefined };
  }

  #hold(app: AppId, record: CellRecord | undefined): void {
    const name = recordNameOf(this.#installation, app);
    if (record === undefined) this.#held.delete(name);
    else this.#held.set(name, { name, uid: name, resourceVersion: '1', record });
  }

  #moveOf(task: Task, { actions, results, before, record }: PretendRun): Worked['move'] {
    const gone = new Set(results.flatMap((result) => (result.kind === 'gone' ? [result.key] : [])));
    const done = actions.filter((action) => isWrite(action) && (!isAboutUnwanted(action) || gone.has(action.key)));
    if (done.length === 0) return undefined;
    const app = appOf(task);
    const keysOf = (kind: Action['kind']) => done.filter((action) => action.kind === kind).map(({ key }) => key);
    const isScaling = done.every(({ kind, key }) => kind === 'update' && this.#objects.get(key)?.isScaled === true);
    const kept = isScaling ? 'scales' : 'changes';
    return {
      app,
      cluster: this.id,
      kind: task.kind === 'remove' ? 'leaves' : record === undefined ? 'arrives' : kept,
      replicas: { before, after: this.counts(app).replicas },
      created: keysOf('create').length,
      updated: keysOf('update').length,
      released: keysOf('release').length,
      deleted: keysOf('delete'),
    };
  }
}
