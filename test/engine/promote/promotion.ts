/** A fleet with a canary and production, a forge in memory between them, and the promotion of its pins. */
import { longDigestOfText } from '../../../src/core/json/digest.ts';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import type { Markup } from '../../../src/core/model/markdown.ts';
import { type CheckDeps, noChecks } from '../../../src/engine/gates/checks.ts';
import { Requests } from '../../../src/engine/promote/requests.ts';
import type { PlanStage } from '../../../src/engine/promote/stage-plan.ts';
import { stagePlanner } from '../../../src/engine/promote/stage-planner.ts';
import { type Promoting, startPromoting } from '../../../src/engine/promote/start.ts';
import { Budget } from '../../../src/engine/publish/budget.ts';
import type { Clock } from '../../../src/seam/clock.ts';
import type { Log } from '../../../src/seam/log.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { noTools } from '../../../src/seam/tool.ts';
import { clusterManifests, type TestFleet, testFleet } from '../../builder/fleet.ts';
import { app, deployment, pin, placement } from '../../builder/manifest.ts';
import { type TestForge, testForge } from '../../builder/pull-requests.ts';

export const clusters = ['a', 'b', 'c'];
export const branch = 'landfall/promote/shop/web/production';
export const pinPath = 'promotions/shop/web/production.yaml';

const byHand = 'merged by hand';
const pinIn = (text: string | undefined): CommitSha =>
  commitSha(/revision: ([0-9a-f]{40})/.exec(text ?? '')?.[1] ?? '');

export type PromotionOptions = {
  readonly promotion?: string;
  readonly stages?: readonly string[];
  readonly hasForge?: boolean;
  readonly markup?: Markup;
  /** Plans are tried on the clusters. */
  readonly isPlanned?: boolean;
  /** Landfall merges, or pushes; before it is done. */
  readonly onMerge?: (to: CommitSha, body: string | undefined) => void;
  /** How far the clock of promotions is off. */
  readonly skewMs?: number;
  /** What gates may ask beside the forge, whose statuses they read. */
  readonly web?: Pick<CheckDeps, 'allow' | 'net'>;
  /** Of the first commit, beside the clusters; absent: web, with a canary and production. */
  readonly files?: Readonly<Record<string, string>>;
};

export type TestPromotion = {
  readonly fleet: TestFleet;
  readonly forge: TestForge;
  /** Commits web with an image of this tag; one that ends in `broken` never gets ready. */
  readonly release: (tag: string) => CommitSha;
  readonly movePin: (revision: string, quarantined?: readonly string[]) => CommitSha;
  /** A person merges a pull request. */
  readonly merge: (number: number) => Promise<void>;
  /** What the pin of a stage names at the head. */
  readonly pinned: (stage?: string) => string | undefined;
  readonly promoting: () => Promoting;
  /** What a plan depends on beside the revision. */
  readonly plan: { salt: string; refused: readonly string[] };
  readonly run: (seconds: number) => Promise<void>;
  /** Ends Landfall and starts another. */
  readonly restart: () => Promise<void>;
  readonly bugs: string[];
  readonly close: () => Promise<void>;
};

export const twoStages = (promotion = ''): readonly string[] => [
  '{name: canary, clusterNames: [a], soak: 20s, progressDeadline: 60s}',
  `{name: production, clusterSelector: {}, revision: Pinned, maxUnavailable: 2, progressDeadline: 60s${promotion}}`,
];

export function testPromotion({
  promotion = '',
  stages,
  hasForge = true,
  isPlanned = false,
  markup = 'html',
  onMerge,
  skewMs = 0,
  web = noChecks,
  files,
}: PromotionOptions = {}): TestPromotion {
  const checks: CheckDeps = {
    ...web,
    readStatuses: (_, commit, signal) => forge.statuses.read(commit, signal),
  };
  const fleet = testFleet({ clusters, checks });
  const { git, clock } = fleet;
  const skewed: Clock = { ...clock, nowMs: () => clock.nowMs() + skewMs };
  const bugs: string[] = [];
  const log: Log = { ...silentLog, error: (message, fields) => void bugs.push(`${message} ${fields?.reason}`) };
  const plan = { salt: '', refused: [] as readonly string[] };
  const forge = testForge({
    markup,
    headOf: (name) => git.branch(name),
    merge: ({ head, body }, message) => {
      if (message !== byHand) onMerge?.(pinIn(git.text(pinPath, head.commit)), body);
      return git.squash(head.commit, message);
    },
  });
  // A branch of the repository moves, and its pull request with it.
  const propose = git.repository.propose;
  Object.assign(git.repository, {
    propose: async (...args: Parameters<typeof propose>) => {
      const commit = await propose(...args);
      const open = forge.all().find(({ state, head }) => state === 'open' && head.branch === args[0]);
      if (open !== undefined) forge.push(open.number, commit);
      return commit;
    },
  });
  const planStage: PlanStage = async ({ stage, to }) => ({
    digest: longDigestOfText([to, (stage.kind === 'pin' ? stage.pin?.revision : undefined) ?? '', plan.salt].join(' ')),
    changes: [{ app: 'shop/web', title: 'changes', body: plan.salt, markdown: `\`shop/web\` changes ${plan.salt}` }],
    unknown: [],
    refused: plan.refused,
  });
  let running: { readonly promoting: Promoting; readonly stop: AbortController } | undefined;
  const start = (): void => {
    const stop = new AbortController();
    const budget = new Budget({ burst: 60, perHour: 440 }, skewed);
    const requestsOf = () =>
      hasForge ? new Requests('main', { forge: forge.pullRequests, budget, clock: skewed }) : undefined;
    const connectHub = (): never => {
      throw new Error('there is no hub');
    };
    const planner = stagePlanner({ engine: fleet.engine, tools: noTools, connectHub, clock, log });
    const deps = { requestsOf, planStage: isPlanned ? planner : planStage, clock: skewed, log, metrics: noMetrics };
    running = { promoting: startPromoting(fleet.engine, deps, stop.signal), stop };
  };
  const stop = async (): Promise<void> => {
    running?.stop.abort(new Error('killed'));
    await clock.settle();
    await running?.promoting.ended;
  };
  start();
  git.commit({
    ...clusterManifests(clusters),
    ...(files ?? {
      'web.yaml': `${app('web')}---\n${placement('web', stages ?? twoStages(promotion))}`,
      'apps/web/web.yaml': deployment('web', 'web:1'),
    }),
  });
  return {
    fleet,
    forge,
    release: (tag) => git.commit({ 'apps/web/web.yaml': deployment('web', `web:${tag}`) }, `web: ${tag}`),
    movePin: (revision, quarantined = []) =>
      git.commit({
        [pinPath]: `${pin('web', 'production', revision).replace(/spec: .*/, `spec:\n  revision: ${revision} # by hand`)}${
          quarantined.length === 0 ? '' : `  quarantined: [${quarantined.join(', ')}]\n`
        }`,
      }),
    merge: async (number) => {
      const { head } = forge.get(number);
      await forge.pullRequests.merge(number, { head: head.commit, message: byHand }, AbortSignal.any([]));
    },
    pinned: (stage = 'production') =>
      /revision: ([0-9a-f]{40})/.exec(git.text(`promotions/shop/web/${stage}.yaml`) ?? '')?.[1],
    promoting: () => running!.promoting,
    plan,
    run: async (seconds) => {
      await fleet.run(seconds * 1000);
      if (bugs.length > 0) throw new Error(bugs.join('\n'));
    },
    restart: async () => {
      await stop();
      await fleet.kill();
      fleet.start();
      start();
    },
    bugs,
    close: async () => {
      await stop();
      await fleet.close();
    },
  };
}
