/** `simulate`: what would become of a fleet, and whether that is what somebody wants. */
import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { command, type Files, testFolder } from '../builder/command.ts';
import { app, cluster, deployment, placement } from '../builder/world.ts';
import { Simulate } from './shapes.ts';

const root = join(import.meta.dirname, '../..');
const guide = join(root, 'examples/simulate/README.md');

type Shown = { readonly command: string; readonly text: string };

/** Each command of the guide with what it says that comes out. */
const shownIn = (text: string): readonly Shown[] =>
  [...text.matchAll(/```sh\nnpx landfall (.*)\n```\n\n```text\n([^`]*)```/g)].map(([, line = '', shown = '']) => ({
    command: line,
    text: shown,
  }));

test('examples/simulate: the guide shows what comes out', async () => {
  const shown = shownIn(readFileSync(guide, 'utf8'));
  equal(shown.length, 6);
  for (const { command: line, text } of shown) {
    const { out, err } = await command(line.split(' '), { folder: root });
    if (process.env.UPDATE_GOLDEN === '1') {
      const before = readFileSync(guide, 'utf8');
      const fence = (inner: string): string => `npx landfall ${line}\n\`\`\`\n\n\`\`\`text\n${inner}\`\`\``;
      writeFileSync(guide, before.replace(fence(text), fence(`${out}${err}`)));
    } else equal(`${out}${err}`, text, line);
  }
});

const region = (name: string): string => `topology.kubernetes.io/region: ${name}`;
const stages =
  '{apps: [web], createNamespaces: true, stages: [{name: canary, clusterNames: [eu-1]}, {name: all, clusterSelector: {}}], replicas: [{target: {kind: Deployment, name: web}, total: 6}]}';
const fleet: Files = {
  'clusters.yaml': [cluster('eu-1', region('eu')), cluster('us-1', region('us')), cluster('us-2', region('us'))].join(
    '---\n',
  ),
  'web.yaml': `${app('web', '{components: [{path: apps/web}]}')}---\n${placement('web', stages)}`,
  'apps/web/web.yaml': deployment('web'),
};

const script = (spec: string): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: Simulation\nmetadata: {name: story}\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`;

async function simulate(spec: string, files: Files = {}, ...flags: readonly string[]) {
  using folder = testFolder({ ...fleet, ...files, 'sim/story.yaml': script(spec) });
  const argv = ['simulate', '.', '--script', 'sim/story.yaml', '-o', 'json', ...flags];
  const { code, out, err } = await command(argv, { folder: folder.path });
  return { code, err, answer: out === '' ? undefined : Simulate.parse(JSON.parse(out)) };
}

const moved = (answer: ReturnType<typeof Simulate.parse> | undefined): readonly string[] =>
  (answer?.moves ?? []).map(({ step, cluster: on, kind, replicas }) =>
    [step, on, kind, ...(replicas === undefined ? [] : [`${replicas.before}→${replicas.after}`])].join(' '),
  );

test('simulate: a change takes one cluster first', async () => {
  const { code, answer } = await simulate('steps: [{change: {app: shop/web}}]');
  equal(code, 0);
  deepEqual(moved(answer), ['1 eu-1 changes 2→2', '1 us-1 changes 2→2', '1 us-2 changes 2→2']);
  deepEqual(
    answer?.moves.map(({ afterSeconds }) => afterSeconds),
    [0, 30, 60],
  );
});

test('simulate: the same folder and script give the same answer', async () => {
  const story = 'startAt: "2026-03-02T09:00:00Z"\nsteps: [{change: {app: shop/web}}, {lose: {clusterNames: [us-1]}}]';
  deepEqual(await simulate(story), await simulate(story));
});

/** What each policy says when it does not hold, and that it does when it should. */
const policies: readonly {
  readonly name: string;
  readonly steps: string;
  readonly good: string;
  readonly bad: string;
  readonly says: RegExp;
}[] = [
  {
    name: 'minReady',
    steps: '[{lose: {clusterNames: [us-1]}}]',
    good: '{minReady: {app: shop/web, replicas: 4}}',
    bad: '{minReady: {app: shop/web, replicas: 5}}',
    says: /minReady: 4 replicas of shop\/web are ready, fewer than 5, at \+0s, in step 1 \(lose us-1\)/,
  },
  {
    name: 'minClusters, by region',
    steps: '[{lose: {clusterSelector: {matchLabels: {topology.kubernetes.io/region: us}}}}]',
    good: '{minClusters: {app: shop/web, count: 1, topologyKey: topology.kubernetes.io/region}}',
    bad: '{minClusters: {app: shop/web, count: 2, topologyKey: topology.kubernetes.io/region}}',
    says: /shop\/web is served by 1 region \(eu\), fewer than 2/,
  },
  {
    name: 'maxChanging',
    steps: '[{change: {app: shop/web}}]',
    good: '{maxChanging: {count: 1}}',
    bad: '{maxChanging: {count: 0}}',
    says: /1 cluster \(eu-1\) changes, more than 0/,
  },
  {
    name: 'noDeletes',
    steps: '[{drain: {clusterNames: [us-2]}}]',
    good: '{noDeletes: {app: shop/other}}',
    bad: '{noDeletes: {}}',
    says: /Deployment web of shop\/web on us-2 would be deleted/,
  },
  {
    name: 'order',
    steps: '[{change: {app: shop/web}}]',
    good: '{order: {app: shop/web, topologyKey: topology.kubernetes.io/region, values: [eu, us]}}',
    bad: '{order: {app: shop/web, topologyKey: topology.kubernetes.io/region, values: [us, eu]}}',
    says: /shop\/web changes on eu before us/,
  },
  {
    name: 'placement',
    steps: '[{drain: {clusterNames: [us-2]}}]',
    good: '{placement: {app: shop/web, replicas: {eu-1: 3, us-1: 3}}}',
    bad: '{placement: {app: shop/web, clusters: [eu-1, us-2]}}',
    says: /shop\/web is not on us-2/,
  },
  {
    name: 'settles',
    steps: '[{break: {app: shop/web, clusterNames: [eu-1]}}, {change: {app: shop/web}}]',
    good: '{minClusters: {app: shop/web, count: 2}}',
    bad: '{settles: {}}',
    says: /settles: shop\/web on eu-1 is not as it should be, and 2 more: .*breaks it here/,
  },
  {
    name: 'settles within a time',
    steps: '[{change: {app: shop/web}}]',
    good: '{settles: {within: 2m}}',
    bad: '{settles: {within: 31s}}',
    says: /settles: shop\/web on us-2 is not as it should be/,
  },
];
for (const { name, steps, good, bad, says } of policies) {
  test(`simulate: ${name} holds, or says where it does not`, async () => {
    const held = await simulate(`expect:\n- ${good}\nsteps: ${steps}`);
    deepEqual([held.code, held.err, held.answer?.violations], [0, '', []]);
    const broken = await simulate(`expect:\n- ${bad}\nsteps: ${steps}`);
    equal(broken.code, 1);
    match(broken.err, says);
    match(broken.err, /^sim\/story\.yaml:6:5 error A1701/);
    equal(broken.answer?.violations[0]?.line, 6);
  });
}

test('simulate: a policy of a step holds until the next one', async () => {
  const story = 'steps: [{change: {app: shop/web}, expect: [{noDeletes: {}}]}, {drain: {clusterNames: [us-2]}}]';
  equal((await simulate(story)).code, 0);
});

test('simulate: what removes too much waits, as it would', async () => {
  const { answer } = await simulate('steps: [{label: {clusterNames: [us-1, us-2], labels: {x: "1"}}}]');
  deepEqual(moved(answer), []);
  const selected = fleet['web.yaml']!.replace('clusterSelector: {}', 'clusterSelector: {matchLabels: {tier: a}}');
  const files = {
    'web.yaml': selected,
    'clusters.yaml': fleet['clusters.yaml']!.replaceAll('labels: {', 'labels: {tier: a, '),
  };
  const gone = await simulate('steps: [{label: {clusterNames: [us-2], labels: {tier: null}}}]', files);
  const cell = gone.answer?.after.cells.find(({ cluster: on }) => on === 'us-2');
  match(cell?.waits ?? '', /no longer selected: .* an Acknowledgement of sha256:[0-9a-f]{64} releases it/);
  equal(cell?.present, true);
});

test('simulate: a pinned stage moves when it is promoted', async () => {
  const pinned = fleet['web.yaml']!.replace('clusterSelector: {}', 'clusterSelector: {}, revision: Pinned');
  const story =
    'steps: [{promote: {placement: shop/web, stage: all}}, {change: {app: shop/web}}, {promote: {placement: shop/web, stage: all}}]';
  const { answer } = await simulate(story, { 'web.yaml': pinned });
  deepEqual(
    moved(answer).map((line) => line.replace(/ \d→\d$/, '')),
    ['1 us-1 arrives', '1 us-2 arrives', '2 eu-1 changes', '3 us-1 changes', '3 us-2 changes'],
  );
});

test('simulate: add and remove are as commits', async () => {
  using folder = testFolder({ 'story.yaml': '', 'new.yaml': cluster('ap-1', region('ap')) });
  for (const [path, text] of Object.entries(fleet)) folder.write({ [`fleet/${path}`]: text });
  const play = async (...argv: readonly string[]) =>
    Simulate.parse(
      JSON.parse((await command(['simulate', 'fleet', '-o', 'json', ...argv], { folder: folder.path })).out),
    );
  const placesOf = ({ after }: ReturnType<typeof Simulate.parse>): readonly string[] =>
    after.cells.map(({ cluster: on, replicas }) => `${on} ${replicas}`).toSorted();
  deepEqual(placesOf(await play('--add', 'new.yaml')), ['ap-1 1', 'eu-1 2', 'us-1 2', 'us-2 1']);
  folder.write({ 'story.yaml': script('steps: [{add: {path: new.yaml}}, {remove: {paths: [new.yaml]}}]') });
  const back = await play('--script', 'story.yaml');
  // A cluster that is gone takes nothing along: what it held is nobody's any more, and the others share again.
  deepEqual(placesOf(back), ['eu-1 2', 'us-1 2', 'us-2 2']);
});

test('simulate: without flags it tells the first rollout', async () => {
  using folder = testFolder(fleet);
  const { code, out } = await command(['simulate', '.'], { folder: folder.path });
  equal(code, 0);
  match(out, /1 {2}the first rollout at \+0s/);
  match(out, /\+0s +shop\/web +eu-1 +arrives, 0→2 replicas/);
});

test('simulate: a script that cannot be read says where, and nothing is answered', async () => {
  const { code, err, answer } = await simulate('steps: [{loose: {clusterNames: [us-1]}}]\nexpekt: []');
  deepEqual([code, answer], [2, undefined]);
  match(
    err,
    /sim\/story\.yaml:5:\d+ error A1101 unknown field "loose" in spec\.steps\[0\]\n {2}hint: did you mean `lose`\?/,
  );
  match(err, /sim\/story\.yaml:6:11 error A1101 unknown field "expekt"/);
});

test('simulate: a story about what is not there is not played', async () => {
  const { code, err } = await simulate('steps: [{lose: {clusterNames: [us-3]}}]');
  equal(code, 2);
  match(err, /sim\/story\.yaml:5:\d+ error A1212 there is no cluster us-3\n {2}hint: did you mean `us-1`\?/);
  using folder = testFolder(fleet);
  const flags = await command(['simulate', '.', '--lose', 'us-3'], { folder: folder.path });
  equal(flags.code, 2);
  match(flags.err, /there is no cluster us-3/);
  doesNotMatch(flags.err, /^:1:1/);
});

test('check: a Simulation among the manifests is checked, and hides nothing when it is wrong', async () => {
  using folder = testFolder({ ...fleet, 'story.yaml': script('steps: [{loose: {}}]') });
  const { code, out } = await command(['check', '.'], { folder: folder.path });
  equal(code, 1);
  match(out, /story\.yaml:5:\d+ error A1101 unknown field "loose"/);
});
