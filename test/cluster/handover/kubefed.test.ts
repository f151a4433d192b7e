/** Protects: from a real KubeFed that runs to Landfall without a gap, as examples/kubefed/README.md tells it. */
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, isObject, type Json, textOf } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { becomes, kubectlOf, seen } from '../story/witness.ts';
import { type Estate, estateOn } from './estate.ts';
import { federated, federatedKinds, federatedPaths, federatedTypes } from './federated.ts';
import { type History, harmIn, historyOf, titleOf } from './history.ts';
import { controlPlane, installKubeFed, joined, type KubeFed, settings, typeConfigsOf } from './kubefed.ts';
import { findKubeFed, type OldController, skipLine } from './old-controllers.ts';
import { differencesOf, itemsOf, served } from './parity.ts';

const managed = 'kubefed.io/managed';

type Handover = {
  readonly host: ApiServer;
  readonly members: ReadonlyMap<string, ApiServer>;
  readonly kubefed: KubeFed;
  readonly estate: Estate;
  readonly histories: readonly History[];
};

const old = findKubeFed();
const fleet = old === undefined ? undefined : await sharedFleet();
if (old === undefined) {
  console.error(`# ${skipLine('KubeFed')}`);
  test('kubefed', { skip: 'no KubeFed to run' });
} else if (fleet?.hasControllers !== true) test('kubefed', { skip: 'no Kubernetes to run' });
else story(old, fleet.servers);

function story(program: OldController, servers: readonly ApiServer[]): void {
  test('kubefed: a federation that runs is handed over', async (t) => {
    const handover = await begin(program, servers);
    t.after(() => end(handover));
    const { host, members, estate, kubefed } = handover;

    await t.test('kubefed: what it makes of its manifests is what landfall builds of them', async () => {
      deepEqual(await unlike(handover, 'cluster1'), []);
      // Made with what the template says, and then left to others: `build` prints what is ours to keep.
      deepEqual(await unlike(handover, 'cluster2'), ['Deployment shop/scaled.spec.replicas: 2 there, 1 here']);
    });

    await t.test('kubefed: the plan takes everything over and changes no value', async () => {
      const lines = await estate.planned();
      deepEqual(
        lines.filter((line) => !line.endsWith(' update [] taken over from controller-manager')),
        [],
      );
      ok(lines.length > 15, `${lines.length} objects`);
    });

    await t.test('kubefed: it still runs when landfall begins: landfall gives way and says to whom', async () => {
      await estate.controller.start();
      const log = await becomes(
        'the fight',
        async () => estate.controller.log(),
        (text) => text.includes('field contested'),
      );
      const [line = ''] = log.split('\n').filter((each) => each.includes('field contested'));
      match(line, /"by":"KubeFed, which is to be stopped/);
      await estate.controller.stop();
      deepEqual(await harmOf(handover), []);
    });

    await t.test('kubefed: switched off, landfall has everything for itself, and nothing is touched', async () => {
      await kubefed.stop();
      await estate.controller.start();
      for (const server of members.values())
        await becomes('who writes', async () => (await heldBy(server)).flatMap(otherWriters), []);
      deepEqual(await harmOf(handover), []);
    });

    await t.test(
      'kubefed: all of its own objects go, as the guide says, and the clusters keep everything',
      async () => {
        await cleanUp(host);
        doesNotMatch(await kubectlOf(host)('get', 'crd', '-o', 'name'), /kubefed/);
        for (const server of members.values())
          for (const kind of `namespaces,${federatedKinds}`.split(','))
            await kubectlOf(server)('label', kind, '-A', '-l', `${managed}=true`, `${managed}-`);
        deepEqual(await harmOf(handover), []);
        deepEqual(await estate.planned(), []);
      },
    );
  });
}

/** On one member, both ways. */
async function unlike({ host, estate, members }: Handover, name: string): Promise<readonly string[]> {
  const server = members.get(name) ?? host;
  const built = await estate.built(name);
  const isSpace = (object: Json): boolean => at(object, 'kind') === 'Namespace';
  const { objects: ours, complaint } = await served(
    host,
    built.filter((object) => !isSpace(object)),
  );
  equal(complaint, '');
  const space = await seen(server, ['', 'namespace/shop']);
  // It is there on the host as well, where nothing can make it once more.
  const labelsOf = (object: Json | undefined): Json => {
    const labels = at(object, 'metadata', 'labels');
    const { 'kubernetes.io/metadata.name': _, ...own } = isObject(labels) ? labels : {};
    return { kind: 'Namespace', metadata: { name: 'shop', labels: own } };
  };
  return differencesOf(
    [...(await heldBy(server)), labelsOf(space)],
    [...ours, ...built.filter(isSpace).map(labelsOf)],
    isMark,
  );
}

async function end({ estate, kubefed, histories, host, members }: Handover): Promise<void> {
  await Promise.all(histories.map((history) => history.stop()));
  await kubefed.stop();
  await estate.close();
  for (const server of [host, ...members.values()]) {
    const kubectl = kubectlOf(server);
    await kubectl('delete', 'namespace', 'shop', controlPlane, '--ignore-not-found', '--timeout=60s');
    await kubectl('delete', 'clusterrole', 'shop-reader', '--ignore-not-found');
    await kubectl('-n', 'landfall-system', 'delete', 'configmaps', '-l', 'landfall.dev/record=default');
  }
}

/** KubeFed runs, and all that the team has is on the clusters. */
async function begin(program: OldController, servers: readonly ApiServer[]): Promise<Handover> {
  const [host, first, second] = servers;
  if (host === undefined || first === undefined || second === undefined) throw new Error('three servers are needed');
  const members = new Map([
    ['cluster1', first],
    ['cluster2', second],
  ]);
  const kubefed = await installKubeFed(program, host, members);
  await kubefed.start();
  const kubectl = kubectlOf(host);
  await kubectl('create', 'namespace', 'shop');
  const { code, stderr } = await host.kubectl(['apply', '--server-side', '-f', '-'], { input: federated });
  if (code !== 0) throw new Error(stderr);
  await becomes('what is not propagated', () => unpropagated(host), []);
  const estate = await estateOn('shop', host);
  const fleet = [...[...members].map(([name, server]) => joined(name, server)), settings, typeConfigsOf(program)];
  await estate.push({ 'fleet.yaml': fleet.join('\n---\n'), 'shop.yaml': federated });
  const histories = await Promise.all([first, second].map((server) => historyOf(server, federatedPaths)));
  return { host, members, kubefed, estate, histories };
}

async function unpropagated(host: ApiServer): Promise<readonly string[]> {
  const objects = itemsOf(parseJson(await kubectlOf(host)('get', federatedTypes.join(','), '-A', '-o', 'json')));
  return objects.filter((object) => !isPropagated(object)).map(titleOf);
}

function isPropagated(object: Json): boolean {
  const conditions = at(object, 'status', 'conditions');
  const isDone = isArray(conditions) && conditions.some((each) => at(each, 'status') === 'True');
  const isShared = at(object, 'metadata', 'name') === 'shared';
  // The scheduler writes its counts into it, after which it is propagated again.
  return (
    isDone &&
    at(object, 'status', 'observedGeneration') === at(object, 'metadata', 'generation') &&
    (!isShared || at(object, 'spec', 'overrides') !== undefined)
  );
}

async function heldBy(server: ApiServer): Promise<readonly Json[]> {
  const args = ['get', federatedKinds, '-A', '-l', `${managed}=true`, '--show-managed-fields', '-o', 'json'];
  return itemsOf(parseJson(await kubectlOf(server)(...args)));
}

const isMark = (key: string): boolean =>
  key === managed || key.startsWith('landfall.dev/') || key === 'applyset.kubernetes.io/part-of';

/** What somebody owns besides us and the controllers of the cluster itself. */
function otherWriters(object: Json): readonly string[] {
  const entries = at(object, 'metadata', 'managedFields');
  return (isArray(entries) ? entries : [])
    .filter(
      (entry) => at(entry, 'subresource') === undefined && !leftovers.includes(JSON.stringify(at(entry, 'fieldsV1'))),
    )
    .filter((entry) => !['landfall-default', 'kube-controller-manager'].includes(textOf(at(entry, 'manager')) ?? ''))
    .map((entry) => `${titleOf(object)}: ${at(entry, 'manager')} ${JSON.stringify(at(entry, 'fieldsV1'))}`);
}

/** KubeFed keeps its label, and the counts that it was told to leave to others: nobody else has asked for them. */
const leftovers = [
  JSON.stringify({ 'f:metadata': { 'f:labels': { [`f:${managed}`]: {} } } }),
  JSON.stringify({ 'f:metadata': { 'f:labels': { [`f:${managed}`]: {} } }, 'f:spec': { 'f:replicas': {} } }),
];

/** On all members, up to now. */
async function harmOf({ members, histories }: Handover): Promise<readonly string[]> {
  const held = await Promise.all([...members.values()].map(heldBy));
  return histories.flatMap((history, index) => {
    const titles = new Set(held[index]?.map(titleOf));
    return harmIn(history.moments(), (object) => titles.has(titleOf(object)) || isOfShop(object));
  });
}

const isOfShop = (object: Json): boolean =>
  [at(object, 'metadata', 'namespace'), at(object, 'metadata', 'name')].includes('shop');

/** Steps 6 and 7 of the guide: the Secrets of the clusters stay. */
async function cleanUp(host: ApiServer): Promise<void> {
  const kubectl = kubectlOf(host);
  for (const kind of [...federatedTypes, 'federatedtypeconfigs.core.kubefed.io']) {
    const lines = (
      await kubectl(
        'get',
        kind,
        '-A',
        '-o',
        'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
      )
    ).split('\n');
    for (const [namespace = '', name = ''] of lines.filter((line) => line !== '').map((line) => line.split('/'))) {
      const where = namespace === '' ? [] : ['-n', namespace];
      await kubectl('patch', kind, name, ...where, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    }
    await kubectl('delete', kind, '-A', '--all', '--timeout=20s');
  }
  const definitions = (await kubectl('get', 'crd', '-o', 'name'))
    .split('\n')
    .filter((name) => name.endsWith('kubefed.io'));
  await kubectl('delete', ...definitions, '--timeout=30s');
}
