/** Protects: a reviewer is told what a pull request would do, all of it and nothing else; and nothing is done. */
import { doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/core/yaml/read.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { clusterManifests } from '../../builder/fleet.ts';
import { app, configMap, placement } from '../../builder/manifest.ts';
import { deployment } from '../../builder/world.ts';
import { fleetFiles, nextImage, previewScene, settledScene } from './scene.ts';

const secret = (password: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${password}, user: admin}\n`;

test('preview: an image on three clusters, stage by stage; nothing is written', async () => {
  const scene = await settledScene();
  const before = await scene.fleet.get('eu-1', '/apis/apps/v1/namespaces/shop/deployments/web');
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  const text = scene.comment(number);
  match(text, /\| `shop\/web` \| the same 1-line diff on 3 clusters \|/);
  match(text, /^- \.spec\.template\.spec\.containers\[name="web"\]\.image: "example\.com\/web:1"$/m);
  match(text, /^\+ \.spec\.template\.spec\.containers\[name="web"\]\.image: "example\.com\/web:2"$/m);
  match(text, /- `shop\/web`: `canary` \(`eu-1`\); then `production` \(`eu-2`, `us-1`\)/);
  doesNotMatch(text, /other/);
  const after = await scene.fleet.get('eu-1', '/apis/apps/v1/namespaces/shop/deployments/web');
  equal(JSON.stringify(after), JSON.stringify(before));
  equal(scene.fleet.engine.repositories[0]?.source(new Set())?.head.value.commit, scene.fleet.git.head());
  await scene.close();
});

test('preview: only what differs from the branch is told, not what the branch has still to bring', async () => {
  const scene = await settledScene();
  const base = scene.fleet.git.head();
  scene.fleet.sandbox.cluster('us-1').setDisorder({ errorShare: 1 });
  scene.fleet.git.commit({ 'apps/other/map.yaml': configMap('other', '2') });
  const number = scene.propose({ 'apps/web/more.yaml': configMap('more', '1') }, { on: base });
  scene.fleet.sandbox.cluster('us-1').setDisorder({});
  await scene.fleet.run(120_000);
  equal(scene.status(number), 'success 1 to create on 3 clusters, 0 deletions');
  doesNotMatch(scene.comment(number), /shop\/other|Deployment/);
  await scene.close();
});

test('preview: an App that goes, with the digest that lets its deletions go once this is merged', async () => {
  const scene = await settledScene();
  const removal = { 'web.yaml': undefined, 'apps/web/web.yaml': undefined };
  const number = scene.propose(removal);
  await scene.fleet.run(30_000);
  equal(
    scene.status(number),
    'success 1 deletion on 3 clusters; 3 deletions wait for an Acknowledgement',
    scene.comment(number),
  );
  const text = scene.comment(number);
  match(text, /`shop\/web` \| leaves `eu-1`, `eu-2`, `us-1`: 1 to delete/);
  match(text, /^- Deployment shop\/web/m);
  const told = /deletes: "(sha256:[0-9a-f]{64})"/.exec(text)?.[1];
  scene.fleet.git.commit(removal);
  await scene.fleet.run(30_000);
  equal(told, [...scene.fleet.engine.judgement.deletes.values()][0]);
  await scene.close();
});

test('preview: a label of a Cluster moves cells: told like any change of manifests', async () => {
  const scene = await settledScene();
  const number = scene.propose(clusterManifests(['eu-2'], () => ({ region: 'us' })));
  await scene.fleet.run(30_000);
  const text = scene.comment(number);
  match(scene.status(number), /^success 1 deletion on 1 cluster; 1 deletion wait/);
  match(text, /`shop\/other` \| leaves `eu-2`: 1 to delete/);
  match(text, /no longer selected/);
  doesNotMatch(text, /shop\/web/);
  const onto = scene.propose({
    'other.yaml': `${app('other')}---\n${placement('other', ['{name: all, clusterNames: [us-1]}'])}`,
  });
  await scene.fleet.run(30_000);
  match(
    scene.comment(onto),
    /\*\*Moves\*\*\n\n- `shop\/other`: `eu-1` \(no longer selected\), `eu-2` \(no longer selected\) → `us-1`/,
  );
  match(scene.comment(onto), /1 to create on `us-1`/);
  await scene.close();
});

test('preview: a syntax error fails, with file and line; errors that are there already are not told again', async () => {
  const scene = await settledScene(
    {},
    { 'broken.yaml': 'kind: App\napiVersion: landfall.dev/v1alpha1\nmetadata: {name: x}\n' },
  );
  const number = scene.propose({ 'apps/web/web.yaml': 'apiVersion: apps/v1\nkind: [\n' });
  await scene.fleet.run(30_000);
  match(scene.status(number), /^failure \d errors?; apps\/web\/web\.yaml:\d+: /);
  match(scene.comment(number), /- error A1\d{3} in `apps\/web\/web\.yaml:\d+:\d+`/);
  doesNotMatch(scene.comment(number), /broken\.yaml/);
  const fine = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  equal(scene.status(fine), 'success 1 to change on 3 clusters, 0 deletions');
  await scene.close();
});

test('preview: what an API server refuses fails', async () => {
  const scene = await settledScene();
  const number = scene.propose({
    'apps/web/web.yaml': deployment('web').replace('replicas: 1', 'replicas: -1'),
  });
  await scene.fleet.run(30_000);
  match(scene.status(number), /^failure nothing changes; 3 refused; eu-1: A1901 .*"web" is invalid: spec\.replicas/);
  await scene.close();
});

test('preview: lines changed on both sides are a conflict, until it is rebased', async () => {
  const scene = await settledScene();
  const base = scene.fleet.git.head();
  scene.fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'example.com/web:3') });
  await scene.fleet.run(60_000);
  const number = scene.propose(nextImage, { on: base });
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'failure 1 file cannot be merged into main: rebase it; apps/web/web.yaml line 4');
  match(scene.comment(number), /cannot be planned until it is rebased/);
  scene.forge.push(number, scene.fleet.git.branchOff(scene.fleet.git.head(), nextImage));
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  equal(scene.forge.comments(number).length, 1);
  doesNotMatch(scene.comment(number), /rebased/);
  await scene.close();
});

test('preview: of a Secret it is said that values differ, and never which', async () => {
  const scene = await settledScene({}, { 'apps/web/db.yaml': secret('hunter2') });
  const number = scene.propose({ 'apps/web/db.yaml': secret('correcthorse') });
  await scene.fleet.run(30_000);
  const text = scene.comment(number);
  match(text, /^! \.data\.password: another value \(hidden\)$/m);
  for (const value of ['hunter2', 'correcthorse'])
    for (const form of [value, Buffer.from(value).toString('base64')]) ok(!text.includes(form), form);
  doesNotMatch(text, /\.data\.user/);
  await scene.close();
});

test('preview: values of a file that is encrypted in Git are shown to nobody, whatever kind they are of', async () => {
  const parser: Parser = {
    parse: async (all) =>
      all.map(({ path, bytes }) => {
        const file = readManifests(path, bytes);
        return path.endsWith('sealed.yaml') ? { ...file, isDecrypted: true } : file;
      }),
    close: async () => {},
  };
  const scene = await settledScene({ parser }, { 'apps/web/sealed.yaml': configMap('sealed', 'hunter2') });
  const number = scene.propose({ 'apps/web/sealed.yaml': configMap('sealed', 'correcthorse') });
  await scene.fleet.run(30_000);
  match(scene.comment(number), /^! \.data\.value: another value \(hidden\)$/m);
  doesNotMatch(scene.comment(number), /hunter2|correcthorse/);
  await scene.close();
});

test('preview: a cluster that does not answer is said, the plan is not whole, and is made whole when it is back', async () => {
  const scene = await settledScene();
  scene.fleet.sandbox.cluster('eu-2').setDisorder({ isDown: true });
  await scene.fleet.run(60_000);
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success 1 to change on 2 clusters, 0 deletions; not whole: eu-2 cannot be read');
  match(
    scene.comment(number),
    /\*\*This plan is not whole\*\*: 1 cluster could not be looked at\.\n\n- `eu-2`, where it touches 1 App: /,
  );
  scene.fleet.sandbox.cluster('eu-2').setDisorder({});
  await scene.fleet.run(240_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  doesNotMatch(scene.comment(number), /not whole/);
  equal(scene.forge.comments(number).length, 1);
  await scene.close();
});

test('preview: a cluster that a pull request brings is not dialled before it is merged', async () => {
  const scene = await settledScene();
  const number = scene.propose({
    ...clusterManifests(['eu-9'], () => ({ region: 'eu' })),
    'clusters/eu-1.yaml': (fleetFiles['clusters/eu-1.yaml'] ?? '').replace('eu-1.kubeconfig', 'elsewhere.kubeconfig'),
    ...nextImage,
  });
  await scene.fleet.run(30_000);
  const text = scene.comment(number);
  match(text, /- `eu-9`, where it touches 1 App: `T3001 it is new: it is looked at once this is merged`/);
  match(text, /- `eu-1`, where it touches 1 App: `T3001 it is to be reached in another way/);
  match(scene.status(number), /^success 1 to change on 2 clusters/);
  await scene.close();
});

test('preview: a forced push drops the plan under way; only the new head is told of', async () => {
  const scene = await settledScene();
  const number = scene.propose(nextImage);
  const old = scene.forge.get(number).head.commit;
  scene.fleet.sandbox.cluster('us-1').setDisorder({ isBlackHole: true });
  await scene.fleet.run(12_000);
  scene.forge.push(
    number,
    scene.fleet.git.branchOff(scene.fleet.git.head(), { 'apps/web/more.yaml': configMap('more', '1') }),
  );
  // The next poll finds it, while the plan of the old head still waits for an answer.
  await scene.fleet.run(11_000);
  scene.fleet.sandbox.cluster('us-1').setDisorder({});
  await scene.fleet.run(300_000);
  match(scene.status(number), /^success 1 to create on 3 clusters, 0 deletions$/);
  doesNotMatch(scene.comment(number), /web:2/);
  equal(scene.forge.comments(number).length, 1);
  ok(scene.forge.posts().every(({ commit, state }) => commit !== old || state === 'pending'));
  await scene.close();
});

test('preview: of one that is closed nothing more is said', async () => {
  const scene = await settledScene();
  const number = scene.propose(nextImage);
  scene.forge.trouble = ({ name }) => (name === 'comments' ? 'silent' : undefined);
  await scene.fleet.run(15_000);
  scene.forge.close(number);
  await scene.fleet.run(15_000);
  scene.forge.trouble = () => undefined;
  await scene.fleet.run(120_000);
  equal(scene.forge.comments(number).length, 0);
  equal(scene.forge.posts().filter(({ state }) => state !== 'pending').length, 0);
  await scene.close();
});

test('preview: foreign copies are planned only where the settings say so', async () => {
  for (const isForeignPlanned of [false, true]) {
    const scene = await settledScene({ isForeignPlanned });
    const number = scene.propose(nextImage, { isForeign: true });
    await scene.fleet.run(30_000);
    equal(scene.status(number) !== '', isForeignPlanned);
    await scene.close();
  }
});

test('preview: what touches no cluster has a status, and nobody is bothered with a comment', async () => {
  const scene = await settledScene();
  const number = scene.propose({ 'README.md': 'hello' });
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success nothing changes');
  equal(scene.forge.comments(number).length, 0);
  await scene.close();
});

test('preview: sixty Apps are a summary and pages below the limit of the forge', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `app-${String(index).padStart(2, '0')}`);
  const text = (of: string): string =>
    configMap('map', Array.from({ length: 20 }, (_, line) => `${of} ${line}`).join('\\n'));
  const all = Object.fromEntries(
    names.flatMap((name) => [
      [`${name}.yaml`, `${app(name)}---\n${placement(name, ['{name: all, clusterNames: [eu-1]}'])}`],
      [`apps/${name}/map.yaml`, text('before').replace('name: map', `name: ${name}`)],
    ]),
  );
  const scene = previewScene({ clusters: ['eu-1'], forge: { bodyMax: 16_000 } });
  scene.fleet.git.commit({ ...clusterManifests(['eu-1']), ...all });
  await scene.fleet.run(120_000);
  const number = scene.propose(
    Object.fromEntries(
      names.map((name) => [`apps/${name}/map.yaml`, text('after').replace('name: map', `name: ${name}`)]),
    ),
  );
  await scene.fleet.run(60_000);
  equal(scene.status(number), 'success 60 to change on 1 cluster, 0 deletions');
  const comments = scene.forge.comments(number);
  ok(comments.length > 3, `${comments.length} comments`);
  ok(comments.every(({ body }) => body.length <= 16_000));
  const whole = comments
    .slice(1)
    .map(({ body }) => body)
    .join('\n');
  for (const name of names) equal(whole.split(`<summary><code>shop/${name}</code>`).length, 2, name);
  // A smaller plan leaves no page that says something else.
  scene.forge.push(
    number,
    scene.fleet.git.branchOff(scene.fleet.git.head(), { 'apps/app-00/map.yaml': configMap('app-00', 'x') }),
  );
  await scene.fleet.run(60_000);
  equal(scene.forge.comments(number).length, comments.length);
  ok(
    scene.forge
      .comments(number)
      .slice(1)
      .every(({ body }) => body.endsWith('not needed any more.')),
  );
  await scene.close();
});

test('preview: what both sides changed in one file is planned as it will be once it is merged', async () => {
  const map = (first: string, last: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: both}\ndata:\n  a: "${first}"\n  b: "0"\n  c: "0"\n  d: "${last}"\n`;
  const scene = await settledScene({}, { 'apps/web/both.yaml': map('1', '1') });
  const base = scene.fleet.git.head();
  scene.fleet.git.commit({ 'apps/web/both.yaml': map('2', '1') });
  await scene.fleet.run(60_000);
  const number = scene.propose({ 'apps/web/both.yaml': map('1', '3') }, { on: base });
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  match(scene.comment(number), /^\+ \.data\.d: "3"$/m);
  doesNotMatch(scene.comment(number), /\.data\.a/, 'what the branch has already is nobody’s proposal');
  await scene.close();
});
