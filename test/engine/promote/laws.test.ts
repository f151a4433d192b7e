/** Laws of promotion, over random lives of a fleet, its repository, its forge, and the people at all three. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { longDigestOfText } from '../../../src/core/json/digest.ts';
import { at } from '../../../src/core/json/value.ts';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { parseTrailer } from '../../../src/core/promotion/trailer.ts';
import { seededRng } from '../../builder/rng.ts';
import { branch, pinPath, type TestPromotion, testPromotion } from './promotion.ts';

const web = '/apis/apps/v1/namespaces/shop/deployments/web';
const sampleSeconds = 4;
/** Of the soak of 20 s, what looks that far apart see at least. */
const seenSoakMs = 20_000 - 2 * sampleSeconds * 1000;

type Life = TestPromotion & {
  readonly problems: string[];
  readonly merges: () => number;
  readonly step: () => Promise<void>;
};

function life(seed: number): Life {
  const rng = seededRng(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(rng.next() * all.length)]!;
  const problems: string[] = [];
  /** Tags that canary was seen to run well for its soak, whatever Landfall says. */
  const good = new Set<string>();
  let since: { readonly tag: string; readonly atMs: number } | undefined;
  let merges = 0;
  const tagAt = (commit: CommitSha): string =>
    /image: "web:([^"]*)"/.exec(git.text('apps/web/web.yaml', commit) ?? '')?.[1] ?? 'none';
  const onMerge = (to: CommitSha, body: string | undefined): void => {
    merges += 1;
    const trailer = parseTrailer(body ?? '');
    const text = git.text(pinPath) ?? '';
    const isForward = trailer?.kind === 'promote';
    if (isForward && !good.has(tagAt(to))) problems.push(`${tagAt(to)} is promoted, and canary never ran it well`);
    if (isForward && /quarantined: \[.*\]/.exec(text)?.[0].includes(to)) problems.push(`${to} comes out of quarantine`);
    const from = /revision: ([0-9a-f]{40})/.exec(text)?.[1] ?? '';
    const plan = longDigestOfText([to, from, world.plan.salt].join(' '));
    if (trailer?.plan !== plan) problems.push(`${to} is merged by another plan than the one shown`);
  };
  const world = testPromotion({
    promotion: `, promotion: {merge: ${seed % 3 === 0 ? 'Manual' : 'Automatic'}, policy: ${pick(['Newest', 'Queue'])}}`,
    skewMs: pick([0, -300_000, 300_000]),
    onMerge,
  });
  const { fleet, forge } = world;
  const { git, clock } = fleet;

  const look = async (): Promise<void> => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const deployment = await fleet.get(name, web);
        const containers = deployment && at(deployment, 'spec', 'template', 'spec', 'containers');
        const image = Array.isArray(containers) ? at(containers[0], 'image') : undefined;
        const tag = typeof image === 'string' ? image.slice('web:'.length) : undefined;
        const isNew = deployment !== undefined && Number(at(deployment, 'status', 'updatedReplicas') ?? 0) === 2;
        return { tag, isWell: isNew && Number(at(deployment, 'status', 'readyReplicas') ?? 0) === 2 };
      }),
    );
    const [canary, ...production] = seen;
    if (canary?.tag === undefined || !canary.isWell) since = undefined;
    else if (since?.tag !== canary.tag) since = { tag: canary.tag, atMs: clock.nowMs() };
    if (since !== undefined && clock.nowMs() - since.atMs >= seenSoakMs) good.add(since.tag);
    for (const { tag } of production)
      if (tag !== undefined && !good.has(tag)) problems.push(`production runs ${tag}, which canary never ran well`);
    const open = forge.all().filter(({ state, head }) => state === 'open' && head.branch === branch);
    if (open.length > 1) problems.push(`${open.length} pull requests are open`);
  };
  const pass = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= sampleSeconds) {
      await world.run(sampleSeconds);
      await look();
    }
  };
  let tags = 1;
  const commits: CommitSha[] = [git.head()];
  const push = (): void => {
    tags += 1;
    const dice = rng.next();
    commits.push(world.release(dice < 0.25 ? `${tags}-broken` : dice < 0.4 ? '1' : `${tags}`));
  };
  const openNumber = (): number | undefined => forge.all().find(({ state }) => state === 'open')?.number;
  const acts: readonly (() => void | Promise<void>)[] = [
    push,
    push,
    () => void git.commit({ 'docs/README.txt': `${rng.next()}` }),
    () => pass(12),
    () => pass(40),
    () => pass(80),
    () => world.restart(),
    async () => {
      const number = openNumber();
      forge.trouble = () => undefined;
      if (number !== undefined && forge.get(number).head.commit === git.branch(branch)) await world.merge(number);
    },
    () => {
      const number = openNumber();
      if (number !== undefined && rng.next() < 0.4) forge.close(number);
    },
    // By hand, to whatever somebody thinks is right, with or without a mark.
    () => void world.movePin(pick(commits), rng.next() < 0.3 ? [pick(commits)] : []),
    // Somebody rewrites history.
    () => {
      if (rng.next() < 0.3) git.setHead({ kind: 'commit', commit: pick(commits) });
    },
    () => {
      const isWell = rng.next() < 0.5;
      const kind = pick(['unreachable', 'serverError', 'forbidden', 'throttled'] as const);
      const fault = new FaultError({ kind, detail: 'no' });
      forge.trouble = () => (isWell ? undefined : rng.next() < 0.3 ? 'lost' : fault);
    },
    // Clusters are not as they were: another plan.
    () => {
      world.plan.salt = `${rng.next()}`;
    },
    // Somebody pushes to the branch of the pull request.
    () => {
      const number = openNumber();
      if (number === undefined || rng.next() < 0.5) return;
      const evil = git.branchOff(git.head(), { 'apps/web/web.yaml': 'evil', [`${rng.next()}`]: 'x' });
      forge.push(number, evil);
    },
  ];
  return Object.assign(world, {
    problems,
    merges: () => merges,
    step: async () => {
      await pick(acts)();
      await pass(sampleSeconds);
    },
  });
}

test('promote: nothing that canary has not run well, nothing by another plan, over random lives', async () => {
  let merges = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const world = life(seed);
    for (let step = 0; step < 40 && world.problems.length === 0; step++) await world.step();
    merges += world.merges();
    deepEqual(world.problems, [], `seed ${seed}`);
    await world.close();
  }
  ok(merges > 10, `only ${merges} merges were seen`);
});
