/** A whole Landfall against a sandbox fleet in this process, on a clock that the test moves. */

import { parseJson } from '../../src/core/json/text.ts';
import type { Json } from '../../src/core/json/value.ts';
import {
  appIdOf,
  type CellId,
  type ClusterId,
  cellId,
  clusterId,
  installationId,
  repositoryId,
} from '../../src/core/model/id.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { kubeClient } from '../../src/edge/kube/client.ts';
import { fixedCredentials } from '../../src/edge/kube/login.ts';
import { Engine } from '../../src/engine/engine.ts';
import { type CheckDeps, noChecks } from '../../src/engine/gates/checks.ts';
import type { CellStatus } from '../../src/engine/ledger.ts';
import { type Survey, withSurvey } from '../../src/engine/plan/survey.ts';
import type { EngineDeps, EngineSettings } from '../../src/engine/settings.ts';
import { sandboxNet, sandboxOrigin } from '../../src/sandbox/net.ts';
import { admin, userNamed } from '../../src/sandbox/registry/user.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxSettings } from '../../src/sandbox/settings.ts';
import type { Clock } from '../../src/seam/clock.ts';
import type { Log, LogFields } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import type { Parser } from '../../src/seam/parse.ts';
import { noTools, type Tools } from '../../src/seam/tool.ts';
import { type HandClock, handClock } from './clock.ts';
import { type MemoryGit, memoryGit } from './memory-git.ts';
import { seededRng } from './rng.ts';

export type TestFleet = {
  readonly sandbox: Sandbox;
  readonly git: MemoryGit;
  readonly clock: HandClock;
  readonly engine: Engine;
  readonly logs: readonly string[];
  /** A client of the first cluster, which is the hub. */
  readonly connectHub: EngineDeps['connectHub'];
  /** Starts (another) Landfall on the same clusters and repository. */
  readonly start: () => void;
  /** Ends it as a kill would. */
  readonly kill: () => Promise<void>;
  /** Moves time until nothing is left to do, or the time is over. */
  readonly run: (durationMs: number) => Promise<void>;
  readonly cell: (app: string, cluster: string) => CellStatus | undefined;
  /** An object as the API of a cluster answers it; undefined when it is not there. */
  readonly get: (cluster: string, path: string) => Promise<Json | undefined>;
  readonly request: (
    cluster: string,
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ) => Promise<{ readonly status: number; readonly json: Json | undefined }>;
  /** Looks at the fleet as a command does that only looks. */
  readonly survey: <T>(use: (survey: Survey, signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** `app@cluster state health`, one line a cell. */
  readonly table: () => string;
  readonly close: () => Promise<void>;
};

export type FleetOptions = {
  readonly clusters: readonly string[];
  readonly settings?: Partial<EngineSettings>;
  readonly sandbox?: Partial<SandboxSettings>;
  readonly isPlain?: boolean;
  /** Who Landfall is to the clusters, which then have RBAC; else an administrator. */
  readonly user?: string;
  readonly tools?: Tools;
  /** Instead of one that reads files as they are. */
  readonly parser?: Parser;
  readonly checks?: CheckDeps;
  /** Of repositories beside the one that is called `fleet`, by id. */
  readonly gits?: ReadonlyMap<string, MemoryGit>;
  readonly isVerbose?: boolean;
  /** Another seed, another story. */
  readonly seed?: number;
  /** How far Landfall's clock is ahead of that of the clusters. */
  readonly skewMs?: () => number;
  /** Called with each engine before it runs. */
  readonly onStart?: (begun: Pick<TestFleet, 'clock' | 'engine' | 'git'> & { readonly signal: AbortSignal }) => void;
  /** Second names of clusters: names of the fleet that lead to one of `clusters`. */
  readonly aliases?: Readonly<Record<string, string>>;
};

const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

/** Cluster manifests for these names, each labelled with itself. */
export function clusterManifests(
  names: readonly string[],
  labels: (name: string) => Record<string, string> = () => ({}),
): Record<string, string> {
  const files = names.map((name) => {
    const manifest = {
      apiVersion: 'landfall.dev/v1alpha1',
      kind: 'Cluster',
      metadata: { name, labels: { name, ...labels(name) } },
      spec: { access: { file: `${name}.kubeconfig` } },
    };
    return [`clusters/${name}.yaml`, JSON.stringify(manifest)];
  });
  return Object.fromEntries(files);
}

function guardedBy(user: string | undefined): Partial<SandboxSettings> {
  if (user === undefined) return {};
  const tokens = new Map([
    ['landfall', userNamed(user)],
    ['admin', admin],
  ]);
  return { authorization: 'RBAC', tokens };
}

const landfallHeaders = (user: string | undefined): Readonly<Record<string, string>> =>
  user === undefined ? {} : { authorization: 'Bearer landfall' };

export function testFleet(options: FleetOptions): TestFleet {
  const clock = handClock();
  const { seed = 0, skewMs } = options;
  const ownClock: Clock =
    skewMs === undefined
      ? clock
      : { nowMs: () => clock.nowMs() + skewMs(), after: (ms, wake) => clock.after(ms, wake) };
  const sandbox = createSandbox({
    clock,
    rng: seededRng(1 + seed),
    clusters: options.clusters,
    settings: { podReadyMs: { min: 10, max: 20 }, ...guardedBy(options.user), ...options.sandbox },
  });
  const net = sandboxNet(sandbox);
  const git = memoryGit();
  const logs: string[] = [];
  const log = (level: string) => (message: string, fields?: LogFields) => {
    logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    if (options.isVerbose) console.log(clock.nowMs() - 1_700_000_000_000, level, message, JSON.stringify(fields ?? {}));
  };
  const logger: Log = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  let generation = 0;
  let engine: Engine;
  let opened: { readonly settings: EngineSettings; readonly deps: EngineDeps };
  let running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  const start = (): void => {
    generation += 1;
    const settings: EngineSettings = {
      installation: installationId('test'),
      holder: `process-${generation}`,
      leaseMs: 15_000,
      repositories: [
        {
          id: repositoryId('fleet'),
          url: 'memory:fleet',
          branch: 'main',
          role: 'single',
          isPlain: options.isPlain ?? false,
          root: '',
          schedule: { kind: 'interval', everyMs: 10_000 },
          timeoutMs: 60_000,
        },
      ],
      worker: {
        cellsMax: 4,
        writesMax: 8,
        cellTimeoutMs: 120_000,
        retryMinMs: 1_000,
        retryMaxMs: 300_000,
        auditMs: 86_400_000,
      },
      copyScope: 'global',
      surveyMs: 30_000,
      ...options.settings,
    };
    const learnt = new Map<ClusterId, string>();
    const deps: EngineDeps = {
      openGit: ({ id }) => (options.gits?.get(id) ?? git).repository,
      parser: options.parser ?? parser,
      connect: (cluster) =>
        kubeClient(
          fixedCredentials(sandboxOrigin(options.aliases?.[cluster.id] ?? cluster.id), {
            headers: landfallHeaders(options.user),
          }),
          { net, clock: ownClock, rng: seededRng(2 + seed) },
          { version: 'test' },
        ),
      connectHub: () =>
        kubeClient(
          fixedCredentials(sandboxOrigin(options.clusters[0]!)),
          { net, clock: ownClock, rng: seededRng(3 + seed) },
          { version: 'test' },
        ),
      tools: options.tools ?? noTools,
      checks: options.checks ?? noChecks,
      identities: { known: (id) => learnt.get(id), learn: (id, uid) => void learnt.set(id, uid) },
      clock: ownClock,
      rng: seededRng(4 + generation + seed),
      log: logger,
      metrics: noMetrics,
    };
    opened = { settings, deps };
    engine = new Engine(settings, deps);
    const stop = new AbortController();
    options.onStart?.({ engine, git, clock, signal: stop.signal });
    running = {
      stop,
      done: engine
        .run(stop.signal)
        .catch((error: unknown) => void logs.push(`ENDED ${String(error instanceof Error ? error.stack : error)}`)),
    };
  };
  const kill = async (): Promise<void> => {
    running?.stop.abort(new Error('killed'));
    for (let turn = 0; turn < 5; turn++) await clock.settle();
    await clock.advance(100);
    await running?.done;
    running = undefined;
  };
  const request: TestFleet['request'] = async (cluster, method, path, body, contentType = 'application/json') => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      accept: 'application/json',
      'content-type': contentType,
      'user-agent': 'kubectl/test',
      authorization: 'Bearer admin',
    };
    const answer = await sandbox
      .cluster(cluster)
      .handle({ method, path, headers, body: text }, new AbortController().signal);
    const raw = typeof answer.body === 'string' ? answer.body : '';
    return { status: answer.status, json: raw === '' ? undefined : parseJson(raw) };
  };
  start();
  return {
    sandbox,
    git,
    clock,
    get engine() {
      return engine;
    },
    logs,
    connectHub: () => opened.deps.connectHub(),
    start,
    kill,
    run: async (durationMs) => {
      await clock.advance(durationMs);
      const bug = logs.find((line) => line.startsWith('ENDED') || line.startsWith('error bug'));
      if (bug !== undefined) throw new Error(bug.replaceAll('\\n', '\n'));
    },
    cell: (app, cluster) => engine.ledger.of(cellId(appIdOf(app), clusterId(cluster))),
    get: async (cluster, path) => {
      const { status, json } = await request(cluster, 'GET', path);
      return status === 200 ? json : undefined;
    },
    request,
    survey: async (use) => {
      const { signal } = new AbortController();
      const looking = withSurvey(opened.settings, opened.deps, undefined, (survey) => use(survey, signal), signal);
      const isDone = looking.then(
        () => true,
        () => true,
      );
      while (!(await Promise.race([isDone, clock.advance(10).then(() => false)])));
      return looking;
    },
    table: () =>
      [...engine.ledger.cells.values()]
        .map(
          ({ cell, state, health, message }: CellStatus & { cell: CellId }) =>
            `${cell} ${state} ${health}${message === undefined ? '' : ` (${message})`}`,
        )
        .toSorted()
        .join('\n'),
    close: async () => {
      await kill();
      sandbox.close();
    },
  };
}
