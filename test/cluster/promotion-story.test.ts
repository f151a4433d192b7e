/** Protects: the loop that users live in, on a real Gitea and three real clusters: propose, see, merge, prove, promote, go back. */
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { app, deployment, placement } from '../builder/manifest.ts';
import { findOrBuildGitea, giteaSkipLine } from './gitea/build.ts';
import { startGitea } from './gitea/serve.ts';
import { chapter } from './story/chapter.ts';
import { giteaStage } from './story/gitea-host.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene, webhookSecret } from './story/scene.ts';
import { becomes, type Place, runningImage, seen } from './story/witness.ts';

const web: Place = ['shop', 'deployment/web'];
const stages = [
  '{name: canary, clusterNames: [eu-1], soak: 4s, progressDeadline: 15s}',
  '{name: production, clusterSelector: {matchLabels: {tier: production}}, revision: Pinned, maxUnavailable: 2, progressDeadline: 15s}',
];
const release = (tag: string) => ({ 'apps/web/web.yaml': deployment('web', `web:${tag}`) });
const patienceMs = 90_000;
const pinFile = 'promotions/shop/web/production.yaml';

const gitea = await findOrBuildGitea((line) => console.error(`# ${line}`));
const members = typeof gitea === 'string' ? [] : await installedMembers();
if (typeof gitea === 'string') {
  console.error(`# ${giteaSkipLine(gitea)}`);
  test('promotion story', { skip: gitea });
} else if (members.length === 0) test('promotion story', { skip: 'no Kubernetes to run' });
else test('promotion story: from a pull request to production and back, as Gitea and kubectl see it', tell);

async function tell(t: TestContext): Promise<void> {
  if (typeof gitea === 'string') return;
  const running = await startGitea(gitea);
  t.after(() => running.stop());
  const forge = await giteaStage(running);
  const scene = await openScene('promoted', members, forge.openHost);
  t.after(() => scene.close());
  const [canary, ...production] = scene.servers;
  ok(canary !== undefined && production.length === 2);
  const step = (name: string, run: () => Promise<void>): Promise<void> => chapter(t, name, run);
  const runs = (server: typeof canary, image: string): Promise<unknown> =>
    becomes(`web on ${server.name}`, () => runningImage(server, web), image);
  const all = (image: string): Promise<unknown> => Promise.all(production.map((server) => runs(server, image)));
  const told = (commit: string, line: RegExp): Promise<readonly string[]> =>
    becomes(
      `the statuses of ${commit}`,
      () => forge.statuses(commit),
      (statuses) => statuses.some((status) => line.test(status)),
      patienceMs,
    );
  /** The number of the one that is open under a title, when there is one. */
  const proposed = async (title: RegExp): Promise<number> => {
    const open = await becomes(
      `a pull request ${title}`,
      () => forge.openPulls(),
      (pulls) => [...pulls.values()].some((each) => title.test(each)),
      patienceMs,
    );
    return [...open].find(([, each]) => title.test(each))?.[0] ?? 0;
  };
  /** A change by Ann, on a branch of hers. */
  const branch = async (name: string, tag: string): Promise<string> => {
    await scene.git('fetch', '--quiet', 'origin', 'main');
    await scene.git('checkout', '--quiet', '-B', 'main', 'origin/main');
    return scene.push(release(tag), `web: ${tag}`, name);
  };
  const plan = (number: number, text: RegExp): Promise<readonly string[]> =>
    becomes(
      `the plan on #${number}`,
      () => forge.comments(number),
      (comments) => comments.some((comment) => text.test(comment)),
    );

  let first = '';
  await step('a push reaches canary; production has no pin, and so nothing', async () => {
    first = await scene.push({
      ...clusterFiles(members, (name) => ({ tier: name === 'eu-1' ? 'canary' : 'production' })),
      'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
      ...release('1'),
    });
    await scene.controller.start();
    await forge.addHook(scene.controller.origin, webhookSecret);
    await runs(canary, 'web:1');
    for (const server of production) equal(await seen(server, ['', 'namespace/shop']), undefined, server.name);
    await told(first, /^success landfall\/shop\/web /);
  });

  await step('when canary has soaked, a pull request proposes the first pin; merged, production runs it', async () => {
    const number = await proposed(/^Promote shop\/web to production: /);
    match(String(at(await forge.pull(number), 'body')), /shown to be good by canary/);
    for (const server of production) equal(await seen(server, web), undefined, 'nobody has merged it');
    const merged = await forge.merge(number);
    await all('web:1');
    await told(merged, /^success landfall\/shop\/web\/production 2\/2 clusters/);
    await scene.git('fetch', '--quiet', 'origin', 'main');
    match(await scene.git('show', `origin/main:${pinFile}`), new RegExp(`revision: "?${first}`));
  });

  let change = 0;
  await step(
    'a change is proposed: its pull request shows what it will do, in one comment that is kept true',
    async () => {
      await branch('release-2', 'two');
      change = await forge.openPull('release-2', 'web: 2');
      await plan(change, /web:two/);
      await scene.push(release('2'), 'web: 2', 'release-2');
      const comments = await plan(change, /"web:2"/);
      equal(comments.length, 1);
      doesNotMatch(comments[0] ?? '', /web:two/);
      const head = String(at(await forge.pull(change), 'head', 'sha'));
      await told(head, /^success landfall\/plan /);
      equal(await runningImage(canary, web), 'web:1', 'a plan writes nothing');
    },
  );

  let second = '';
  await step('merged, canary takes it, and production waits', async () => {
    second = await forge.merge(change);
    await runs(canary, 'web:2');
    for (const server of production) equal(await runningImage(server, web), 'web:1', server.name);
    await told(second, /^success landfall\/shop\/web 1\/1 clusters/);
  });

  await step('proven there, it is proposed for production, and goes there when that is merged', async () => {
    const number = await proposed(/^Promote shop\/web to production: /);
    const body = String(at(await forge.pull(number), 'body'));
    match(body, new RegExp(second));
    match(body, /"web:1"[\s\S]*"web:2"/);
    const merged = await forge.merge(number);
    await all('web:2');
    await told(merged, /^success landfall\/shop\/web\/production 2\/2 clusters/);
  });

  await step('a bad change fails on canary: the commit says so, and nothing is proposed', async () => {
    const bad = await branch('main', '3-failing');
    await told(bad, /^failure landfall\/shop\/web /);
    const open = await forge.openPulls();
    deepEqual([...open.values()], []);
    for (const server of production) equal(await runningImage(server, web), 'web:2', server.name);
    await scene.git('revert', '--no-edit', 'HEAD');
    await scene.git('push', '--quiet', 'origin', 'HEAD:refs/heads/revert-3');
    const number = await forge.openPull('revert-3', 'Revert "web: 3-failing"');
    await plan(number, /"web:2"/);
    const reverted = await forge.merge(number);
    await runs(canary, 'web:2');
    await told(reverted, /^success landfall\/shop\/web 1\/1 clusters/);
    deepEqual([...(await forge.openPulls()).values()], [], 'production runs that already');
  });

  await step('what fails on production only goes back by a pull request, and is marked', async () => {
    const variants = 'variants: [{clusterNames: [us-1, ap-1], images: [{name: web, newTag: 4-failing}]}]';
    await scene.git('fetch', '--quiet', 'origin', 'main');
    await scene.git('checkout', '--quiet', '-B', 'main', 'origin/main');
    const fourth = await scene.push({
      'web.yaml': `${app('web', `  ${variants}\n`)}---\n${placement('web', stages)}`,
      ...release('4'),
    });
    await runs(canary, 'web:4');
    const merged = await forge.merge(await proposed(/^Promote shop\/web to production: /));
    await told(merged, /^failure landfall\/shop\/web\/production /);
    const number = await proposed(/^Revert shop\/web in production to /);
    match(String(at(await forge.pull(number), 'body')), /It failed: /);
    const back = await forge.merge(number);
    await all('web:2');
    await told(back, /^success landfall\/shop\/web\/production 2\/2 clusters/);
    await scene.git('fetch', '--quiet', 'origin', 'main');
    match(await scene.git('show', `origin/main:${pinFile}`), new RegExp(`quarantined: \\[${fourth}\\]`));
  });

  await step('every commit of main ends with a last word, and webhooks were heard', async () => {
    await scene.git('fetch', '--quiet', 'origin', 'main');
    const commits = (await scene.git('rev-list', '--first-parent', 'origin/main')).split('\n');
    for (const commit of commits)
      await becomes(
        `the last word on ${commit}`,
        () => forge.statuses(commit),
        (statuses) => statuses.length > 0 && statuses.every((status) => !status.startsWith('pending ')),
      );
    ok((await scene.controller.figure('landfall_webhooks_total{forge="gitea",outcome="taken"}')) > 0);
    equal(await scene.controller.figure('landfall_webhooks_total{forge="gitea",outcome="refused"}'), 0);
    equal(await scene.controller.figure('landfall_bugs_total{cluster=""}'), 0);
  });
}
