/** Protects: on real clusters nothing is deleted by mistake, and what is deleted was agreed to in Git. */
import { deepEqual, match } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { acknowledgement, app, configMap, placement } from '../builder/manifest.ts';
import { chapter } from './story/chapter.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene, type Scene } from './story/scene.ts';
import { becomes, kubectlOf } from './story/witness.ts';
import type { Edits } from './story/working-copy.ts';

const looks = 'landfall_git_poll_seconds_count{repository="guard"}';
const apps = ['one', 'two', 'three'];
const everywhere = ['{name: all, clusterSelector: {matchLabels: {tier: x}}, maxUnavailable: 100%}'];
const manifestsOf = (name: string): Edits => ({
  [`apps/${name}.yaml`]: `${app(name)}---\n${placement(name, everywhere)}`,
  [`apps/${name}/map.yaml`]: configMap(name, '1'),
});

type Mistake = { readonly name: string; readonly make: (scene: Scene) => Promise<string>; readonly said: RegExp };

const members = await installedMembers();
const clusters = (labelsOf: (name: string) => Readonly<Record<string, string>> = () => ({ tier: 'x' })): Edits =>
  clusterFiles(members, labelsOf);

const mistakes: readonly Mistake[] = [
  {
    name: 'a syntax error in an App',
    make: ({ push }) => push({ 'apps/one.yaml': 'kind: [App' }),
    said: /^failure landfall\/check — /m,
  },
  {
    name: 'a syntax error in a component',
    make: ({ push }) => push({ 'apps/one/map.yaml': 'kind: [ConfigMap' }),
    said: /^failure landfall\//m,
  },
  {
    name: 'a mistyped label on one Cluster',
    make: ({ push }) => push(clusters((name) => ({ tier: name === 'us-1' ? 'y' : 'x' }))),
    said: /acknowledge sha256:/,
  },
  {
    name: 'a folder that lost its Apps',
    make: ({ push }) => push(Object.fromEntries(apps.map((name) => [`apps/${name}.yaml`, undefined]))),
    said: /acknowledge sha256:/,
  },
  {
    name: 'an emptied repository',
    make: async ({ git, push }) => {
      await git('rm', '-r', '--quiet', '.');
      return push({});
    },
    said: /landfall\/check — /,
  },
];

if (members.length === 0) test('guard', { skip: 'no Kubernetes to run' });
else test('guard: mistakes delete nothing, a yes in Git does, and a new name is no removal', tell);

async function tell(t: TestContext): Promise<void> {
  const scene = await openScene('guard', members);
  t.after(() => scene.close());
  const uids = (): Promise<readonly string[]> =>
    Promise.all(
      scene.servers.map(async (server) => {
        const columns = 'custom-columns=NAME:.metadata.name,UID:.metadata.uid';
        return kubectlOf(server)(
          '-n',
          'shop',
          'get',
          'configmaps',
          '-l',
          'landfall.dev/installation=default',
          '-o',
          columns,
        );
      }),
    );
  const good = await scene.push({ ...clusters(), ...Object.assign({}, ...apps.map(manifestsOf)) });
  await scene.controller.start();
  for (const name of apps) await scene.told(good, new RegExp(`^success landfall/shop/${name} — `, 'm'));
  const before = await uids();
  match(before[0] ?? '', /^one .*^three .*^two /ms);

  for (const { name, make, said } of mistakes) {
    await chapter(t, `${name} deletes nothing`, async () => {
      await scene.told(await make(scene), said);
      const lookedAt = await scene.controller.figure(looks);
      await becomes(
        'looks',
        () => scene.controller.figure(looks),
        (now) => now >= lookedAt + 2,
      );
      deepEqual(await uids(), before);
      await scene.git('revert', '--no-edit', 'HEAD');
      await scene.told(await scene.push({}), /landfall\/check — /);
      deepEqual(await uids(), before);
    });
  }

  await chapter(t, 'a removal that is agreed to is done, in no more than what was agreed to', async () => {
    const removal = await scene.push({ 'apps/one.yaml': undefined, 'apps/one/map.yaml': undefined });
    await scene.told(removal, /acknowledge sha256:/);
    const [deletes = ''] = /sha256:[0-9a-f]{64}/.exec(await scene.controller.command('plan')) ?? [];
    await scene.push({ 'agreed.yaml': acknowledgement(removal, deletes) });
    const rest = before.map((text) => text.replace(/^one .*\n/m, ''));
    await becomes('without one', uids, rest);
  });

  await chapter(t, 'an App under another name keeps its objects', async () => {
    const kept = await uids();
    const renamed = await scene.push({
      'apps/two.yaml': `${app('second', '  movedFrom: [{name: two}]\n')}---\n${placement('second', everywhere)}`,
      'apps/two/map.yaml': undefined,
      'apps/second/map.yaml': configMap('two', '1'),
    });
    await scene.told(renamed, /^success landfall\/shop\/second — /m);
    deepEqual(await uids(), kept);
    const records = (server: (typeof scene.servers)[number]): Promise<string> =>
      kubectlOf(server)('-n', 'landfall-system', 'get', 'configmaps', '-l', 'landfall.dev/record', '-o', 'name');
    for (const server of scene.servers)
      await becomes('records', () => records(server), 'configmap/default.shop.second\nconfigmap/default.shop.three\n');
  });
}
