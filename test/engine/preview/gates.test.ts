/** Protects: a plan says what will hold a change up on its way, asks only whom the branch asks already, and runs no Job. */
import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckDeps } from '../../../src/engine/gates/checks.ts';
import type { CommitStatus } from '../../../src/engine/gates/status-check.ts';
import { app, configMap, freeze, placement } from '../../builder/manifest.ts';
import { fakeNet } from '../../builder/net.ts';
import { fleetFiles, nextImage, type Scene, settledScene } from './scene.ts';

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** What the world says to checks. */
function world(statuses: readonly CommitStatus[] = []): { readonly checks: CheckDeps; readonly asked: string[] } {
  const asked: string[] = [];
  const net = fakeNet(({ path }, { origin }) => {
    asked.push(`${origin}${path}`);
    return { status: 503, headers: {}, body: bytes('') };
  });
  const allow = ['https://shop.example.com'];
  return { asked, checks: { net, allow, readStatuses: async () => statuses } };
}

const stagesWith = (gates: string, more = ''): readonly string[] => [
  '{name: canary, clusterNames: [eu-1]}',
  `{name: production, clusterNames: [eu-2, us-1], gates: [${gates}]${more}}`,
];
const web = (gates: string, more = ''): Readonly<Record<string, string>> => ({
  'web.yaml': `${app('web')}---\n${placement('web', stagesWith(gates, more))}`,
});

const page = '{name: page, http: {url: "https://shop.example.com/healthz"}}';
const ci = '{name: ci, status: {context: ci/test}}';
const office = '{name: office-hours, window: {schedule: "0 9 * * 1", duration: 1h, timeZone: UTC}}';
const smoke = '{name: smoke, job: {path: jobs/smoke.yaml, cluster: eu-1}}';
const signOff = '{name: sign-off, approval: {}}';
const job =
  'apiVersion: batch/v1\nkind: Job\nmetadata: {name: smoke, namespace: shop}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: smoke, image: "example.com/smoke:1"}]}}}\n';

/** The line of a stage in the part about gates. */
function gatesIn(text: string, stage: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith('- ') && each.includes(`, \`${stage}\`: `));
  return line?.slice(line.indexOf(`\`${stage}\`: `) + stage.length + 4).split('; ') ?? [];
}

const jobsOn = async ({ fleet }: Scene): Promise<unknown> =>
  (await fleet.request('eu-1', 'GET', '/apis/batch/v1/jobs')).json;

test('preview: every gate on the way to a pinned stage, and how it stands', async () => {
  const { checks, asked } = world([{ name: 'ci/test', state: 'success', text: 'all passed' }]);
  const own = { ...web([page, ci, office, smoke, signOff].join(', '), ', revision: Pinned'), 'jobs/smoke.yaml': job };
  const scene = await settledScene({ checksOfPlans: checks }, {});
  scene.fleet.git.commit(own);
  await scene.fleet.run(60_000);
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  const text = scene.comment(number);
  match(text, /then `production` when it is promoted/);
  match(text, /\*\*Gates on the way\*\*, as they stood for this plan/);
  const [first, second, third, ...rest] = gatesIn(text, 'production');
  deepEqual([first, second], ['`page` fails (`answers 503, not 200`)', '`ci` passes (`ci/test: all passed`)']);
  match(third ?? '', /^`office-hours` waits \(`closed until 20\d\d-\d\d-\d\dT09:00:00\.000Z`\)$/);
  deepEqual(rest, [
    '`smoke` comes later (`is run when the change is there`)',
    '`sign-off` comes later (`somebody approves the merged commit`)',
  ]);
  deepEqual(gatesIn(text, 'canary'), []);
  deepEqual(asked, ['https://shop.example.com/healthz'], 'asked once');
  doesNotMatch(JSON.stringify(await jobsOn(scene)), /smoke/);
  await scene.close();
});

test('preview: a gate that only the pull request has is not asked', async () => {
  const { checks, asked } = world();
  const scene = await settledScene({ checksOfPlans: checks });
  const number = scene.propose({ ...web(page), ...nextImage });
  await scene.fleet.run(30_000);
  deepEqual(gatesIn(scene.comment(number), 'production'), ['`page` comes later (`is asked once this is merged`)']);
  deepEqual(asked, []);
  await scene.close();
});

test('preview: gates of a stage that follows the branch', async () => {
  const scene = await settledScene({ checksOfPlans: world().checks });
  scene.fleet.git.commit(web(`${office}, ${ci}`));
  await scene.fleet.run(60_000);
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  const text = scene.comment(number);
  const [window, status] = gatesIn(text, 'production');
  match(window ?? '', /^`office-hours` waits \(`closed until /);
  match(status ?? '', /^`ci` waits \(`commit [0-9a-f]{12} has no status ci\/test yet`\)$/);
  await scene.close();
});

test('preview: a freeze that would hold it up, one that the pull request brings too', async () => {
  const forever =
    '{clusterSelector: {matchLabels: {region: us}}, from: "2020-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z"}';
  const scene = await settledScene();
  const number = scene.propose({ ...nextImage, 'freeze.yaml': freeze('stocktaking', forever) });
  await scene.fleet.run(30_000);
  deepEqual(gatesIn(scene.comment(number), 'production'), [
    '`Freeze` waits (`frozen until 2099-01-01T00:00:00.000Z by Freeze stocktaking`)',
  ]);
  deepEqual(gatesIn(scene.comment(number), 'canary'), []);
  await scene.close();
});

test('preview: what was good there once may return, and no gate is told', async () => {
  const scene = await settledScene({ checksOfPlans: world().checks });
  scene.fleet.git.commit(nextImage);
  await scene.fleet.run(120_000);
  scene.fleet.git.commit(web(ci));
  await scene.fleet.run(60_000);
  const number = scene.propose({ 'apps/web/web.yaml': fleetFiles['apps/web/web.yaml'] });
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  deepEqual(gatesIn(scene.comment(number), 'production'), []);
  await scene.close();
});

test('preview: of fifty Apps with one gate each, no more are asked than anybody reads', async () => {
  const { checks, asked } = world();
  const names = Array.from({ length: 50 }, (_, index) => `app-${index}`);
  const files = Object.fromEntries(
    names.flatMap((name) => [
      [`${name}.yaml`, `${app(name)}---\n${placement(name, [`{name: all, clusterNames: [eu-1], gates: [${page}]}`])}`],
      [`apps/${name}/map.yaml`, configMap(name, '1')],
    ]),
  );
  const scene = await settledScene({ checksOfPlans: checks });
  scene.fleet.git.commit(files);
  await scene.fleet.run(60_000);
  const number = scene.propose(
    Object.fromEntries(names.map((name) => [`apps/${name}/map.yaml`, configMap(name, '2')])),
  );
  await scene.fleet.run(60_000);
  equal(asked.length, 30);
  const lines = scene
    .comment(number)
    .split('\n')
    .filter((line) => line.includes(', `all`: '));
  equal(lines.length, 2, 'gates that stand alike are told once');
  match(lines.join('\n'), /and 27 more, `all`: `page` fails[\s\S]*and 17 more, `all`: `page` comes later/);
  await scene.close();
});
