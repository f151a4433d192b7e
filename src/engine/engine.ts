/** The engine: commits in, clusters converged, and all that is known about it in the ledger. */
import type { Compiled } from '../core/compile/compile.ts';
import type { Cluster } from '../core/model/fleet.ts';
import { type AppId, type CellId, cellId, type ObjectKey, partsOfCell } from '../core/model/id.ts';
import { appsByRecordId } from './apps-by-record.ts';
import { isSameWork } from './cell-change.ts';
import { cellsOn } from './cells-on.ts';
import { Clients } from './clients.ts';
import { Copies } from './copies.ts';
import { stackOf } from './fault-text.ts';
import { FleetKeeper } from './fleet-keeper.ts';
import { frozenRemoval } from './freezes.ts';
import type { PlacedAsk } from './gates/gate-view.ts';
import type { Gates } from './gates/gates.ts';
import { openGates } from './gates/open.ts';
import { Guarding } from './guarding.ts';
import { HeldRenderings } from './held.ts';
import type { Judgement } from './judge.ts';
import { Leaving } from './leaving.ts';
import { Ledger } from './ledger.ts';
import { Member } from './member/member.ts';
import type { HeldRecord } from './member/record-cache.ts';
import { TextPool } from './member/text-pool.ts';
import type { Reconciled } from './reconcile.ts';
import { Reviser, type Revision } from './reviser.ts';
import type { EngineDeps, EngineSettings } from './settings.ts';
import { filesOf } from './source/read-files.ts';
import { FollowedRepository, type RepositorySettings } from './source/repository.ts';
import { hasTakenOver, whyStays } from './steer.ts';
import { Steering } from './steering.ts';
import { surveying } from './surveying.ts';
import type { Task } from './task.ts';
import { taskFor, unlessDeselected } from './tasks.ts';
import { ToolRuns } from './tool-runs.ts';
import { Wake } from './wake.ts';
import { Worker } from './worker.ts';

export class Engine {
  readonly ledger = new Ledger();
  readonly repositories: readonly FollowedRepository[];
  readonly fleet: FleetKeeper;
  readonly steering: Steering;
  readonly gates: Gates;
  readonly #settings: EngineSettings;
  readonly #deps: EngineDeps;
  readonly #clients: Clients;
  readonly #reviser: Reviser;
  readonly #tools: ToolRuns;
  readonly #held: HeldRenderings;
  readonly #texts = new TextPool();
  readonly #leaving = new Leaving();
  readonly #revising: Wake;
  readonly #guarding = new Guarding();
  #appByRecordId: ReadonlyMap<string, AppId> = new Map();
  readonly #listeners = new Set<() => void>();
  #signal: AbortSignal = AbortSignal.abort();
  #surveyEndMs = 0;

  constructor(settings: EngineSettings, deps: EngineDeps) {
    this.#settings = settings;
    this.#deps = deps;
    const { clock, log, metrics, rng } = deps;
    const reviseSoon = (): void => this.#revising.now();
    this.#revising = new Wake(clock);
    this.repositories = settings.repositories.map((each) => this.#follow(each, reviseSoon));
    this.fleet = new FleetKeeper((cluster) => this.#workerOf(cluster));
    const { members } = this.fleet;
    const compiled = () => this.revision?.compiled;
    this.#clients = new Clients({
      members,
      connectHub: deps.connectHub,
      grantOf: (id) => compiled()?.gathered.grants.get(id),
    });
    const clientOf: Clients['readerOf'] = (cluster, repository) => this.#clients.readerOf(cluster, repository);
    const copies = new Copies({ clientOf, clock, rng, log }, reviseSoon);
    this.#tools = new ToolRuns({ ...deps, filesOf: (id) => filesOf(this.repositories, id) }, reviseSoon);
    this.#reviser = new Reviser({
      tools: this.#tools,
      repositories: this.repositories,
      members,
      copies,
      copyScope: settings.copyScope,
      clock,
      log,
      metrics,
    });
    this.#held = new HeldRenderings(
      (record) => this.#reviser.recall(record, this.#signal),
      (cell) => this.#enqueue(cell),
    );
    const { ledger } = this;
    const onEvidence = ({ app }: PlacedAsk): void => this.steering.reopenApp(app);
    this.gates = openGates(settings, deps, { engine: this, members, clientOf, onEvidence });
    this.steering = new Steering({
      compiled,
      members,
      ledger,
      gates: this.gates,
      clock,
      onDecision: (cell) => this.#enqueue(cell),
      onRound: () => this.#tell(),
    });
  }

  /** The newest compile; undefined before the first. */
  get revision(): Revision | undefined {
    return this.#reviser.current;
  }

  get judgement(): Judgement {
    return this.#guarding.judgement;
  }

  /** Calls `listener` after each compile, decision and run; the result stops it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nothing waits to be compiled, decided or done: only time and the world can change anything. */
  get isAtRest(): boolean {
    return (
      this.steering.isAtRest &&
      this.gates.isAtRest &&
      this.#tools.isAtRest &&
      !this.#revising.isPending &&
      this.fleet.workers.every(({ queue }) => queue.isAtRest)
    );
  }

  /** Runs until the signal fires; resolves when everything has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    this.#signal = signal;
    this.#surveyEndMs = clock.nowMs() + this.#settings.surveyMs;
    const cancelSurvey = clock.after(this.#settings.surveyMs, () => this.#revising.now());
    try {
      const polling = this.repositories.map((repository) => repository.run(signal));
      await Promise.all([this.#reviseLoop(signal), this.steering.run(signal), this.gates.run(signal), ...polling]);
    } finally {
      cancelSurvey();
      await this.fleet.ended();
      this.#clients.close();
      await Promise.all(this.repositories.map(({ git }) => git.close()));
    }
  }

  async #reviseLoop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#revising.wait(undefined, signal);
      try {
        if (!signal.aborted) await this.#revise(signal);
      } catch (error) {
        if (!signal.aborted) this.#noteBug(error);
      }
    }
  }

  /** What was compiled before stays in force; the next news is compiled again. */
  #noteBug(error: unknown): void {
    const reason = stackOf(error);
    this.#deps.log.error('bug', { where: 'compile', reason, code: 'B9001' });
    this.#deps.metrics.count('bugs', { cluster: '' });
  }

  async #revise(signal: AbortSignal): Promise<void> {
    const before = this.revision?.compiled.cells;
    const waitedBefore = this.judgement.waiting;
    const revision = await this.#reviser.revise(signal);
    if (revision === undefined || signal.aborted) return;
    const { compiled } = revision;
    const restarted = new Set(this.fleet.sync(compiled.gathered.fleet, signal));
    this.#guarding.judge(revision, this.fleet.members);
    this.#index(compiled);
    this.steering.decideAll(compiled);
    const { waiting, acknowledged } = this.judgement;
    for (const cell of compiled.cells.values()) {
      const isSame =
        isSameWork(before?.get(cell.id), cell) && waitedBefore.get(cell.id)?.deletes === waiting.get(cell.id)?.deletes;
      if (!isSame || restarted.has(cell.cluster) || acknowledged.has(cell.id)) this.#enqueue(cell.id);
    }
    for (const { record } of compiled.vanished) this.#enqueue(record.cell);
    this.#tell();
  }

  /** Whose objects a label names; and whom nobody speaks of any more. */
  #index(compiled: Compiled): void {
    this.#appByRecordId = appsByRecordId(compiled, this.#settings.installation);
    const { cells, vanished } = compiled;
    const known = new Set([...cells.keys(), ...vanished.map(({ record }) => record.cell)]);
    for (const cell of [...this.ledger.cells.keys()]) if (!known.has(cell)) this.#forget(cell);
  }

  #forget(cell: CellId): void {
    this.ledger.delete(cell);
    this.#held.forget(cell);
    this.#leaving.forget(cell);
    this.#guarding.forget(cell);
  }

  #enqueue(cell: CellId): void {
    this.fleet.worker(partsOfCell(cell).cluster)?.queue.add(cell);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #follow(settings: RepositorySettings, onHead: () => void): FollowedRepository {
    const { openGit, parser, clock, rng, log, metrics } = this.#deps;
    return new FollowedRepository(settings, { git: openGit(settings), parser, clock, rng, log, metrics }, onHead);
  }

  #workerOf(cluster: Cluster): Worker {
    const { installation, holder, leaseMs, worker } = this.#settings;
    const { connect, identities, clock, rng, log, metrics } = this.#deps;
    const basics = { clock, rng, log, metrics };
    const deps = { ...basics, connect, identities: this.fleet.identitiesOf(identities), texts: this.#texts };
    const member: Member = new Member(cluster, { installation, holder, leaseMs }, deps, {
      onState: () => this.#onState(member),
      onRecord: (held) => this.#onRecord(member, held),
      onLive: (recordId) => {
        const app = this.#appByRecordId.get(recordId);
        if (app !== undefined) this.#enqueue(cellId(app, cluster.id));
      },
      onAutoscaler: (targets) => this.#onAutoscaler(member, targets),
    });
    return new Worker(member, worker, {
      taskOf: (cell) => unlessDeselected(this.#taskOf(cell), this.#settings.isSelected),
      clientFor: (task, { session }) =>
        this.#clients.actAs(session.client, task.kind === 'remove' ? task.record.repository : task.cell.repository),
      isWantedElsewhere: (key, cell) => this.#guarding.isWantedElsewhere(key, cell),
      onReconciled: (task, result) => this.#onReconciled(task, result),
      ledger: this.ledger,
      ...basics,
    });
  }

  #taskOf(id: CellId): Task | undefined {
    const { input } = this.steering;
    if (input === undefined) return undefined;
    const { members } = this.fleet;
    return taskFor(id, {
      compiled: input.compiled,
      members,
      judgement: this.judgement,
      agreed: this.#guarding.agreed,
      decisionOf: (cell) => this.steering.decisionOf(cell),
      frozen: (cluster, isMove) => frozenRemoval(cluster, isMove, input.compiled.gathered, input.nowMs),
      heldOf: (cell) => {
        const member = members.get(cell.cluster);
        return member?.isRead ? this.#held.of(cell, member.records.of(cell.app)?.record) : undefined;
      },
      surveying: surveying(members, this.#deps.clock.nowMs() >= this.#surveyEndMs),
      hasTakenOver: (vanished) => hasTakenOver(vanished, input),
      whyStays: (cell) => whyStays(cell, input),
    });
  }

  #onReconciled(task: Task, { status, isGone }: Reconciled): void {
    const before = this.ledger.of(status.cell);
    if (task.kind === 'hold') this.#held.note(task.cell.id, task.digest, task.rendering);
    if (isGone) this.#forget(status.cell);
    else this.ledger.set(status);
    const waiting = this.#leaving.note(task, status);
    // Only news wakes: two that wait for each other would never rest.
    if (this.ledger.of(status.cell) !== before) for (const cell of waiting) this.#enqueue(cell);
    this.steering.reopen(status);
    this.#tell();
  }

  /** Another state of a cluster is another state of all of its cells. */
  #onState(member: Member): void {
    for (const { id, app, cluster } of cellsOn(member.id, this.revision?.compiled)) {
      this.#enqueue(id);
      this.steering.reopen({ app, cluster });
    }
    this.#revising.now();
  }

  #onRecord(member: Member, { record }: HeldRecord): void {
    if (record !== undefined) this.#enqueue(cellId(record.app, member.id));
    this.#revising.now();
  }

  #onAutoscaler(member: Member, targets: readonly ObjectKey[]): void {
    for (const { record } of member.records.all) {
      if (record !== undefined && targets.some((key) => record.inventory.has(key)))
        this.#enqueue(cellId(record.app, member.id));
    }
  }
}
