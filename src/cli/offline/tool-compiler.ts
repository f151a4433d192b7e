/** Compiling with what only tools can make, made here and once. */
import { type Compiled, compile } from '../../core/compile/compile.ts';
import type { Memo } from '../../core/compile/memo.ts';
import type { World } from '../../core/compile/world.ts';
import { FaultError } from '../../core/model/fault.ts';
import { noTooling, type ToolResult } from '../../core/model/tool.ts';
import { forEach } from '../../engine/pool.ts';
import type { ReadFiles, Tools } from '../../seam/tool.ts';

/** Programs at work at a time. */
const runsMax = 2;

export class ToolCompiler {
  readonly #open: () => Promise<Tools>;
  readonly #readFiles: ReadFiles;
  readonly #signal: AbortSignal;
  readonly #results = new Map<string, ToolResult>();
  /** Asked for only where something has to be made. */
  #tools: Promise<Tools> | undefined;
  #versions: Tools['versions'] = noTooling.versions;

  constructor(openTools: () => Promise<Tools>, readFiles: ReadFiles, signal: AbortSignal) {
    this.#open = openTools;
    this.#readFiles = readFiles;
    this.#signal = signal;
  }

  async compile(world: World, memo?: Memo): Promise<Compiled> {
    const first = compile(this.#with(world), memo);
    if ([...first.toolRuns.keys()].every((key) => this.#results.has(key))) return first;
    this.#tools ??= this.#open();
    const { versions, make } = await this.#tools;
    this.#versions = versions;
    const { toolRuns, memo: known } = compile(this.#with(world), first.memo);
    const runs = [...toolRuns.values()].filter(({ key }) => !this.#results.has(key));
    await forEach(runs, runsMax, async (run) => {
      this.#results.set(run.key, await make(run, this.#readFiles, this.#signal).catch(failureOf));
    });
    return compile(this.#with(world), known);
  }

  #with(world: World): World {
    return { ...world, tooling: { ...noTooling, versions: this.#versions, results: this.#results } };
  }
}

/** Nobody waits here for a world that is better later. */
function failureOf(error: unknown): ToolResult {
  if (!(error instanceof FaultError)) throw error;
  return { kind: 'failed', message: error.fault.detail, hint: undefined };
}
