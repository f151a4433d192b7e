/** Protects: what a gate has no yes to is shown and not merged, goes on with the yes, and the next revision needs its own. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { type Outside, outside } from '../gates/outside.ts';
import { type TestPromotion, testPromotion } from './promotion.ts';

async function imageOn({ fleet }: TestPromotion, cluster: string): Promise<unknown> {
  const found = await fleet.get(cluster, '/apis/apps/v1/namespaces/shop/deployments/web');
  const containers = found && at(found, 'spec', 'template', 'spec', 'containers');
  return Array.isArray(containers) ? at(containers[0], 'image') : undefined;
}

type Around = { readonly world: TestPromotion; readonly said: Outside['said']; readonly revision: CommitSha };
type Say = (around: Around) => unknown;

const post =
  (state: 'failure' | 'success', text: string): Say =>
  ({ world, revision }) =>
    world.forge.statuses.post(revision, { name: 'ci/test', state, text }, AbortSignal.any([]));
const away: Say = ({ said }) => {
  said.isAway = true;
};
const measured =
  (...values: readonly string[]): Say =>
  ({ said }) =>
    Object.assign(said, { values, isAway: false });
const answers =
  (status: number): Say =>
  ({ said }) =>
    Object.assign(said, { status, isAway: false });

type Row = {
  readonly name: string;
  readonly gate: string;
  readonly bad: Say;
  readonly failed: string;
  readonly unknown: readonly (readonly [Say, string])[];
  readonly good: Say;
  readonly passed: string;
};

const rows: readonly Row[] = [
  {
    name: 'a measurement',
    gate: '{name: errors, prometheus: {url: "https://prometheus.example.com", query: up, max: 1, for: 30s}}',
    bad: measured('0', '2'),
    failed: 'prometheus check',
    unknown: [
      [away, 'T3001 nobody is there'],
      [measured(), 'the query has no answer'],
      [measured('NaN'), 'a value of the answer is no number'],
    ],
    good: measured('0', '1'),
    passed: 'prometheus check',
  },
  {
    name: 'a page',
    gate: '{name: page, http: {url: "https://shop.example.com/healthz"}}',
    bad: answers(503),
    failed: 'http check',
    unknown: [[away, 'T3001 nobody is there']],
    good: answers(200),
    passed: 'http check',
  },
  {
    name: 'a required status',
    gate: '{name: ci, status: {context: ci/test}}',
    bad: post('failure', '3 tests failed'),
    failed: 'ci/test: 3 tests failed',
    unknown: [
      [
        ({ world }) => {
          world.forge.trouble = ({ name }) =>
            name === 'read' ? new FaultError({ kind: 'serverError', detail: 'HTTP 500', status: 500 }) : undefined;
        },
        'HTTP 500',
      ],
    ],
    good: (around) => {
      around.world.forge.trouble = () => undefined;
      return post('success', 'all passed')(around);
    },
    passed: 'ci/test: all passed',
  },
];

const stagesWith = (gate: string, merge: string) => [
  '{name: canary, clusterNames: [a], soak: 20s}',
  `{name: production, clusterSelector: {}, revision: Pinned, gates: [${gate}], promotion: {merge: ${merge}}}`,
];

/** The line of the gate in the pull request's table. */
const gateLine = (body: string, gate: string): string | undefined =>
  body.split('\n').find((line) => line.startsWith(`| \`${gate}\``));

for (const { name, gate, bad, failed, unknown, good, passed } of rows)
  test(`promote: held by ${name} until there is a yes, and again for the next revision`, async () => {
    const { said, web } = outside();
    const world = testPromotion({ stages: stagesWith(gate, 'Automatic'), web });
    const gateName = /name: (\w+)/.exec(gate)?.[1] ?? '';
    const line = (number: number) => gateLine(world.forge.get(number).body, gateName);
    let before: CommitSha | undefined;
    for (const [number, tag] of [
      [1, '1'],
      [2, '2'],
    ] as const) {
      const revision = number === 1 ? world.fleet.git.head() : world.release(tag);
      const around = { world, said, revision };
      const isHeld = async (state: string, evidence: string): Promise<void> => {
        match(line(number) ?? '', new RegExp(`\\| ${state} \\| \`.*${evidence}.*\` \\|$`));
        equal(world.forge.get(number).state, 'open');
        equal(world.pinned(), before);
        for (const cluster of ['b', 'c']) equal(await imageOn(world, cluster), before && 'web:1');
      };
      await bad(around);
      await world.run(120);
      equal(await imageOn(world, 'a'), `web:${tag}`);
      await isHeld('❌ failed', failed);
      for (const [say, evidence] of unknown) {
        await say(around);
        await world.run(240);
        await isHeld('⏳ waits', evidence);
      }
      await good(around);
      await world.run(600);
      match(line(number) ?? '', new RegExp(`\\| ✅ passed \\| \`${passed}\` \\|$`));
      equal(world.forge.get(number).state, 'merged');
      equal(world.pinned(), revision);
      for (const cluster of ['b', 'c']) equal(await imageOn(world, cluster), `web:${tag}`);
      before = revision;
    }
    equal(world.forge.all().length, 2, 'one for each revision');
    await world.close();
  });

test('promote: no answer yet is no yes: a status that nobody has posted, and one of another commit', async () => {
  const world = testPromotion({ stages: stagesWith('{name: ci, status: {context: ci/test}}', 'Automatic') });
  const first = world.fleet.git.head();
  await world.run(120);
  const line = () => gateLine(world.forge.get(1).body, 'ci');
  equal(line(), `| \`ci\` | ⏳ waits | \`commit ${first.slice(0, 12)} has no status ci/test yet\` |`);
  const later = world.fleet.git.commit({ 'docs/README.txt': 'nothing to do with it' });
  await post('success', 'all passed')({ world, revision: later, said: outside().said });
  await world.run(120);
  deepEqual([world.forge.get(1).state, world.pinned()], ['open', undefined]);
  await world.close();
});

test('promote: what a person merges past a gate moves the pin, and the stage waits for the gate all the same', async () => {
  const { said, web } = outside();
  said.status = 503;
  const gate = '{name: page, http: {url: "https://shop.example.com/healthz"}}';
  const world = testPromotion({ stages: stagesWith(gate, 'Manual'), web });
  const first = world.fleet.git.head();
  await world.run(120);
  await world.merge(1);
  await world.run(120);
  equal(world.pinned(), first);
  for (const cluster of ['b', 'c']) {
    equal(await imageOn(world, cluster), undefined);
    equal(world.fleet.cell('shop/web', cluster)?.message, 'gate page failed: answers 503, not 200');
  }
  said.status = 200;
  await world.run(120);
  for (const cluster of ['b', 'c']) equal(await imageOn(world, cluster), 'web:1');
  await world.close();
});
