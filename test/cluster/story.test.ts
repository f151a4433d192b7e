/** Protects: the whole way of a push, from `git push` over HTTP to three real clusters and back as notes on commits. */
import { equal, match, notEqual, ok } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { app, configMap, deployment, pin, placement } from '../builder/manifest.ts';
import { chapter } from './story/chapter.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene } from './story/scene.ts';
import { becomes, fieldBecomes, fieldOf, kubectlOf, type Place, runningImage, seen } from './story/witness.ts';

const soakMs = 4_000;
const web: Place = ['shop', 'deployment/web'];
const settings: Place = ['shop', 'configmap/web'];
const stages = [
  `{name: canary, clusterNames: [eu-1], soak: ${soakMs}ms}`,
  '{name: production, clusterSelector: {matchLabels: {tier: production}}, revision: Pinned}',
];
const version = (tag: string) => ({
  'apps/web/web.yaml': `${deployment('web', `web:${tag}`)}---\n${configMap('web', tag)}`,
});

const members = await installedMembers();
if (members.length === 0) test('story', { skip: 'no Kubernetes to run' });
else test('story: from a push to every cluster, through canary, drift, a lost cluster and a removal', tell);

async function tell(t: TestContext): Promise<void> {
  const scene = await openScene('story', members);
  t.after(() => scene.close());
  const [canary, first, second] = scene.servers;
  if (canary === undefined || first === undefined || second === undefined) throw new Error('a fleet of three');
  const production = [first, second];
  const step = (name: string, run: () => Promise<void>): Promise<void> => chapter(t, name, run);
  const runs = (server: typeof canary, image: string): Promise<unknown> =>
    becomes(`web on ${server.name}`, () => runningImage(server, web), image);

  let one = '';
  await step('a push reaches canary, and nothing else', async () => {
    one = await scene.push({
      ...clusterFiles(members, (name) => ({ tier: name === 'eu-1' ? 'canary' : 'production' })),
      'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
      ...version('1'),
    });
    await scene.controller.start();
    await runs(canary, 'web:1');
    for (const server of production) equal(await seen(server, ['', 'namespace/shop']), undefined, server.name);
    match(await scene.told(one, /landfall\/shop\/web — /), /shop\/web/);
  });

  await step('moving the pin promotes, when canary has soaked', async () => {
    await scene.push({ 'promotions/web.yaml': pin('web', 'production', one) });
    await Promise.all(production.map((server) => runs(server, 'web:1')));
    await scene.told(one, /^success landfall\/shop\/web — /m);
  });

  let two = '';
  await step('a new version waits for its soak on canary, whatever the pin says', async () => {
    const before = Date.now();
    two = await scene.push(version('2'));
    await scene.push({ 'promotions/web.yaml': pin('web', 'production', two) });
    await Promise.all([canary, ...production].map((server) => runs(server, 'web:2')));
    ok(Date.now() - before >= soakMs, 'production ran it before canary had soaked');
    await scene.told(two, /^success landfall\/shop\/web — /m);
  });

  await step('what kubectl changes is healed, what it adds is left alone', async () => {
    const kubectl = kubectlOf(first);
    await kubectl('-n', 'shop', 'scale', 'deployment/web', '--replicas=5');
    await fieldBecomes(first, web, ['spec', 'replicas'], 2);
    await kubectl('-n', 'shop', 'patch', 'configmap/web', '--type=merge', '-p', '{"data":{"value":"by hand"}}');
    await fieldBecomes(first, settings, ['data', 'value'], '2');
    const uid = await fieldOf(first, settings, 'metadata', 'uid');
    await kubectl('-n', 'shop', 'delete', 'configmap/web');
    notEqual(
      await becomes(
        'another configmap/web',
        () => fieldOf(first, settings, 'metadata', 'uid'),
        (now) => now !== undefined,
      ),
      uid,
    );
    await kubectl('-n', 'shop', 'label', 'configmap/web', 'team=checkout');
    const labelled = await fieldOf(first, settings, 'metadata', 'resourceVersion');
    await scene.told(await scene.push({ 'README.md': 'Nothing to apply.\n' }), /landfall\//);
    equal(await fieldOf(first, settings, 'metadata', 'resourceVersion'), labelled, 'not one write');
  });

  await step('a lost API server holds nobody up, and catches up when it is back', async () => {
    await second.stop();
    const three = await scene.push(version('3'));
    await scene.push({ 'promotions/web.yaml': pin('web', 'production', three) });
    await Promise.all([canary, first].map((server) => runs(server, 'web:3')));
    await second.start();
    await runs(second, 'web:3');
    await scene.told(three, /^success landfall\/shop\/web — /m);
  });

  await step('an App that goes takes its objects along, and nothing else', async () => {
    const tool: Place = ['shop', 'configmap/tool'];
    const there = await scene.push({
      'tool.yaml': `${app('tool')}---\n${placement('tool', ['{name: all, clusterNames: [us-1]}'])}`,
      'apps/tool/tool.yaml': configMap('tool', '1'),
    });
    await scene.told(there, /^success landfall\/shop\/tool — /m);
    await fieldBecomes(first, tool, ['data', 'value'], '1');
    await scene.push({ 'tool.yaml': undefined, 'apps/tool/tool.yaml': undefined });
    await becomes('no tool', () => seen(first, tool), undefined);
    await becomes('no record of it', () => seen(first, ['landfall-system', 'configmap/default.shop.tool']), undefined);
    equal(await fieldOf(first, settings, 'metadata', 'labels', 'team'), 'checkout');
    await runs(first, 'web:3');
  });
}
