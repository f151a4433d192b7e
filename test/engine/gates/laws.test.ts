/** Protects: no gate is skipped, whatever people and the world do and in whatever order; and what is explained is what is told. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, textOf } from '../../../src/core/json/value.ts';
import { appIdOf, type CommitSha, cellId, clusterId, repositoryId } from '../../../src/core/model/id.ts';
import type { CommitStatus } from '../../../src/engine/gates/status-check.ts';
import { explain } from '../../../src/engine/plan/explain.ts';
import { fleetPlanOf } from '../../../src/engine/plan/fleet-plan.ts';
import { outlookOf, tryNothing } from '../../../src/engine/plan/outlook.ts';
import { Truth } from '../../../src/engine/publish/truth.ts';
import { testFleet } from '../../builder/fleet.ts';
import { seededRng } from '../../builder/rng.ts';
import { type Content, filesOf, Past, type Say, timeOf } from './content.ts';
import { outside } from './outside.ts';

const second = 1_000;
const minute = 60 * second;
/** How far the clock of Landfall is off, at most. */
const skewMs = 45 * second;
const soakMs = 3 * minute;
/** An answer of a gate may be so old when its write arrives, and so may the look at the branch. */
const answeredWithinMs = 80 * second;
const readWithinMs = 15 * second;
const pinned = ['b', 'c'] as const;
function life(seed: number) {
  const rng = seededRng(seed * 7919);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(rng.next() * all.length)]!;
  const isChance = (share: number): boolean => rng.next() < share;
  const { said, web } = outside();
  const statuses = new Map<CommitSha, CommitStatus['state']>();
  let aheadMs = 0;
  const fleet = testFleet({
    clusters: ['a', 'b', 'c'],
    seed: seed * 1000,
    user: 'landfall',
    sandbox: { authorization: 'AlwaysAllow' },
    skewMs: () => aheadMs,
    checks: {
      ...web,
      readStatuses: async (_, commit) => {
        const state = statuses.get(commit);
        return state === undefined ? [] : [{ name: 'ci', state, text: '' }];
      },
    },
  });
  const { git, clock, sandbox } = fleet;
  const problems: string[] = [];
  const contents = new Map<CommitSha, Content>();
  const heads = new Past<Content>();
  const pages = new Past<boolean>();
  const greens = new Map<CommitSha, Past<boolean>>();
  /** What each cluster has ever held, and what the canary has held for its soak. */
  const ever = new Map(pinned.map((name) => [name as string, new Set<string>()]));
  const soaked = new Set<string>();
  let onCanary: { readonly value: string; readonly sinceMs: number } | undefined;
  const entered = new Set<string>();

  const look = (): void => {
    const held = sandbox.cluster('a').read('v1', 'ConfigMap', 'shop', 'web');
    const value = held === undefined ? undefined : textOf(at(held, 'data', 'value'));
    if (value === undefined) return;
    if (onCanary?.value !== value) onCanary = { value, sinceMs: clock.nowMs() };
    // Its clock may have been turned from one end to the other meanwhile.
    if (clock.nowMs() - onCanary.sinceMs >= soakMs - 2 * skewMs) soaked.add(value);
  };

  const judge = (cluster: string, value: string): void => {
    const nowMs = clock.nowMs();
    look();
    const recent = heads.since(nowMs - readWithinMs);
    const isReturn = ever.get(cluster)?.has(value) === true;
    const bypassed = ({ bypass }: Say, gate: string): boolean =>
      bypass?.gates.includes(gate) === true && nowMs < bypass.untilMs + skewMs;
    const lacking = recent.map(({ say, freeze: still }): readonly string[] => {
      if (say === undefined || contents.get(say.revision)?.value !== value) return ['a pin'];
      const isStill = still !== undefined && nowMs >= still.fromMs && nowMs < still.untilMs;
      const isExempt =
        (isReturn && still?.allow.includes('Rollback') === true) ||
        (still?.allow.includes('Bypass') === true && bypassed(say, 'Freeze'));
      const isMarked = say.quarantined.some((each) => contents.get(each)?.value === value);
      const always = [
        ...(isStill && !isExempt ? ['G4 an end of the freeze'] : []),
        ...(isMarked ? ['G2 an end of quarantine'] : []),
      ];
      if (isReturn) return always;
      const isGreen =
        greens
          .get(say.revision)
          ?.since(nowMs - answeredWithinMs)
          .includes(true) === true;
      const isUp = pages.since(nowMs - answeredWithinMs).includes(true);
      const inHourMs = nowMs % (60 * minute);
      const isOpen = inHourMs < 45 * minute + skewMs || inHourMs > 60 * minute - skewMs;
      const isApproved = say.approvals.some((each) => each.revision === say.revision && nowMs < each.untilMs + skewMs);
      const gates: readonly (readonly [string, boolean])[] = [
        ['ci', isGreen],
        ['page', isUp],
        ['hours', isOpen || bypassed(say, 'Window')],
        ['go', isApproved],
        ['Soak', soaked.has(value) || bypassed(say, 'Evidence')],
      ];
      return [
        ...always,
        ...gates.filter(([gate, isPassed]) => !isPassed && !bypassed(say, gate)).map(([gate]) => `G1 ${gate}`),
      ];
    });
    if (!lacking.some(({ length }) => length === 0))
      problems.push(`${cluster} takes ${value} without ${JSON.stringify(lacking)} at ${timeOf(nowMs)}`);
    if (!isReturn) entered.add(value);
  };

  for (const cluster of ['a', ...pinned]) {
    sandbox.cluster(cluster).admit({
      name: 'laws',
      review: ({ user, resource, isDryRun, object, namespace, operation, previous }) => {
        const isOurs = user.name === 'landfall' && !isDryRun && resource.kind === 'ConfigMap' && namespace === 'shop';
        if (!isOurs || operation === 'DELETE') return { kind: 'allow' };
        const value = textOf(at(object, 'data', 'value')) ?? '';
        const before = previous === undefined ? undefined : textOf(at(previous, 'data', 'value'));
        if (cluster === 'a') look();
        else if (value !== before) judge(cluster, value);
        ever.get(cluster)?.add(value);
        return { kind: 'allow' };
      },
    });
  }

  const head = (): Content => contents.get(git.head())!;
  const push = (fields: Partial<Content>): void => {
    const content = { ...head(), ...fields };
    contents.set(git.commit(filesOf(content), `change ${contents.size}`), content);
    heads.add(clock.nowMs(), content);
  };
  const begin: Content = { value: '0', say: undefined, freeze: undefined };
  contents.set(git.commit(filesOf(begin)), begin);
  heads.add(clock.nowMs(), begin);
  pages.add(clock.nowMs(), true);

  const commits = (): readonly CommitSha[] => [...contents.keys()];
  /** Most often somebody wants what is new. */
  const candidate = (): CommitSha =>
    isChance(0.7) ? commits().findLast((each) => contents.get(each)?.value === head().value)! : pick(commits());
  const say = (): Say => head().say ?? { revision: candidate(), approvals: [], bypass: undefined, quarantined: [] };
  const soon = (): number => clock.nowMs() + pick([20 * second, 5 * minute, 60 * minute]);
  const state = (commit: CommitSha, told: CommitStatus['state']): void => {
    statuses.set(commit, told);
    const past = greens.get(commit) ?? new Past<boolean>();
    greens.set(commit, past);
    past.add(clock.nowMs(), told === 'success');
  };
  let values = 0;
  const release = (): void => push({ value: `${++values}` });
  const all = ['Evidence', 'Soak', 'Window', 'Freeze', 'ci', 'page', 'go'];
  const acts: readonly (() => unknown)[] = [
    release,
    release,
    // Reverted.
    () => push({ value: contents.get(pick(commits()))!.value }),
    // A pull request merged by hand: to whatever somebody thinks is right, approved or not.
    ...[1, 2, 3, 4].map(() => () => {
      const revision = candidate();
      const approvals = isChance(0.6)
        ? [{ revision: isChance(0.8) ? revision : pick(commits()), untilMs: soon() }]
        : say().approvals;
      push({ say: { ...say(), revision, approvals } });
      if (isChance(0.7)) state(revision, 'success');
    }),
    () => push({ say: { ...say(), approvals: [] } }),
    () => push({ say: { ...say(), bypass: { gates: [pick(all), pick(all)], untilMs: soon() } } }),
    () => push({ say: { ...say(), bypass: undefined } }),
    () => push({ say: { ...say(), quarantined: isChance(0.5) ? [pick(commits())] : [] } }),
    () => {
      const fromMs = clock.nowMs() + pick([-minute, 0, 30 * second, 3 * minute]);
      const allow = pick([[], ['Rollback'], ['Bypass'], ['Rollback', 'Bypass', 'DriftRepair']]);
      push({ freeze: { fromMs, untilMs: fromMs + pick([2 * minute, 10 * minute]), allow } });
    },
    () => push({ freeze: undefined }),
    // Somebody rewrites history.
    () => {
      const commit = pick(commits());
      git.setHead({ kind: 'commit', commit });
      heads.add(clock.nowMs(), contents.get(commit)!);
    },
    () => state(say().revision, pick(['success', 'success', 'failure', 'pending'] as const)),
    () => {
      Object.assign(said, { status: isChance(0.6) ? 200 : 503, isAway: isChance(0.2) });
      pages.add(clock.nowMs(), said.status === 200 && !said.isAway);
    },
    async () => {
      await fleet.kill();
      fleet.start();
    },
    () => {
      aheadMs = Math.round((rng.next() * 2 - 1) * skewMs);
    },
  ];
  const pass = async (durationMs: number): Promise<void> => {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= 10 * second) {
      await fleet.run(Math.min(leftMs, 10 * second));
      look();
    }
  };
  return {
    fleet,
    problems,
    entered,
    step: async () => {
      await pick(acts)();
      await pass(pick([second, 15 * second, minute, 4 * minute]));
    },
    /** What is decided, explained by somebody who only looks, and told, once all that happened has been heard. */
    compare: async (): Promise<readonly string[]> => {
      await pass(3 * minute);
      const { steps } = await fleet.survey(async (survey, signal) => {
        const outlook = await outlookOf(survey, tryNothing, signal);
        return explain(survey, outlook, fleetPlanOf(survey, outlook, {}), signal);
      });
      const ownClock = { ...clock, nowMs: () => clock.nowMs() + aheadMs };
      const truth = new Truth(repositoryId('fleet'), fleet.engine, ownClock);
      const [status] = [...(truth.look()?.pinned.values() ?? [])].map((view) => view.status);
      const reasons = pinned.flatMap((name) => {
        const cell = cellId(appIdOf('shop/web'), clusterId(name));
        const ofCell = steps.filter(({ subject }) => subject === cell);
        // In a freeze in which nothing is repaired, what is there is let alone, and waits for nothing.
        if (ofCell.some(({ step }) => step === 'health')) return [];
        const decision = fleet.engine.steering.decisionOf(cell);
        const decided = decision?.kind === 'wait' ? decision.reason : decision?.kind;
        equal(ofCell.find(({ step }) => step === 'decide')?.reason, decided, 'explained as decided');
        return decided ?? [];
      });
      if (status === undefined) return reasons;
      equal(status.state, reasons.length === 0 ? 'success' : 'pending', status.text);
      ok(reasons.length === 0 || reasons.some((reason) => status.text.includes(reason)), `${status.text}: ${reasons}`);
      const isBypassed = steps.some(({ step, reason }) => step === 'gate' && reason?.startsWith('BYPASSED') === true);
      equal(status.text.includes('BYPASSED'), isBypassed, status.text);
      return isBypassed ? [...reasons, 'BYPASSED'] : reasons;
    },
  };
}

const [lives, steps, stepsBetween] = [8, 40, 5];
const reasonsSeen = [
  /^frozen until/,
  /is quarantined|holds what is/,
  /gate ci/,
  /gate page/,
  /gate hours/,
  /gate go/,
  /^BYPASSED/,
];

test(`laws: no gate is skipped, and statuses say what is explained, over ${lives} lives`, async () => {
  const reasons = new Set<string>();
  let entered = 0;
  for (let seed = 1; seed <= lives; seed += 1) {
    const world = life(seed);
    for (let count = 1; count <= steps; count += 1) {
      await world.step();
      deepEqual(world.problems, [], `seed ${seed}, step ${count}`);
      if (count % stepsBetween === 0) for (const reason of await world.compare()) reasons.add(reason);
    }
    entered += world.entered.size;
    await world.fleet.close();
  }
  ok(entered >= lives, `${entered} revisions got through`);
  for (const each of reasonsSeen)
    ok(
      [...reasons].some((reason) => each.test(reason)),
      `${each} was never seen`,
    );
});
