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
/** Results that nobody asks for any more, kept for a return to an older commit. */
const oldResultsMax = 500;

export class ToolRuns {
  readonly #deps: ToolRunsDeps;
  readonly #onChange: () => void;
  readonly #results = new Map<string, ToolResult>();
  #wanted: ReadonlyMap<string, ToolRun> = new Map();
  #working: Promise<void> | undefined;

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

  /** Nothing is being made. */
  get isAtRest(): boolean {
    return this.#working === undefined;
  }

  /** Has these made, and no others, until the signal fires. */
  want(runs: ReadonlyMap<string, ToolRun>, signal: AbortSignal): void {
    this.#wanted = runs;
    this.#forget();
    if (this.#missing(runs).length === 0 || this.#working !== undefined) return;
    this.#working = this.#work(signal).finally(() => {
      this.#working = undefined;
    });
  }

  /** Has these made now. Shape: what could not be made because of the world stays unknown. */
  async settle(runs: ReadonlyMap<string, ToolRun>, signal: AbortSignal): Promise<void> {
    await forEach(this.#missing(runs), runsMax, async (run) => void (await this.#make(run, signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const missing = this.#missing(this.#wanted);
      if (missing.length === 0) return;
      let made = 0;
      await forEach(missing, runsMax, async (run) => {
        if (!this.#wanted.has(run.key) || this.#results.has(run.key)) return;
        if (await this.#make(run, signal)) made += 1;
      });
      if (made > 0) this.#onChange();
      else await sleep(this.#deps.clock, retryMs, signal).catch(() => undefined);
    }
  }

  async #make(run: ToolRun, signal: AbortSignal): Promise<boolean> {
    const { tools, filesOf, clock, log, metrics } = this.#deps;
    const startMs = clock.nowMs();
    try {
      const result = await tools.make(run, filesOf(run.repository), signal);
      this.#results.set(run.key, result);
      metrics.observe('tool_seconds', { tool: run.kind }, (clock.nowMs() - startMs) / 1000);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      log.warn('files of a tool cannot be read', {
        repository: run.repository,
        tool: run.kind,
        reason: describeFault(faultOf(error)),
      });
      return false;
    }
  }

  #missing(runs: ReadonlyMap<string, ToolRun>): readonly ToolRun[] {
    return [...runs.values()].filter(({ key }) => !this.#results.has(key));
  }

  #forget(): void {
    const old = [...this.#results.keys()].filter((key) => !this.#wanted.has(key));
    for (const key of old.slice(0, Math.max(0, old.length - oldResultsMax))) this.#results.delete(key);
  }
}
