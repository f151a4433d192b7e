/** A fleet that follows a repository whose pull requests are planned, on a clock that the test moves. */

import { equal } from 'node:assert/strict';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { installationId } from '../../../src/core/model/id.ts';
import { type CheckDeps, noChecks } from '../../../src/engine/gates/checks.ts';
import { type Previewing, startPreviews } from '../../../src/engine/preview/start.ts';
import { Budget } from '../../../src/engine/publish/budget.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { noTools, type Tools } from '../../../src/seam/tool.ts';
import { clusterManifests, type FleetOptions, type TestFleet, testFleet } from '../../builder/fleet.ts';
import { app, configMap, placement } from '../../builder/manifest.ts';
import { type TestForge, type TestForgeOptions, testForge } from '../../builder/pull-requests.ts';
import { deployment } from '../../builder/world.ts';

export type Scene = {
  readonly fleet: TestFleet;
  readonly forge: TestForge;
  /** Proposes these files on top of a commit, the branch's head if not said. Shape: the number of the pull request. */
  readonly propose: (files: Readonly<Record<string, string | undefined>>, options?: ProposeOptions) => number;
  /** Its first comment; empty when there is none. */
  readonly comment: (number: number) => string;
  /** `state text` of its head; empty when there is none. */
  readonly status: (number: number) => string;
  /** Another Landfall takes over, which knows nothing but what is written down. */
  readonly restart: () => Promise<void>;
  readonly budget: () => Budget;
  /** As pages are shown them. */
  readonly plans: () => ReturnType<Previewing['plans']>;
  readonly close: () => Promise<void>;
};

export type ProposeOptions = { readonly on?: CommitSha; readonly isForeign?: boolean };

export type SceneOptions = FleetOptions & {
  readonly forge?: TestForgeOptions;
  readonly isForeignPlanned?: boolean;
  readonly rate?: { readonly burst: number; readonly perHour: number };
  readonly toolsOfPlans?: Tools;
  readonly checksOfPlans?: CheckDeps;
  readonly pageOf?: (pullRequest: number) => string;
  /** The one repository whose pull requests are planned; `fleet` if not said. */
  readonly planned?: string;
  /** Copies of the hub, which is the first cluster, may be read. */
  readonly hasHub?: boolean;
};

export function previewScene(options: SceneOptions): Scene {
  const fleet = testFleet(options);
  const forge = testForge(options.forge);
  const { clock } = fleet;
  let budget: Budget;
  let running: ({ readonly stop: AbortController } & Previewing) | undefined;
  const log = (level: string) => (message: string, fields?: object) =>
    void (fleet.logs as string[]).push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  const start = (): void => {
    const stop = new AbortController();
    budget = new Budget(options.rate ?? { burst: 60, perHour: 440 }, clock);
    const deps = {
      installation: installationId('test'),
      connectHub: () => {
        if (options.hasHub === true) return fleet.connectHub();
        throw new FaultError({ kind: 'misconfigured', detail: 'there is no hub' });
      },
      checks: options.checksOfPlans ?? noChecks,
      tools: options.toolsOfPlans ?? noTools,
      clock,
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      metrics: noMetrics,
      forgeOf: (id: string) => {
        const { statuses, pullRequests } = forge;
        const isForeignPlanned = options.isForeignPlanned ?? false;
        return id === (options.planned ?? 'fleet')
          ? { statuses, pullRequests, budget, isForeignPlanned, pageOf: options.pageOf }
          : undefined;
      },
    };
    running = { stop, ...startPreviews(fleet.engine, deps, stop.signal) };
  };
  const stop = async (): Promise<void> => {
    running?.stop.abort(new Error('killed'));
    await clock.settle();
    await running?.ended;
  };
  start();
  let branches = 0;
  return {
    fleet,
    forge,
    propose: (files, { on = fleet.git.head(), isForeign = false } = {}) =>
      forge.propose({ branch: `topic-${++branches}`, head: fleet.git.branchOff(on, files), isForeign }),
    comment: (number) => forge.comments(number)[0]?.body ?? '',
    status: (number) => {
      const status = forge.status(forge.get(number).head.commit, 'landfall/plan');
      return status === undefined ? '' : `${status.state} ${status.text}`;
    },
    restart: async () => {
      await stop();
      await fleet.kill();
      fleet.start();
      start();
    },
    budget: () => budget,
    plans: () => running?.plans() ?? [],
    close: async () => {
      await stop();
      await fleet.close();
    },
  };
}

export const clusters = ['eu-1', 'eu-2', 'us-1'];
const stages = ['{name: canary, clusterNames: [eu-1]}', '{name: production, clusterNames: [eu-2, us-1]}'];

/** `web` in two stages, and `other` wherever the region is `eu`. */
export const fleetFiles: Readonly<Record<string, string>> = {
  ...clusterManifests(clusters, (name) => ({ region: name.slice(0, 2) })),
  'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
  'apps/web/web.yaml': deployment('web', 'example.com/web:1'),
  'other.yaml': `${app('other')}---\n${placement('other', ['{name: all, clusterSelector: {matchLabels: {region: eu}}}'])}`,
  'apps/other/map.yaml': configMap('other', '1'),
};

/** A change of `web` on all of its clusters. */
export const nextImage = { 'apps/web/web.yaml': deployment('web', 'example.com/web:2') };

/** A scene whose clusters hold what the branch wants. */
export async function settledScene(
  options: Partial<SceneOptions> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const scene = previewScene({ clusters, ...options });
  scene.fleet.git.commit({ ...fleetFiles, ...more });
  await scene.fleet.run(120_000);
  equal(scene.fleet.cell('shop/web', 'us-1')?.state, 'Synced', scene.fleet.table());
  return scene;
}
