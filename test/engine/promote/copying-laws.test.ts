/** Laws of copying, over random lives of two folders, a fleet, a forge, and the people at all three. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { seededRng } from '../../builder/rng.ts';
import { copyBranch, imageOf, paths, production, releaseTo, staging, testCopying } from './copying.ts';

const sampleSeconds = 4;
/** Of the soak of 20 s, what looks that far apart see at least. */
const seenSoakMs = 20_000 - 2 * sampleSeconds * 1000;

const tagIn = (text: string | undefined): string => /image: ['"]?web:([\w-]+)/.exec(text ?? '')?.[1] ?? 'none';
/** The one line that may be another. */
const withoutImage = (text: string): string => text.replace(/image: 'web:[\w-]+'/, 'image');

test('copying: nothing that staging has not run well, and no other byte, over random lives', async () => {
  let merges = 0;
  for (let seed = 1; seed <= 3; seed++) {
    const rng = seededRng(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(rng.next() * all.length)]!;
    const world = testCopying({ promotion: `\n      merge: ${'Automatic'}` });
    const { fleet, forge } = world;
    const { git, clock } = fleet;
    const problems: string[] = [];
    /** Tags that staging was seen to run well for its soak, whatever Landfall says; and what people wrote by hand. */
    const good = new Set(['1']);
    let since: { readonly tag: string; readonly atMs: number } | undefined;
    let [last, replicas, tags] = [production('web:1'), 2, 1];

    const look = async (): Promise<void> => {
      const image = await imageOf(world, 'a');
      const tag = typeof image === 'string' ? image.slice('web:'.length) : undefined;
      const object = await fleet.get('a', '/apis/apps/v1/namespaces/shop/deployments/web');
      const isWell = / "readyReplicas": 2/.test(JSON.stringify(object, undefined, 1)) && !tag?.endsWith('broken');
      if (tag === undefined || !isWell) since = undefined;
      else if (since?.tag !== tag) since = { tag, atMs: clock.nowMs() };
      if (since !== undefined && clock.nowMs() - since.atMs >= seenSoakMs) good.add(since.tag);
      const now = git.text(paths.production) ?? '';
      if (now !== last) {
        merges += 1;
        if (!good.has(tagIn(now))) problems.push(`${tagIn(now)} is copied, and staging never ran it well`);
        if (withoutImage(now) !== withoutImage(last)) problems.push(`more than the image is another:\n${now}`);
      }
      last = now;
      const open = forge.all().filter(({ state, head }) => state === 'open' && head.branch === copyBranch);
      if (open.length > 1) problems.push(`${open.length} pull requests are open`);
      for (const cluster of ['b', 'c']) {
        const there = await imageOf(world, cluster);
        if (typeof there === 'string' && !good.has(there.slice(4))) problems.push(`${cluster} runs ${there}`);
      }
    };
    const pass = async (seconds: number): Promise<void> => {
      for (let left = seconds; left > 0; left -= sampleSeconds) {
        await world.run(sampleSeconds);
        await look();
      }
    };
    const acts: readonly (() => void | Promise<void>)[] = [
      () => void releaseTo(world)(rng.next() < 0.3 ? `${++tags}-broken` : `${++tags}`),
      () => void releaseTo(world)(rng.next() < 0.3 ? '1' : `${++tags}`),
      () =>
        void git.commit({
          [paths.staging]: staging(`web:${tagIn(git.text(paths.staging))}`, `, env: [{name: A, value: x${tags}}]`),
        }),
      () => pass(12),
      () => pass(40),
      () => pass(60),
      () => pass(80),
      () => world.restart(),
      // A person edits the folder beside it.
      () => {
        replicas = 2 + Math.floor(rng.next() * 3);
        last = (git.text(paths.production) ?? '').replace(/replicas: \d/, `replicas: ${replicas}`);
        git.commit({ [paths.production]: last });
      },
      () => {
        const [open] = forge.all().filter(({ state }) => state === 'open');
        if (open !== undefined && rng.next() < 0.4) forge.close(open.number);
      },
      () => {
        const isWell = rng.next() < 0.8;
        const fault = new FaultError({
          kind: pick(['unreachable', 'serverError', 'throttled'] as const),
          detail: 'no',
        });
        forge.trouble = () => (isWell ? undefined : rng.next() < 0.3 ? 'lost' : fault);
      },
      // Somebody pushes to the branch of the pull request.
      () => {
        const [open] = forge.all().filter(({ state }) => state === 'open');
        if (open === undefined) return;
        forge.push(open.number, git.branchOff(git.head(), { [paths.production]: 'evil', [`${rng.next()}`]: 'x' }));
      },
    ];
    for (let step = 0; step < 30 && problems.length === 0; step++) {
      await pick(acts)();
      await pass(sampleSeconds);
    }
    deepEqual(problems, [], `seed ${seed}`);
    await world.close();
  }
  ok(merges > 2, `only ${merges} copies were seen`);
});
