/** The fleet as it would become: the engine's own decisions over clusters that are only imagined, on a time that only jumps. */
import type { Compiled } from '../../core/compile/compile.ts';
import { needsOf } from '../../core/compile/needs.ts';
import type { Source, World } from '../../core/compile/world.ts';
import { WantedObjects } from '../../core/guard/wanted.ts';
import { type ClusterMatch, type Fleet, matches } from '../../core/model/fleet.ts';
import { type AppId, type CellId, type ClusterId, installationId, partsOfCell } from '../../core/model/id.ts';
import type { LiveRead, ReadResult } from '../../core/model/observed.ts';
import type { Acknowledged } from '../../core/model/record.ts';
import { noTooling } from '../../core/model/tool.ts';
import type { Moment, Move } from '../../core/simulation/moment.ts';
import { silentLog } from '../../seam/log.ts';
import { frozenRemoval } from '../freezes.ts';
import { type Judgement, judge, noPast } from '../judge.ts';
import { Ledger } from '../ledger.ts';
import { lostAfterMs } from '../member/member.ts';
import { observe } from '../observe.ts';
import { hasTakenOver, type Steered, type SteerInput, steer, whyStays } from '../steer.ts';
import type { Task } from '../task.ts';
import { taskFor } from '../tasks.ts';
import { cellsNow, isOpen } from './cells-now.ts';
import { gatesThatPass } from './gates-that-pass.ts';
import { PretendMember } from './pretend-member.ts';
import { answersOf } from './pretend-reads.ts';

export type SimulationOptions = {
  readonly startMs: number;
  readonly readyAfterMs: number;
  /** `core/compile`, with what only tools can make. */
  readonly compile: (world: World, before: Compiled | undefined) => Promise<Compiled>;
  /** Live objects that copies take. */
  readonly read: (reads: ReadonlyMap<string, LiveRead>) => ReadonlyMap<string, ReadResult>;
  readonly onMoment: (moment: Moment) => void;
};

/** All of it is known, so that nobody waits for the first look at a cluster. */
const installation = installationId('simulation');
/** Long enough for every soak. */
const settledForMs = 30 * 86_400_000;
/** Nothing that a person waits for takes longer. */
const quietAfterMs = 30 * 86_400_000;
const roundsMax = 1_000;

export class Simulation {
  readonly #options: SimulationOptions;
  readonly #members = new Map<ClusterId, PretendMember>();
  readonly #ledger = new Ledger();
  readonly #agreed = new Map<CellId, Acknowledged>();
  readonly #broken = new Map<AppId, Set<ClusterId>>();
  #sources: readonly Source[];
  #compiled: Compiled | undefined;
  #judgement: Judgement = { pending: [], waiting: new Map(), acknowledged: new Map(), deletes: new Map() };
  #steered: Steered | undefined;
  #nowMs: number;
  #step = 0;
  /** Everything goes at once: how the fleet came to be is not the question. */
  #isForced = false;

  constructor(sources: readonly Source[], options: SimulationOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#nowMs = options.startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get compiled(): Compiled | undefined {
    return this.#compiled;
  }

  get fleet(): Fleet {
    return this.#compiled?.gathered.fleet ?? new Map();
  }

  isLost(cluster: ClusterId): boolean {
    return this.#members.get(cluster)?.isReady === false;
  }

  now(moves: readonly Move[] = []): Moment {
    const { input } = this;
    const cells = input === undefined ? [] : cellsNow(input, this.#members, this.#steered, this.#judgement);
    return { atMs: this.#nowMs, step: this.#step, fleet: this.fleet, cells, moves };
  }

  /** Brings the fleet to all that is wanted, in no order and long ago. */
  async settle(): Promise<void> {
    this.#isForced = true;
    this.#nowMs = this.#options.startMs - settledForMs;
    await this.#play(undefined);
    this.#isForced = false;
    this.#nowMs = this.#options.startMs;
  }

  /** Only reads what is wanted, so that clusters are known. */
  async look(): Promise<void> {
    await this.#compile();
  }

  follow(sources: readonly Source[]): void {
    this.#sources = sources;
  }

  lose(clusters: ClusterMatch): void {
    for (const member of this.#matching(clusters)) member.lose(this.#nowMs);
  }

  comeBack(clusters: ClusterMatch): void {
    for (const member of this.#matching(clusters)) member.comeBack();
  }

  breakApp(app: AppId, clusters: ClusterMatch): void {
    const places = this.#broken.get(app) ?? new Set();
    for (const [id, cluster] of this.fleet) if (matches(clusters, cluster)) places.add(id);
    this.#broken.set(app, places);
  }

  mendApp(app: AppId, clusters: ClusterMatch): void {
    for (const member of this.#matching(clusters)) {
      this.#broken.get(app)?.delete(member.id);
      member.mend(app, this.#nowMs, this.#options.readyAfterMs);
    }
  }

  /** Lets time pass: so long, or until nothing moves any more. */
  async run(step: number, forMs: number | undefined): Promise<void> {
    this.#step = step;
    await this.#play(forMs);
  }

  #matching(clusters: ClusterMatch): readonly PretendMember[] {
    return [...this.#members.values()].filter(({ cluster }) => matches(clusters, cluster));
  }

  async #play(forMs: number | undefined): Promise<void> {
    const endMs = this.#nowMs + (forMs ?? quietAfterMs);
    for (let round = 0; round < roundsMax; round += 1) {
      await this.#instant();
      const nextMs = this.#nextMs(forMs === undefined);
      if (nextMs === undefined || nextMs > endMs) break;
      this.#nowMs = nextMs;
      for (const member of this.#members.values()) member.grow(nextMs);
    }
    if (forMs !== undefined) this.#nowMs = endMs;
  }

  /** When anything may be another way. Time alone is not waited for where nobody waits. */
  #nextMs(isUntilQuiet: boolean): number | undefined {
    const members = [...this.#members.values()];
    const well = members.filter(({ isReady }) => isReady).flatMap(({ nextWellAtMs }) => nextWellAtMs ?? []);
    const lost = members.flatMap(({ lostSinceMs }) => (lostSinceMs === undefined ? [] : [lostSinceMs + lostAfterMs]));
    const isWaiting = this.now().cells.some(isOpen);
    const wakeAtMs = this.#isForced || (isUntilQuiet && !isWaiting) ? undefined : this.#steered?.wakeAtMs;
    const times = [...well, ...lost, ...(wakeAtMs === undefined ? [] : [wakeAtMs])];
    const later = times.filter((atMs) => atMs > this.#nowMs);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  /** All that happens at one moment: decided and done, until nothing changes. */
  async #instant(): Promise<void> {
    const moves: Move[] = [];
    for (let round = 0; round < roundsMax; round += 1) {
      await this.#compile();
      const { input } = this;
      if (input === undefined) return;
      const { compiled } = input;
      const wanted = new WantedObjects(compiled.cells);
      const { records } = this.#world().observed;
      this.#judgement = judge(compiled, records, this.#members, wanted, { ...noPast, agreed: this.#agreed });
      for (const [cell, yes] of this.#judgement.acknowledged) this.#agreed.set(cell, yes);
      const apps = new Set([...compiled.cells.values()].map(({ app }) => app));
      this.#steered = steer(apps, input);
      const done = this.#work(input, wanted);
      moves.push(...done.moves);
      if (!done.isNews) break;
    }
    if (!this.#isForced) this.#options.onMoment(this.now(moves));
  }

  #work(input: SteerInput, wanted: WantedObjects): { readonly moves: readonly Move[]; readonly isNews: boolean } {
    const { compiled } = input;
    const moves: Move[] = [];
    let isNews = false;
    for (const id of [...compiled.cells.keys(), ...compiled.vanished.map(({ record }) => record.cell)]) {
      const { app, cluster } = partsOfCell(id);
      const member = this.#members.get(cluster);
      if (member?.isReady !== true) continue;
      const task = this.#taskOf(id, input);
      const before = this.#ledger.of(id);
      if (task === undefined) continue;
      const worked = member.work(task, {
        nowMs: this.#nowMs,
        readyAfterMs: this.#options.readyAfterMs,
        isBroken: this.#broken.get(app)?.has(cluster) === true,
        isWantedElsewhere: (key, cell) => wanted.isWantedElsewhere(key, cell),
      });
      if (worked.isGone) this.#ledger.delete(id);
      else this.#ledger.set(worked.status);
      isNews ||= worked.move !== undefined || (this.#ledger.of(id) !== before && !worked.isGone);
      if (worked.move !== undefined) moves.push({ ...worked.move, atMs: this.#nowMs, step: this.#step });
    }
    return { moves, isNews };
  }

  #taskOf(id: CellId, input: SteerInput): Task | undefined {
    const { compiled, nowMs } = input;
    const isForced = this.#isForced;
    return taskFor(id, {
      compiled,
      members: this.#members,
      judgement: this.#judgement,
      agreed: this.#agreed,
      decisionOf: (cell) => (isForced ? { kind: 'go' } : this.#steered?.decisions.get(cell)),
      heldOf: () => undefined,
      surveying: undefined,
      frozen: (cluster, isMove) => (isForced ? undefined : frozenRemoval(cluster, isMove, compiled.gathered, nowMs)),
      hasTakenOver: (vanished) => isForced || hasTakenOver(vanished, input),
      whyStays: (cell) => (isForced ? undefined : whyStays(cell, input)),
    });
  }

  private get input(): SteerInput | undefined {
    const compiled = this.#compiled;
    if (compiled === undefined) return undefined;
    const gates = gatesThatPass(this.#nowMs);
    return { compiled, members: this.#members, ledger: this.#ledger, gates, nowMs: this.#nowMs };
  }

  async #compile(): Promise<void> {
    const compiled = await this.#options.compile(this.#world(), this.#compiled);
    this.#compiled = compiled;
    const isNew = this.#follow(compiled.gathered.fleet);
    // What clusters hold says where an App is: a cluster that was not known yet may hold something.
    if (isNew) this.#compiled = await this.#options.compile(this.#world(), compiled);
  }

  /** Shape: whether a cluster is there that was not. */
  #follow(fleet: Fleet): boolean {
    let isNew = false;
    for (const [id, cluster] of fleet) {
      const member = this.#members.get(id);
      if (member === undefined) this.#members.set(id, new PretendMember(cluster, installation));
      else member.become(cluster);
      isNew ||= member === undefined;
    }
    for (const id of [...this.#members.keys()]) if (!fleet.has(id)) this.#members.delete(id);
    return isNew;
  }

  #world(): World {
    const { reads } = needsOf(this.#sources);
    const answers = new Map([...this.#options.read(reads), ...answersOf(reads, this.#members)]);
    return {
      sources: this.#sources,
      unread: new Set(),
      observed: observe(this.#members, answers, this.#nowMs, silentLog),
      scopes: new Map(),
      copyScope: 'global',
      tooling: noTooling,
    };
  }
}
