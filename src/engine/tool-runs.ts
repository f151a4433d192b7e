/** What tools have made, and what they are making: asked for by each compile, kept as long as a compile asks for it. */
import type { RepositoryId } from '../core/model/id.ts';
import type { ToolName, ToolResult, ToolRun } from '../core/model/tool.ts';
import { type Clock, sleep } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import type { Metrics } from '../seam/metric.ts';
import type { ReadFiles, Tools } from '../seam/tool.ts';
import { describeFault, faultOf } from './fault-text.ts';
import { forEach } from './pool.ts';

export type ToolRunsDeps = {
  readonly tools: Tools;
  readonly filesOf: (repository: RepositoryId) => ReadFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Each is a process that may take a core. */
const runsMax = 2;
const retryMs = 5_000;
/** What was not about the files is tried again, after longer and longer. */
const againMs = { first: 30_000, max: 15 * 60_000 };
/** Results that nobody asks for any more, kept for a return to an older commit. */
const oldResultsMax = 500;

/** A failure that may pass: how often it was met, and when it is tried again. */
type Again = { readonly failures: number; readonly atMs: number };

/** `same`: it failed as before. `unread`: it could not be tried. */
type Making = 'news' | 'same' | 'unread';

export class ToolRuns {
  readonly #deps: ToolRunsDeps;
  readonly #onChange: () => void;
  readonly #results = new Map<string, ToolResult>();
  readonly #again = new Map<string, Again>();
  #wanted: ReadonlyMap<string, ToolRun> = new Map();
  #working: Promise<void> | undefined;
  /** Ends the wait for what is to be tried again; undefined while there is none. */
  #wake: AbortController | undefined;

  /** `onChange` is called when more has been made. */
  constructor(deps: ToolRunsDeps, onChange: () => void) {
    this.#deps = deps;
    this.#onChange = onChange;
  }

  get versions(): ReadonlyMap<ToolName, string> {
    return this.#deps.tools.versions;
  }

  get results(): ReadonlyMap<string, ToolResult> {
    return this.#results;
  }

  /** Nothing is being made, or has to be made now. */
  get isAtRest(): boolean {
    return this.#working === undefined || (this.#wake !== undefined && this.#due().length === 0);
  }

  /** Has these made, and no others, until the signal fires. */
  want(runs: ReadonlyMap<string, ToolRun>, signal: AbortSignal): void {
    this.#wanted = runs;
    this.#forget();
    this.#wake?.abort();
    if (this.#working !== undefined || (this.#due().length === 0 && this.#nextMs() === undefined)) return;
    this.#working = this.#work(signal).finally(() => {
      this.#working = undefined;
    });
  }

  /** Has these made now. Shape: what could not be made because of the world stays unknown. */
  async settle(runs: ReadonlyMap<string, ToolRun>, signal: AbortSignal): Promise<void> {
    this.#forget();
    await forEach(this.#missing(runs), runsMax, async (run) => void (await this.#make(run, signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const due = this.#due();
      const nextMs = this.#nextMs();
      if (due.length > 0) await this.#makeAll(due, signal);
      else if (nextMs === undefined) return;
      else await this.#wait(nextMs - this.#deps.clock.nowMs(), signal);
    }
  }

  async #makeAll(runs: readonly ToolRun[], signal: AbortSignal): Promise<void> {
    const ends = new Set<Making>();
    await forEach(runs, runsMax, async (run) => {
      if (this.#isDue(run)) ends.add(await this.#make(run, signal));
    });
    if (ends.has('news')) this.#onChange();
    else if (!ends.has('same')) await sleep(this.#deps.clock, retryMs, signal).catch(() => undefined);
  }

  /** Until then, or until something else is wanted. */
  async #wait(durationMs: number, signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    await sleep(this.#deps.clock, durationMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined);
    this.#wake = undefined;
  }

  async #make(run: ToolRun, signal: AbortSignal): Promise<Making> {
    const { tools, filesOf, clock, log, metrics } = this.#deps;
    const startMs = clock.nowMs();
    try {
      const result = await tools.make(run, filesOf(run.repository), signal);
      metrics.observe('tool_seconds', { tool: run.kind }, (clock.nowMs() - startMs) / 1000);
      return this.#keep(run, result);
    } catch (error) {
      if (signal.aborted) return 'unread';
      log.warn('files of a tool cannot be read', {
        repository: run.repository,
        tool: run.kind,
        reason: describeFault(faultOf(error)),
      });
      return 'unread';
    }
  }

  #keep({ key }: ToolRun, result: ToolResult): Making {
    const before = this.#results.get(key);
    this.#results.set(key, result);
    if (result.kind === 'failed' && result.mayPass === true) {
      const failures = (this.#again.get(key)?.failures ?? 0) + 1;
      const waitMs = Math.min(againMs.max, againMs.first * 2 ** (failures - 1));
      this.#again.set(key, { failures, atMs: this.#deps.clock.nowMs() + waitMs });
    } else this.#again.delete(key);
    const isSame = before?.kind === 'failed' && result.kind === 'failed' && before.message === result.message;
    return isSame ? 'same' : 'news';
  }

  #due(): readonly ToolRun[] {
    return [...this.#wanted.values()].filter((run) => this.#isDue(run));
  }

  #isDue({ key }: ToolRun): boolean {
    if (!this.#wanted.has(key)) return false;
    if (!this.#results.has(key)) return true;
    const again = this.#again.get(key);
    return again !== undefined && again.atMs <= this.#deps.clock.nowMs();
  }

  /** When the first of what is wanted is to be tried again. */
  #nextMs(): number | undefined {
    const times = [...this.#wanted.keys()].flatMap((key) => this.#again.get(key)?.atMs ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #missing(runs: ReadonlyMap<string, ToolRun>): readonly ToolRun[] {
    return [...runs.values()].filter(({ key }) => !this.#results.has(key));
  }

  #forget(): void {
    const old = [...this.#results.keys()].filter((key) => !this.#wanted.has(key));
    for (const key of old.slice(0, Math.max(0, old.length - oldResultsMax))) {
      this.#results.delete(key);
      this.#again.delete(key);
    }
  }
}
