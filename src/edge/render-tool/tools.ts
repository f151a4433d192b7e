/** Helm and Kustomize, as programs of this machine that are kept on a short lead. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { type ToolName, type ToolResult, type ToolRun, toolNames } from '../../core/model/tool.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Parser } from '../../seam/parse.ts';
import type { ReadFiles, Tools } from '../../seam/tool.ts';
import {
  type GitChart,
  gitFetch,
  type HelmRun,
  helmPackage,
  helmPull,
  helmTemplate,
  inputsOf,
  kustomizeBuild,
} from './command.ts';
import { failureIn, installHint, warningsIn } from './complaint.ts';
import { ChartStore, refuseFetch } from './fetch.ts';
import { lookupsIn } from './lookup.ts';
import { readOutput } from './output.ts';
import {
  findIsolation,
  type Isolation,
  isKeptAway,
  onPath,
  type ProgramEnd,
  type ProgramRun,
  runProgram,
} from './program.ts';
import { baseAt, chartAt, gitListing, type Place, refuseMoving } from './revision.ts';
import type { RenderToolSettings } from './settings.ts';
import { staysInside, type Workspace, withWorkspace } from './workspace.ts';

export type ToolDeps = { readonly clock: Clock; readonly log: Log; readonly parser: Parser };

type Found = { readonly path: string; readonly version: string };

/**
 * Finds the tools and asks them for their versions, once. A tool that is not here is no error until it is needed, and is
 * looked for again then.
 */
export async function openTools(settings: RenderToolSettings, deps: ToolDeps, signal: AbortSignal): Promise<Tools> {
  const isolation = await withWorkspace([], ({ folder }) => findIsolation(deps.clock, folder, signal));
  const found = new Map<ToolName, Found>();
  await Promise.all(
    toolNames.map(async (name) => {
      const tool = await find(name, settings, isolation, deps, signal);
      if (tool !== undefined) found.set(name, tool);
    }),
  );
  const maker = new Maker(settings, found, isolation, deps);
  return {
    get versions() {
      return new Map([...found].map(([name, { version }]) => [name, version]));
    },
    make: (run, read, stop) => maker.make(run, read, stop),
  };
}

const versionArgs: Readonly<Record<ToolName, readonly string[]>> = {
  helm: ['version', '--template', '{{.Version}}'],
  kustomize: ['version'],
};

async function find(
  name: ToolName,
  settings: RenderToolSettings,
  network: Isolation,
  { clock, log }: ToolDeps,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const path = settings.programs[name] ?? onPath(name);
  if (path === undefined) return undefined;
  const end = await withWorkspace([], ({ folder }) =>
    runProgram({ ...settings, program: path, args: versionArgs[name], folder, network }, clock, signal),
  );
  const version = end.kind === 'exit' && end.code === 0 ? end.output.toString('utf8').trim() : '';
  if (/^v?[0-9]\S*$/.test(version)) return { path, version };
  log.warn('a tool does not say its version, and is not used', { tool: name, path, end: end.kind });
  return undefined;
}

class Maker {
  readonly #settings: RenderToolSettings;
  readonly #found: Map<ToolName, Found>;
  readonly #isolation: Isolation;
  readonly #deps: ToolDeps;
  readonly #charts: ChartStore;

  constructor(settings: RenderToolSettings, found: Map<ToolName, Found>, isolation: Isolation, deps: ToolDeps) {
    this.#settings = settings;
    this.#found = found;
    this.#isolation = isolation;
    this.#deps = deps;
    this.#charts = new ChartStore(settings.chartFolder);
  }

  async make(run: ToolRun, read: ReadFiles, signal: AbortSignal): Promise<ToolResult> {
    const tool = await this.#tool(run.kind, signal);
    if (tool === undefined) return this.#missing(run.kind);
    const refused = refuseFetch(run, this.#settings);
    if (refused !== undefined) return { kind: 'failed', ...refused };
    const inputs = inputsOf(run);
    const { filesMax, inputBytesMax } = this.#settings;
    const tooMany = failed(`it is made from more than ${filesMax} files`, 'give it a folder of its own');
    if (inputs.length > filesMax) return tooMany;
    const bytes = await read(inputs, signal);
    const sizeBytes = bytes.reduce((sum, each) => sum + each.length, 0);
    if (sizeBytes > inputBytesMax)
      return failed(`it is made from more than ${inMiB(inputBytesMax)} of files`, 'give it a folder of its own');
    const files = inputs.flatMap(({ path }, index) => {
      const content = bytes[index];
      return content === undefined ? [] : [{ path, bytes: content }];
    });
    return withWorkspace(files, async (workspace) => {
      const chart = run.kind === 'helm' ? await this.#chartOf(run, tool, workspace, signal) : '';
      if (typeof chart !== 'string') return chart;
      const moving =
        run.kind === 'kustomize' ? await this.#moving(run.remotes.map(baseAt), workspace, signal) : undefined;
      if (moving !== undefined) return moving;
      const args =
        run.kind === 'helm' ? await helmTemplate(run, chart, workspace) : await kustomizeBuild(run, workspace);
      const needsNetwork = run.kind === 'kustomize' && run.remotes.length > 0;
      // A base may name others, which nobody here has seen: they come from where the settings let something come from.
      const end = await this.#run(tool, args, needsNetwork ? 'granted' : 'nothing', workspace, signal);
      if (end.kind !== 'exit' || end.code !== 0) return this.#failure(end, needsNetwork, workspace);
      const output = await readOutput(end.output, this.#deps.parser, signal);
      if (output.kind === 'unreadable') return failed(output.message);
      const asking = run.kind === 'helm' ? lookupsIn(files) : [];
      const warnings = [...asking, ...warningsIn(end.complaint, workspace.folder)];
      return { kind: 'made', objects: output.objects, warnings };
    });
  }

  /** From now on it is there, with its version: what is made by it is made anew for that, and passes the stages. */
  async #tool(name: ToolName, signal: AbortSignal): Promise<Found | undefined> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const come = await find(name, this.#settings, this.#isolation, this.#deps, signal);
    if (come !== undefined) this.#found.set(name, come);
    return come;
  }

  /** A folder or an archive; only fetching one has a network, what is in it never does. */
  async #chartOf(
    { chart }: HelmRun,
    tool: Found,
    workspace: Workspace,
    signal: AbortSignal,
  ): Promise<string | ToolResult> {
    if (chart.kind === 'folder') return workspace.pathOf(chart.folder);
    if (chart.kind === 'git' && chart.folder !== '' && !staysInside(chart.folder))
      return failed(`${chart.folder} leads out of ${chart.url}`);
    let failure: ToolResult = failed('it was not fetched');
    const archive = await this.#charts.get(chart, async (into) => {
      const moving = chart.kind === 'git' ? await this.#moving([chartAt(chart)], workspace, signal) : undefined;
      if (moving !== undefined) {
        failure = moving;
        return false;
      }
      const steps: readonly FetchStep[] =
        chart.kind === 'remote' ? [[tool.path, helmPull(chart, into), true]] : fromGit(chart, into, tool, workspace);
      for (const [path, args, hasNetwork] of steps) {
        const end = await this.#run({ path }, args, hasNetwork ? 'anything' : 'nothing', workspace, signal);
        if (end.kind === 'exit' && end.code === 0) continue;
        failure = this.#failure(end, hasNetwork, workspace);
        return false;
      }
      return true;
    });
    return archive ?? failure;
  }

  /** Why it is not fetched; undefined when all of it stays what it is. Errors: unreachable. */
  async #moving(places: readonly Place[], workspace: Workspace, signal: AbortSignal): Promise<ToolResult | undefined> {
    for (const place of places) {
      if (place.kind === 'unfixed') return failed(place.message, place.hint);
      if (place.kind === 'fixed') continue;
      const end = await this.#run({ path: 'git' }, gitListing(place.git), 'granted', workspace, signal);
      if (end.kind !== 'exit' || end.code !== 0) return this.#failure(end, true, workspace);
      const moving = refuseMoving(place.git, end.output.toString('utf8'));
      if (moving !== undefined) return { kind: 'failed', ...moving };
    }
    return undefined;
  }

  #run(
    { path }: Pick<Found, 'path'>,
    args: readonly string[],
    reach: Reach,
    { folder }: Workspace,
    signal: AbortSignal,
  ): Promise<ProgramEnd> {
    const { hosts, ...limits } = this.#settings;
    const run: ProgramRun = {
      ...limits,
      ...{ program: path, args, folder },
      network: reach === 'nothing' ? this.#isolation : 'open',
      ...(reach === 'granted' ? { hosts } : {}),
    };
    return runProgram(run, this.#deps.clock, signal);
  }

  #missing(tool: ToolName): ToolResult {
    const path = this.#settings.programs[tool];
    const isThere = path !== undefined && existsSync(path);
    const message =
      path === undefined
        ? `there is no \`${tool}\` in PATH`
        : `\`tools.${tool}\` of the settings names ${path}, which ${isThere ? 'does not run' : 'is not there'}`;
    return passing(failed(message, installHint(tool)));
  }

  /** Errors: unreachable, since the world may answer the next time. */
  #failure(end: ProgramEnd, hasNetwork: boolean, { folder }: Workspace): ToolResult {
    const { timeoutMs, memoryBytesMax, outputBytesMax } = this.#settings;
    switch (end.kind) {
      case 'timeout':
        if (hasNetwork)
          throw new FaultError({ kind: 'unreachable', detail: `not fetched within ${timeoutMs / 1_000} s` });
        return passing(
          failed(`it did not end within ${timeoutMs / 1_000} s`, 'the settings have the limit: `tools.timeout`'),
        );
      case 'memory':
        return failed(
          `it needs more memory than ${inMiB(memoryBytesMax)}`,
          'the settings have the limit: `tools.memory`',
        );
      case 'output':
        return failed(`it prints more than ${inMiB(outputBytesMax)}`, 'make several components of it');
      case 'unstartable':
        return passing(failed(`it cannot be started: ${end.reason}`));
      case 'exit': {
        const said = failureIn(end.complaint, folder);
        if (hasNetwork && isKeptAway(end.complaint))
          return failed('a base of it is from a host that the settings do not name', hostHint);
        if (hasNetwork && isOfTheWorld(said)) throw new FaultError({ kind: 'unreachable', detail: said });
        return failed(said, hintFor(said));
      }
    }
  }
}

/** `granted`: the hosts of the settings. */
type Reach = 'nothing' | 'granted' | 'anything';

const hostHint = 'commit it here, or name its host in the settings under `tools.hosts`';

type FetchStep = readonly [program: string, args: readonly string[], hasNetwork: boolean];

/** Git's files, then the one archive that is kept of them. */
function fromGit(chart: GitChart, into: string, helm: Found, { folder }: Workspace): readonly FetchStep[] {
  const clone = join(folder, 'clone');
  const fetch = gitFetch(chart, clone).map((args): FetchStep => ['git', args, true]);
  return [...fetch, [helm.path, helmPackage(join(clone, chart.folder), into), false]];
}

type Failed = Extract<ToolResult, { readonly kind: 'failed' }>;
const failed = (message: string, hint?: string): Failed => ({ kind: 'failed', message, hint });
/** Nothing in the files is to blame. */
const passing = (result: Failed): Failed => ({ ...result, mayPass: true });
const inMiB = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

const isOfTheWorld = (said: string): boolean =>
  /dial tcp|no such host|could not resolve host|failed to connect|i\/o timeout|connection re(?:set|fused)|TLS handshake|unexpected EOF|\b(?:429|50[0234])\b/i.test(
    said,
  );

function hintFor(said: string): string | undefined {
  if (/dependenc/i.test(said)) return 'commit what `helm dependency build` puts into `charts/`, too';
  if (/enable-helm/.test(said)) return 'use `helm:` for the chart, and a component of its own';
  return undefined;
}
