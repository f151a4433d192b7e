/** A simulation played from its first step to its last, under the eyes of its policies. */
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import type { Policy, Simulation as Story } from '../../core/model/simulation.ts';
import { PolicyJudge, type Violation } from '../../core/simulation/judge-policy.ts';
import type { Moment, Move } from '../../core/simulation/moment.ts';
import { Simulation } from '../../engine/simulate/simulation.ts';
import type { OfflineChoice } from '../offline/compiled.ts';
import { ToolCompiler } from '../offline/tool-compiler.ts';
import { act } from './act.ts';
import type { Manifests } from './manifests.ts';

export type PlayedStep = {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /** How all is when it ends. */
  readonly end: Moment;
};

export type Played = {
  readonly startMs: number;
  readonly before: Moment;
  readonly after: Moment;
  readonly steps: readonly PlayedStep[];
  readonly moves: readonly Move[];
  readonly violations: readonly Violation[];
  /** Of the manifests at first, and of what steps name. */
  readonly diagnostics: readonly Diagnostic[];
  /** The story could not be played: a step names what is not there. */
  readonly isStuck: boolean;
};

export type PlayDeps = {
  readonly manifests: Manifests;
  readonly base: string;
  readonly openTools: OfflineChoice['openTools'];
  readonly nowMs: number;
  readonly signal: AbortSignal;
};

/** Errors: FaultError, of files and revisions that cannot be read. */
export async function play(story: Story, deps: PlayDeps): Promise<Played> {
  const { manifests, base, openTools, signal } = deps;
  const startMs = story.startMs ?? deps.nowMs;
  const compiler = new ToolCompiler(openTools, manifests.readFiles, signal);
  const moves: Move[] = [];
  const watch = new Watch(story.policies, startMs);
  const fleet = new Simulation([await manifests.source()], {
    startMs,
    readyAfterMs: story.readyAfterMs,
    compile: (world, before) => {
      signal.throwIfAborted();
      return compiler.compile(world, before?.memo);
    },
    read: () => new Map(),
    onMoment: (moment) => {
      moves.push(...moment.moves);
      watch.look(moment);
    },
  });
  if (story.isStartingEmpty) await fleet.look();
  else await fleet.settle();
  const before = fleet.now();
  const diagnostics: Diagnostic[] = [...(fleet.compiled?.diagnostics ?? [])];
  const steps: PlayedStep[] = [];
  if (story.isStartingEmpty) {
    await fleet.run(0, undefined);
    steps.push({ name: 'the first rollout', startMs, endMs: fleet.nowMs, end: fleet.now() });
  }
  for (const step of story.steps) {
    const problems = await act(step, { manifests, fleet, base });
    diagnostics.push(...problems);
    if (problems.length > 0)
      return { startMs, before, after: fleet.now(), steps, moves, violations: [], diagnostics, isStuck: true };
    const fromMs = fleet.nowMs;
    watch.begin(step.policies, fromMs);
    await fleet.run(steps.length, step.forMs);
    const end = fleet.now();
    watch.end(end);
    steps.push({ name: step.name, startMs: fromMs, endMs: fleet.nowMs, end });
  }
  const after = fleet.now();
  return { startMs, before, after, steps, moves, violations: watch.over(after), diagnostics, isStuck: false };
}

/** The policies of the whole story, and those of the step that is played. */
class Watch {
  readonly #always: readonly PolicyJudge[];
  readonly #ended: PolicyJudge[] = [];
  #step: readonly PolicyJudge[] = [];

  constructor(policies: readonly Policy[], startMs: number) {
    this.#always = policies.map((policy) => new PolicyJudge(policy, startMs));
  }

  look(moment: Moment): void {
    for (const judge of [...this.#always, ...this.#step]) judge.look(moment);
  }

  begin(policies: readonly Policy[], startMs: number): void {
    this.#step = policies.map((policy) => new PolicyJudge(policy, startMs));
  }

  end(moment: Moment): void {
    for (const judge of this.#step) judge.end(moment);
    this.#ended.push(...this.#step);
    this.#step = [];
  }

  /** In order of time. */
  over(moment: Moment): readonly Violation[] {
    for (const judge of this.#always) judge.end(moment);
    const found = [...this.#always, ...this.#ended].flatMap(({ violation }) => violation ?? []);
    return found.toSorted((a, b) => a.atMs - b.atMs);
  }
}
