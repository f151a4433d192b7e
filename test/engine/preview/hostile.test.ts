/** Protects: nothing that a pull request holds stops the others from being planned, or says anything but what it is. */
import { doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Tools } from '../../../src/seam/tool.ts';
import { configMap, placement } from '../../builder/manifest.ts';
import { submoduleAt, symlinkTo } from '../../builder/memory-git.ts';
import { fleetFiles, nextImage, settledScene } from './scene.ts';

const bodyMax = 16_000;
const lines = (count: number): string =>
  Array.from({ length: count }, (_, line) => `${'x'.repeat(80)} ${line}`).join('\\n');

const bomb = [
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\ndata:',
  '  a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, index) => {
    const before = 'abcdefgh'[index];
    return `  ${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

const trick = '</details><img src=x onerror=alert(1)> @everyone [a](https://evil.example.com) | ``` `x`';

const cases: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly status: RegExp;
  readonly text?: RegExp;
}[] = [
  {
    name: 'names that are Markdown and HTML',
    files: { [`apps/web/${trick.replaceAll('/', '')}.yaml`]: 'a: [', ...nextImage },
    status: /^failure 1 error; apps\/web\/<details><img/,
    text: /^- error A\d{4} in ````apps\/web\/<details><img src=x onerror=alert\(1\)> @everyone .*````: /m,
  },
  {
    name: 'values that are Markdown and HTML',
    files: { 'apps/web/more.yaml': `${configMap('more', '1')}  "trick": ${JSON.stringify(trick)}\n`, ...nextImage },
    status: /^(success|failure) /,
  },
  {
    name: 'a value of most of a megabyte',
    files: { 'apps/web/more.yaml': configMap('more', lines(9_000)) },
    status: /^success 1 to create on 3 clusters, 0 deletions$/,
  },
  {
    name: 'aliases of aliases',
    files: { 'apps/web/more.yaml': bomb },
    status: /^failure \d errors?; apps\/web\/more\.yaml:\d+/,
  },
  {
    name: 'a symbolic link out of the repository',
    files: { 'apps/web/link.yaml': symlinkTo('../../../etc/passwd') },
    status: /^failure \d errors?; apps\/web\/link\.yaml:1: symbolic links are not followed$/,
    text: /commit the file itself/,
  },
  {
    name: 'a link where a manifest was',
    files: { 'apps/web/web.yaml': symlinkTo('/dev/zero') },
    status: /^failure /,
  },
  {
    name: 'a submodule',
    files: { 'vendor/theirs': submoduleAt('0'.repeat(40)), ...nextImage },
    status: /^success 1 to change on 3 clusters, 0 deletions$/,
  },
  {
    name: 'five thousand files',
    files: {
      ...Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`docs/${index}/page.md`, `page ${index}`])),
      ...nextImage,
    },
    status: /^success 1 to change on 3 clusters, 0 deletions$/,
  },
  {
    name: 'five thousand manifests with errors',
    files: Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`apps/web/${index}.yaml`, `apiVersion: v1\nkind: ${trick}\n: [`]),
    ),
    status: /^failure \d+ errors; apps\/web\//,
    text: /… and \d+ more/,
  },
];

for (const { name, files, status, text } of cases)
  test(`hostile: ${name}`, async () => {
    const scene = await settledScene({ forge: { bodyMax } });
    const hostile = scene.propose(files);
    const honest = scene.propose({ 'apps/other/map.yaml': configMap('other', '2') });
    await scene.fleet.run(120_000);
    equal(scene.status(honest), 'success 1 to change on 2 clusters, 0 deletions');
    match(scene.status(hostile), status);
    const comments = scene.forge.comments(hostile);
    ok(comments.every(({ body }) => body.length <= bodyMax));
    ok(comments.length <= 9, `${comments.length} comments`);
    if (text !== undefined) match(scene.comment(hostile), text);
    // What is left without code is ours alone.
    for (const { body } of comments) {
      const plain = body.replaceAll(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '').replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
      doesNotMatch(plain, /<img|@everyone|evil\.example/);
    }
    const before = scene.fleet.git.head();
    scene.fleet.git.commit({ 'apps/other/map.yaml': configMap('other', '3') });
    await scene.fleet.run(60_000);
    ok(scene.fleet.git.head() !== before);
    equal(scene.fleet.cell('shop/other', 'eu-1')?.commit, scene.fleet.git.head(), 'the branch is worked on');
    await scene.close();
  });

test('hostile: nothing that a fork brings is run', async () => {
  const runs: string[] = [];
  const tools: Tools = {
    versions: new Map([['kustomize', 'v1']]),
    make: async (run) => {
      runs.push(run.key);
      return { kind: 'made', objects: [], warnings: [] };
    },
  };
  const scene = await settledScene({ tools, toolsOfPlans: tools });
  const number = scene.propose(
    {
      'made.yaml': `apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: made, namespace: shop}\nspec: {components: [{name: overlay, kustomize: overlays/eu}]}\n---\n${placement('made', ['{name: all, clusterNames: [eu-1]}'])}`,
      'overlays/eu/kustomization.yaml': 'resources: ["https://evil.example.com/base?ref=main"]\n',
      'overlays/eu/.git/hooks/post-checkout': '#!/bin/sh\nfalse\n',
    },
    { isForeign: true },
  );
  await scene.fleet.run(120_000);
  equal(scene.status(number), '');
  equal(runs.length, 0);
  equal(scene.forge.requests.filter(({ name }) => name === 'comments').length, 0);
  await scene.close();
});

test('hostile: how a cluster is reached is not what a pull request says, with a program to run least of all', async () => {
  const scene = await settledScene({ isForeignPlanned: true });
  const eu1 = JSON.parse(fleetFiles['clusters/eu-1.yaml'] ?? '{}');
  const access = { file: 'evil.kubeconfig', context: 'run-this' };
  const number = scene.propose(
    { 'clusters/eu-1.yaml': JSON.stringify({ ...eu1, spec: { access } }), ...nextImage },
    { isForeign: true },
  );
  await scene.fleet.run(60_000);
  match(scene.comment(number), /- `eu-1`, where it touches 1 App: `T3001 it is to be reached in another way/);
  await scene.close();
});
