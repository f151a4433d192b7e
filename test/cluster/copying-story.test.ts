/** Protects: fields copied from one folder to another by pull request, on a real Gitea and three real clusters, and not one byte more. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { deployment, placement } from '../builder/manifest.ts';
import { findOrBuildGitea, giteaSkipLine } from './gitea/build.ts';
import { startGitea } from './gitea/serve.ts';
import { chapter } from './story/chapter.ts';
import { giteaStage } from './story/gitea-host.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene, webhookSecret } from './story/scene.ts';
import { becomes, type Place, runningImage } from './story/witness.ts';

const web: Place = ['shop', 'deployment/web'];
const files = { staging: 'environments/staging/web.yaml', production: 'environments/production/web.yaml' } as const;
const app = (name: string): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: web-${name}, namespace: shop}\nspec:\n  components: [{path: environments/${name}}]\n`;
/** As a person wrote it. */
const production = (tag: string): string =>
  `# Production: ours, and nobody else's.\n${deployment('web', `web:${tag}`)}# The end.\n`;
const image = '/spec/template/spec/containers/0/image';
const placements = [
  placement('web-staging', ['{name: staging, clusterNames: [eu-1], soak: 3s, progressDeadline: 15s}']),
  placement('web-production', [
    `name: production
    clusterSelector: {matchLabels: {tier: production}}
    maxUnavailable: 2
    promotion:
      copy:
        from: {placement: web-staging, path: environments/staging}
        to: {path: environments/production}
        fields: [{file: web.yaml, target: {kind: Deployment, name: web}, path: ${image}}]`,
  ]),
].join('---\n');
const patienceMs = 90_000;

const gitea = await findOrBuildGitea((line) => console.error(`# ${line}`));
const members = typeof gitea === 'string' ? [] : await installedMembers();
if (typeof gitea === 'string') {
  console.error(`# ${giteaSkipLine(gitea)}`);
  test('copying story', { skip: gitea });
} else if (members.length === 0) test('copying story', { skip: 'no Kubernetes to run' });
else test('copying story: an image goes from folder to folder, as Gitea, Git and kubectl see it', tell);

async function tell(t: TestContext): Promise<void> {
  if (typeof gitea === 'string') return;
  const running = await startGitea(gitea);
  t.after(() => running.stop());
  const forge = await giteaStage(running);
  const scene = await openScene('copied', members, forge.openHost);
  t.after(() => scene.close());
  const step = (name: string, run: () => Promise<void>): Promise<void> => chapter(t, name, run);
  const all = (servers: typeof scene.servers, wanted: string): Promise<unknown> =>
    Promise.all(
      servers.map((server) => becomes(`web on ${server.name}`, () => runningImage(server, web), wanted, patienceMs)),
    );
  const [canary, ...others] = [scene.servers.slice(0, 1), ...scene.servers.slice(1)] as const;
  const atHead = async (path: string): Promise<string> => {
    await scene.git('fetch', '--quiet', 'origin', 'main');
    return scene.git('show', `origin/main:${path}`);
  };

  await step('equal folders run, and nothing is proposed', async () => {
    await scene.push({
      ...clusterFiles(members, (name) => ({ tier: name === 'eu-1' ? 'staging' : 'production' })),
      'apps.yaml': `${app('staging')}---\n${app('production')}`,
      'placements.yaml': placements,
      [files.staging]: deployment('web', 'web:1'),
      [files.production]: production('1'),
    });
    await scene.controller.start();
    await forge.addHook(scene.controller.origin, webhookSecret);
    await all([...canary, ...others], 'web:1');
    deepEqual([...(await forge.openPulls()).values()], []);
  });

  await step('what staging has run well is proposed for the other folder, and goes there when merged', async () => {
    await scene.push({ [files.staging]: deployment('web', 'web:2') }, 'web: 2');
    await all(canary, 'web:2');
    const open = await becomes(
      'a pull request',
      () => forge.openPulls(),
      (pulls) => pulls.size === 1,
      patienceMs,
    );
    const [[number, title] = [0, '']] = [...open];
    match(title, /^Promote shop\/web-production to production: /);
    const body = String(at(await forge.pull(number), 'body'));
    match(body, /Copies from `environments\/staging` at `[0-9a-f]{12}` into `environments\/production`/);
    match(body, /"web:1"[\s\S]*"web:2"/);
    for (const server of others) equal(await runningImage(server, web), 'web:1', 'nobody has merged it');
    await forge.merge(number);
    await all(others, 'web:2');
    equal((await atHead(files.production)).trim(), production('2').trim(), 'and no other byte');
  });

  await step('what a person takes back by hand stays away, and a release on staging is proposed again', async () => {
    await scene.git('checkout', '--quiet', '-B', 'main', 'origin/main');
    await scene.push({ [files.production]: production('1') }, 'back to 1');
    await all(others, 'web:1');
    deepEqual([...(await forge.openPulls()).values()], []);
    await scene.push({ [files.staging]: deployment('web', 'web:3') }, 'web: 3');
    await becomes(
      'a pull request',
      () => forge.openPulls(),
      (pulls) => pulls.size === 1,
      patienceMs,
    );
    equal((await atHead(files.production)).trim(), production('1').trim());
  });
}
