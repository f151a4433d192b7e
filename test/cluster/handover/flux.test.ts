/** Protects: from a real Flux that runs to Landfall without a gap, as examples/flux/README.md tells it. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, isObject, type Json, textOf } from '../../../src/core/json/value.ts';
import { serveGit } from '../../../src/sandbox/serve-git.ts';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { findRenderTools } from '../render-tools.ts';
import { becomes, fieldOf, kubectlOf } from '../story/witness.ts';
import { type Estate, estateOn } from './estate.ts';
import { fluxFiles, fluxKinds, fluxObjects, fluxPaths, store } from './fleet-of-flux.ts';
import { type Flux, fluxSystem, installFlux, startFlux } from './flux.ts';
import { type History, harmIn, historyOf, titleOf } from './history.ts';
import { findFlux, skipLine } from './old-controllers.ts';
import { itemsOf } from './parity.ts';

type Handover = {
  readonly hub: ApiServer;
  readonly members: ReadonlyMap<string, ApiServer>;
  readonly flux: Flux;
  readonly estate: Estate;
  readonly histories: readonly History[];
  readonly close: () => Promise<void>;
};

const programs = findFlux();
const fleet = programs === undefined ? undefined : await sharedFleet();
if (programs === undefined) {
  console.error(`# ${skipLine('Flux')}`);
  test('flux', { skip: 'no Flux to run' });
} else if (fleet?.hasControllers !== true || findRenderTools() === undefined)
  test('flux', { skip: 'no Kubernetes to run, or no Kustomize' });
else story(programs, fleet.servers);

const fluxWork = 'kustomizations,helmreleases';

function story(program: string, servers: readonly ApiServer[]): void {
  test('flux: what Flux runs on two clusters is handed over', async (t) => {
    const handover = await begin(program, servers);
    t.after(() => end(handover));
    const { hub, members, estate } = handover;
    const flux = kubectlOf(hub);

    await t.test('flux: its objects are imported whole, and change nothing', async () => {
      const { 'current-context': context } = JSON.parse(readFileSync(hub.kubeconfig(), 'utf8'));
      const from = ['--flux', '--context', context, '--kubeconfig', hub.kubeconfig(), '--dir', estate.folder];
      const report = parseJson(await estate.controller.command('import', ...from, '-o', 'json'));
      const apps = at(report, 'apps');
      deepEqual(isArray(apps) ? apps.toSorted() : apps, [
        'store/api',
        'store/shop',
        'store/vars',
        'store/web-one',
        'store/web-two',
      ]);
      equal(at(report, 'changes'), 0, JSON.stringify(report));
      await estate.push({}, 'From Flux to Landfall');
    });

    await t.test('flux: the plan takes everything over and changes no value', async () => {
      const lines = await estate.planned();
      deepEqual(
        lines.filter((line) => !/ update \[[^\]]*\] taken over from (kustomize|helm)-controller$/.test(line)),
        [],
      );
      equal(lines.length, 9, lines.join('\n'));
    });

    await t.test('flux: suspended, and landfall has everything for itself: nothing is touched', async () => {
      await suspend(hub, true);
      await estate.controller.start();
      await isAllOurs(members);
      const marks = (await Promise.all([...members.values()].map(heldBy))).flat().flatMap(labelsOf);
      deepEqual(
        marks.filter((label) => label.includes('toolkit.fluxcd.io')),
        [],
      );
      deepEqual(harmOf(handover), []);
    });

    await t.test(
      'flux: resumed when landfall has stopped, it takes its objects back; suspended once more, nothing is touched',
      async () => {
        await estate.controller.stop();
        await suspend(hub, false);
        for (const server of members.values())
          await becomes(
            'whom Flux has not marked',
            async () => (await heldBy(server)).filter(isUnmarked).map(titleOf),
            [],
          );
        await suspend(hub, true);
        await estate.controller.start();
        deepEqual(await estate.planned(), []);
        deepEqual(harmOf(handover), []);
      },
    );

    await t.test('flux: a push is landfall’s alone from then on', async () => {
      const path = 'apps/web/deployment.yaml';
      await estate.push({ [path]: (fluxFiles[path] ?? '').replace('nginx:1.29', 'nginx:1.30') }, 'nginx 1.30');
      for (const server of members.values()) {
        const image = ['-o', 'jsonpath={.spec.template.spec.containers[0].image}'];
        await becomes('the image', () => kubectlOf(server)('-n', store, 'get', 'deploy/web', ...image), 'nginx:1.30');
      }
      const [one, two] = [...members.values()];
      equal(await fieldOf(one!, [store, 'deployment/web'], 'spec', 'replicas'), 2);
      equal(await fieldOf(two!, [store, 'deployment/web'], 'spec', 'replicas'), 1);
    });

    await t.test('flux: its objects go while it runs, suspended, and the clusters keep everything', async () => {
      const before = await Promise.all([...members.values()].map(uidsOn));
      await flux('-n', fluxSystem, 'delete', `${fluxWork},gitrepositories,helmcharts`, '--all', '--timeout=60s');
      await handover.flux.stop();
      deepEqual(await Promise.all([...members.values()].map(uidsOn)), before);
      ok(before.every((uids) => uids.length > 1));
      deepEqual(await estate.planned(), []);
      match(await estate.controller.command('status'), /5 synced/);
    });
  });
}

/** Flux runs, and all that the team has is on the clusters. */
async function begin(program: string, servers: readonly ApiServer[]): Promise<Handover> {
  const [hub, one, two] = servers;
  if (hub === undefined || one === undefined || two === undefined) throw new Error('three servers are needed');
  const members = new Map([
    ['one', one],
    ['two', two],
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'landfall-handover-flux-'));
  const git = await serveGit({ root: join(folder, 'git') });
  const { url } = await git.createRepository('fleet');
  const estate = await estateOn('fleet', hub, url);
  await estate.push(fluxFiles);
  await installFlux({ programs: program, hub });
  for (const server of members.values()) await kubectlOf(server)('create', 'namespace', store);
  const flux = await startFlux({ programs: program, hub, folder: join(folder, 'flux'), withHelm: true });
  const input = fluxObjects(url, members)
    .map((object) => JSON.stringify(object))
    .join('\n---\n');
  const { code, stderr } = await hub.kubectl(['apply', '--server-side', '-f', '-'], { input });
  equal(code, 0, stderr);
  await becomes('what Flux has not done', async () => (await workOf(hub)).filter(isUndone).map(titleOf), []);
  const histories = await Promise.all([one, two].map((server) => historyOf(server, fluxPaths)));
  const close = async (): Promise<void> => {
    await git.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { hub, members, flux, estate, histories, close };
}

async function end({ hub, members, estate, flux, histories, close }: Handover): Promise<void> {
  await Promise.all(histories.map((history) => history.stop()));
  await flux.stop();
  await estate.close();
  await close();
  await kubectlOf(hub)('delete', 'namespace', fluxSystem, '--ignore-not-found', '--timeout=60s');
  for (const server of members.values()) {
    await kubectlOf(server)('delete', 'namespace', store, '--ignore-not-found', '--timeout=60s');
    await kubectlOf(server)('-n', 'landfall-system', 'delete', 'configmaps', '-l', 'landfall.dev/record=default');
  }
}

async function suspend(hub: ApiServer, isSuspended: boolean): Promise<void> {
  const patch = JSON.stringify({ spec: { suspend: isSuspended } });
  for (const object of await workOf(hub))
    await kubectlOf(hub)('-n', fluxSystem, 'patch', ...nameOf(object), '--type=merge', '-p', patch);
}

async function isAllOurs(members: Handover['members']): Promise<void> {
  for (const server of members.values())
    await becomes('who writes', async () => (await heldBy(server)).flatMap(otherWriters), []);
}

function labelsOf(object: Json): readonly string[] {
  const labels = at(object, 'metadata', 'labels');
  return isObject(labels) ? Object.keys(labels) : [];
}

const isUnmarked = (object: Json): boolean =>
  at(object, 'metadata', 'name') !== 'shop' &&
  !labelsOf(object).some((label) => label.endsWith('toolkit.fluxcd.io/namespace'));

const workOf = async (hub: ApiServer): Promise<readonly Json[]> =>
  itemsOf(parseJson(await kubectlOf(hub)('-n', fluxSystem, 'get', fluxWork, '-o', 'json')));

const nameOf = (object: Json): readonly [string, string] => [
  `${textOf(at(object, 'kind'))?.toLowerCase()}`,
  textOf(at(object, 'metadata', 'name')) ?? '',
];

function isUndone(object: Json): boolean {
  const conditions = at(object, 'status', 'conditions');
  const ready = isArray(conditions) ? conditions.find((each) => at(each, 'type') === 'Ready') : undefined;
  return ready === undefined || at(ready, 'status') !== 'True';
}

const heldBy = async (server: ApiServer): Promise<readonly Json[]> => {
  const text = await kubectlOf(server)('-n', store, 'get', fluxKinds, '--show-managed-fields', '-o', 'json');
  return itemsOf(parseJson(text)).filter((object) => at(object, 'metadata', 'name') !== 'kube-root-ca.crt');
};

const uidsOn = async (server: ApiServer): Promise<readonly string[]> =>
  (await heldBy(server)).map((object) => `${titleOf(object)} ${at(object, 'metadata', 'uid')}`);

/** Besides us and the controllers of the cluster itself. */
function otherWriters(object: Json): readonly string[] {
  const entries = at(object, 'metadata', 'managedFields');
  return (isArray(entries) ? entries : [])
    .filter((entry) => !['landfall-default', 'kube-controller-manager'].includes(textOf(at(entry, 'manager')) ?? ''))
    .map((entry) => `${titleOf(object)}: ${at(entry, 'manager')} ${JSON.stringify(at(entry, 'fieldsV1'))}`);
}

/** On both members, up to now. */
const harmOf = ({ histories }: Handover): readonly string[] =>
  histories.flatMap((history) =>
    harmIn(
      history.moments(),
      (object) =>
        at(object, 'metadata', 'namespace') === store && at(object, 'metadata', 'name') !== 'kube-root-ca.crt',
    ),
  );
