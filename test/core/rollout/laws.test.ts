/** Laws of the rollout, over random lives of a fleet: whatever happens, and in whatever order, no gate is skipped. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Bypass, Freeze, Gate } from '../../../src/core/model/gate.ts';
import { appIdOf, type CommitSha, cellId, clusterId, digest } from '../../../src/core/model/id.ts';
import type { Good } from '../../../src/core/model/record.ts';
import { type Evidence, isCurrent } from '../../../src/core/rollout/evidence.ts';
import type { GateResult } from '../../../src/core/rollout/gate-state.ts';
import { decideRollout } from '../../../src/core/rollout/rollout.ts';
import type { StageCells } from '../../../src/core/rollout/stage.ts';
import { everything, origin, sha, stageOf } from '../../builder/model.ts';
import { seededRng } from '../../builder/rng.ts';

const second = 1_000;
const hour = 3_600 * second;
const soakMs = 60 * second;
/** How far the clock of a process is off, at most. */
const skewMs = 45 * second;
const clusters = { canary: ['a', 'b'], production: ['c', 'd', 'e'], late: ['f', 'g'] } as const;
type StageName = keyof typeof clusters;
const names = Object.keys(clusters) as readonly StageName[];

const gates: readonly Gate[] = [
  { name: 'ci', origin, check: { kind: 'status', context: 'ci' } },
  { name: 'go', origin, check: { kind: 'approval', notByAuthor: false } },
  {
    name: 'hours',
    origin,
    check: { kind: 'window', window: { schedule: '0 0 * * *', durationMs: 16 * hour, timeZone: 'UTC' } },
  },
];

type Held = { intent: number; variable: number };
type Cell = {
  readonly cluster: string;
  stage: StageName;
  held: Held | undefined;
  isApplied: boolean;
  isHealthy: boolean;
  sinceMs: number | undefined;
  isReachable: boolean;
  good: readonly Good[];
};

const digestAt = ({ intent, variable }: Held, cluster: string) => digest(`${intent}/${variable}/${cluster}`);
const intentOf = (intent: number) => digest(`intent ${intent}`);
const keyOf = ({ intent, variable }: Held): string => `${intent}/${variable}`;

/** Everything that can happen to a fleet, and what of it was true at each moment, noted apart from what decides. */
class Life {
  readonly problems: string[] = [];
  readonly written = new Set<string>();
  returns = 0;
  readonly #next: () => number;
  #nowMs = Date.parse('2026-11-20T00:00:00Z');
  #skewMs = 0;
  /** Whatever changes what is rendered without a commit: a variable, the version of a tool, what is copied. */
  #variable = 1;
  /** The intent of each revision, from 1. */
  readonly #revisions: number[] = [1];
  /** What the branch is at: the newest, until somebody rewrites history. */
  #head = 1;
  readonly #pins: Record<'late' | 'production', number> = { production: 1, late: 1 };
  readonly #statuses = new Map<number, GateResult>();
  /** What the process knows of them; a restart forgets it. */
  #known = new Map<number, GateResult>();
  #approvals: { readonly revision: number; readonly untilMs: number }[] = [];
  #bypass: Bypass | undefined;
  #quarantined = new Set<number>();
  #freezes: Freeze[] = [];
  readonly #cells: readonly Cell[] = names.flatMap((stage) =>
    clusters[stage].map((cluster) => ({
      cluster,
      stage,
      held: undefined,
      isApplied: false,
      isHealthy: false,
      sinceMs: undefined,
      isReachable: true,
      good: [],
    })),
  );
  /** Who was well at what, ever; for how long is noted apart. */
  readonly #shown = new Map<string, Set<string>>();
  readonly #soaked = new Map<string, Set<string>>();

  constructor(seed: number) {
    this.#next = seededRng(seed).next;
  }

  #pick<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.#next() * all.length)];
    if (one === undefined) throw new Error('nothing to pick');
    return one;
  }

  #revisionOf(stage: StageName): number {
    return stage === 'canary' ? this.#head : this.#pins[stage];
  }

  #aimOf({ stage }: Cell): Held {
    return { intent: this.#revisions[this.#revisionOf(stage) - 1] ?? 1, variable: this.#variable };
  }

  #evidenceOf(cell: Cell): Evidence {
    const aim = this.#aimOf(cell);
    const { held, cluster } = cell;
    const as = (each: Held): Good => ({ digest: digestAt(each, cluster), intent: intentOf(each.intent) });
    return {
      cell: cellId(appIdOf('shop/web'), clusterId(cluster)),
      cluster: clusterId(cluster),
      isReachable: cell.isReachable,
      isSuspended: false,
      aim: as(aim),
      revision: sha(this.#revisionOf(cell.stage)),
      held: held === undefined ? undefined : as(held),
      isApplied: cell.isApplied,
      appliedAtMs: held === undefined ? undefined : this.#nowMs,
      health: { status: cell.isHealthy ? 'Healthy' : 'Degraded' },
      healthySinceMs: cell.sinceMs,
      good: cell.good,
      failure: undefined,
      freezes: this.#freezes,
      isFailover: false,
    };
  }

  /** One thing happens. */
  step(): void {
    const roll = this.#next();
    if (roll < 0.3) return this.#pass(this.#pick([second, 20 * second, 70 * second, hour, 5 * hour]));
    if (roll < 0.6) return this.#act();
    if (roll < 0.75) return this.#settle();
    this.#pick([
      () => this.#commit(this.#pick([...this.#revisions, Math.max(...this.#revisions) + 1])),
      () => this.#commit(Math.max(...this.#revisions) + 1),
      () => {
        this.#head = 1 + Math.floor(this.#next() * this.#revisions.length);
      },
      () => this.#relabel(this.#pick(this.#cells)),
      () => {
        this.#pins.production = 1 + Math.floor(this.#next() * this.#revisions.length);
      },
      () => {
        this.#pins.production = this.#head;
      },
      () => {
        this.#pins.late = 1 + Math.floor(this.#next() * this.#revisions.length);
      },
      () => {
        this.#pins.late = this.#pins.production;
      },
      () => {
        this.#variable += 1;
      },
      () => this.#statuses.set(this.#pins.production, this.#pick(['pass', 'pass', 'fail', 'pending', 'unknown'])),
      () => {
        this.#known = new Map(this.#statuses);
      },
      () => {
        this.#known = new Map();
      },
      () =>
        this.#approvals.push({
          revision: this.#pins.production,
          untilMs: this.#nowMs + this.#pick([second, hour, 100 * hour]),
        }),
      () => {
        this.#approvals = [];
      },
      () => {
        this.#bypass = this.#someBypass();
      },
      () => {
        this.#bypass = undefined;
      },
      () => {
        this.#quarantined = new Set([this.#pick(this.#revisions.keys().toArray()) + 1]);
      },
      () => {
        this.#quarantined = new Set();
      },
      () => {
        this.#freezes = [this.#someFreeze()];
      },
      () => {
        this.#freezes = [];
      },
      () => {
        this.#skewMs = (this.#next() * 2 - 1) * skewMs;
      },
      () => this.#turn(this.#pick(this.#cells)),
    ])();
  }

  #commit(intent: number): void {
    this.#revisions.push(intent);
    this.#head = this.#revisions.length;
  }

  /** A cluster comes into another stage by its labels; none is left without. */
  #relabel(cell: Cell): void {
    if (this.#cells.filter(({ stage }) => stage === cell.stage).length > 1) cell.stage = this.#pick(names);
  }

  #someBypass(): Bypass {
    const all = ['Evidence', 'Soak', 'Window', 'Freeze', 'ci', 'go'];
    return { gates: all.filter(() => this.#next() < 0.5), reason: 'INC', untilMs: this.#nowMs + hour };
  }

  #someFreeze(): Freeze {
    const fromMs = this.#nowMs + this.#pick([-hour, 0, 30 * second, hour]);
    return {
      name: 'freeze',
      repository: origin.repository,
      origin,
      clusters: { kind: 'selector', selector: everything },
      fromMs,
      untilMs: fromMs + this.#pick([2 * hour, 90 * second]),
      allow: this.#pick([[], ['Rollback'], ['Bypass'], ['Rollback', 'Bypass', 'DriftRepair']]),
      isBroken: false,
    };
  }

  /** A cluster falls silent or ill, or comes back. */
  #turn(cell: Cell): void {
    if (this.#next() < 0.3) cell.isReachable = !cell.isReachable;
    else if (cell.isHealthy) {
      cell.isHealthy = false;
      cell.sinceMs = undefined;
    }
  }

  #pass(durationMs: number): void {
    this.#nowMs += durationMs;
    for (const cell of this.#cells) {
      if (cell.held === undefined || cell.sinceMs === undefined || this.#nowMs - cell.sinceMs < soakMs) continue;
      this.#note(this.#soaked, `${cell.held.intent}`, cell.cluster);
    }
  }

  /** What was begun comes to an end, well or not. */
  #settle(): void {
    for (const cell of this.#cells) {
      if (cell.held === undefined || !cell.isReachable || this.#next() < 0.3) continue;
      cell.isApplied = true;
      if (this.#next() < 0.8 && !cell.isHealthy) {
        cell.isHealthy = true;
        cell.sinceMs = this.#nowMs;
      }
      if (cell.isHealthy) this.#note(this.#shown, keyOf(cell.held), cell.cluster);
    }
  }

  #note(book: Map<string, Set<string>>, key: string, cluster: string): void {
    book.set(key, (book.get(key) ?? new Set()).add(cluster));
  }

  /** The process decides, and does some of what may be done. */
  #act(): void {
    const nowMs = this.#nowMs + this.#skewMs;
    const stages = names.map((name): StageCells => {
      const stage = stageOf(name, {
        soakMs: name === 'canary' ? soakMs : 0,
        gates: name === 'production' ? gates : [],
        maxFailures: 10,
        maxUnavailable: { kind: 'share', percent: 100 },
      });
      const cells = this.#cells.filter((cell) => cell.stage === name);
      return { stage, waves: [cells.map((cell) => this.#evidenceOf(cell))] };
    });
    const { decisions } = decideRollout(stages, nowMs, {
      pinOf: (stage) =>
        stage !== 'production'
          ? undefined
          : {
              approvals: this.#approvals.map(({ revision, untilMs }) => ({
                gate: 'go',
                revision: sha(revision),
                by: undefined,
                untilMs,
              })),
              bypass: this.#bypass,
            },
      quarantine: {
        revisions: new Set([...this.#quarantined].map(sha)),
        intents: new Set([...this.#quarantined].map((revision) => intentOf(this.#revisions[revision - 1] ?? 0))),
      },
      evidenceOf: ({ gate, subject }) => {
        const result = gate.name === 'ci' ? this.#known.get(numberOf(subject.revision)) : undefined;
        return result === undefined ? undefined : { result, text: result, atMs: nowMs };
      },
    });
    const open = this.#cells.filter((cell) => {
      const evidence = this.#evidenceOf(cell);
      return cell.isReachable && !isCurrent(evidence) && decisions.get(evidence.cell)?.kind === 'go';
    });
    for (const cell of this.#cells) this.#judgeReturn(cell, decisions.get(this.#evidenceOf(cell).cell)?.kind);
    // All of them at once: what is allowed together must be right together.
    const beginning = open.filter((cell) => cell.held === undefined || keyOf(cell.held) !== keyOf(this.#aimOf(cell)));
    for (const cell of beginning) this.#judge(cell, beginning);
    for (const cell of beginning) this.#write(cell);
  }

  #write(cell: Cell): void {
    const { held, sinceMs, cluster } = cell;
    const aim = this.#aimOf(cell);
    const soak = cell.stage === 'canary' ? soakMs : 0;
    if (held !== undefined && sinceMs !== undefined && this.#nowMs - sinceMs >= soak)
      cell.good = [{ digest: digestAt(held, cluster), intent: intentOf(held.intent) }, ...cell.good].slice(0, 10);
    cell.held = aim;
    cell.isApplied = false;
    cell.isHealthy = false;
    cell.sinceMs = undefined;
    this.written.add(cell.stage);
  }

  #isBypassed(gate: string): boolean {
    return this.#bypass?.gates.includes(gate) === true && this.#nowMs < this.#bypass.untilMs + skewMs;
  }

  /** What was once good there may come back at once, whatever else is going on. */
  #judgeReturn(cell: Cell, decision: 'go' | 'wait' | undefined): void {
    const aim = digestAt(this.#aimOf(cell), cell.cluster);
    if (!cell.good.some(({ digest: good }) => good === aim)) return;
    if (this.#freezes.length > 0 || this.#quarantined.size > 0 || isCurrent(this.#evidenceOf(cell))) return;
    this.returns += 1;
    if (decision !== 'go') this.problems.push(`${cell.cluster} may not return to ${keyOf(this.#aimOf(cell))}`);
  }

  /** Holds one write to the laws, by what is true and not by what was decided. */
  #judge(cell: Cell, together: readonly Cell[]): void {
    const aim = this.#aimOf(cell);
    const revision = this.#revisionOf(cell.stage);
    const where = `${cell.cluster} to revision ${revision} (${keyOf(aim)})`;
    const isReturn = cell.good.some((each) => each.digest === digestAt(aim, cell.cluster));
    const isNew = cell.held?.intent !== aim.intent;
    const bypassed = (gate: string): boolean => cell.stage === 'production' && this.#isBypassed(gate);
    const report = (law: string): void => void this.problems.push(`${law}: ${where}`);
    for (const { fromMs, untilMs, allow } of this.#freezes) {
      const isExempt = (allow.includes('Rollback') && isReturn) || (allow.includes('Bypass') && bypassed('Freeze'));
      if (this.#nowMs >= fromMs && this.#nowMs < untilMs && !isExempt) report('G4 written in a freeze');
    }
    if (isNew && this.#quarantined.has(revision)) report('G2 written from quarantine');
    if (isReturn) return;
    if (cell.stage === 'production') {
      if (!bypassed('ci') && this.#known.get(revision) !== 'pass') report('G1 gate ci was skipped');
      const isApproved = this.#approvals.some(
        (each) => each.revision === revision && this.#nowMs < each.untilMs + skewMs,
      );
      if (!bypassed('go') && !isApproved) report('G3 nobody has approved');
      const inDayMs = this.#nowMs % (24 * hour);
      const isOpen = inDayMs < 16 * hour + skewMs || inDayMs > 24 * hour - skewMs;
      if (!bypassed('Window') && !isOpen) report('G1 the window is closed');
    }
    this.#judgeEvidence(cell, aim, bypassed, report);
    if (bypassed('Evidence')) return;
    // One law: of those that have taken this just so, at least one has been well, before a second takes it.
    const isAt = (held: Held | undefined): boolean => held !== undefined && keyOf(held) === keyOf(aim);
    const others = this.#cells.filter((each) => {
      if (each === cell || !each.isReachable) return false;
      if (!together.includes(each)) return isAt(each.held);
      // Whoever passes by its own evidence at the same moment keeps nobody from going first.
      return isAt(this.#aimOf(each)) && !(each.stage === 'production' && this.#isBypassed('Evidence'));
    });
    if (others.length > 0 && !this.#shown.has(keyOf(aim))) report('a second cluster before the first has shown it');
  }

  #judgeEvidence(cell: Cell, aim: Held, bypassed: (gate: string) => boolean, report: (law: string) => void): void {
    const earlier = names[names.indexOf(cell.stage) - 1];
    if (earlier === undefined || bypassed('Evidence')) return;
    const required = this.#cells.filter(({ stage, isReachable }) => stage === earlier && isReachable);
    if (required.length === 0) return report('G1 nobody gives evidence');
    const shown = required.every(({ cluster }) =>
      [...this.#shown].some(([key, who]) => key.startsWith(`${aim.intent}/`) && who.has(cluster)),
    );
    if (!shown) report(`G1 stage ${earlier} has not shown it`);
    const isSoaked = required.every(
      ({ cluster, held, sinceMs }) =>
        this.#soaked.get(`${aim.intent}`)?.has(cluster) === true ||
        (held?.intent === aim.intent && sinceMs !== undefined && this.#nowMs + skewMs - sinceMs >= soakMs),
    );
    if (earlier === 'canary' && !bypassed('Soak') && !isSoaked) report('G1 it has not soaked');
  }
}

const numberOf = (revision: CommitSha): number => Number.parseInt(revision, 16);

const [lives, steps] = [150, 400];

test(`laws: G1 to G4, one cluster before all others, and a way back at once, over ${lives} lives`, () => {
  const written = new Set<string>();
  let returns = 0;
  for (let seed = 1; seed <= lives; seed += 1) {
    const life = new Life(seed);
    for (let step = 0; step < steps; step += 1) {
      life.step();
      deepEqual(life.problems, [], `seed ${seed}, step ${step}`);
    }
    for (const stage of life.written) written.add(stage);
    returns += life.returns;
  }
  ok(
    names.every((name) => written.has(name)),
    'something got through, to every stage',
  );
  ok(returns > lives, `only ${returns} returns were seen`);
});
