/** Protects: what a real KubeVela makes of an Application, Landfall makes of it. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, type Json, textOf } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { kubectlOf } from '../story/witness.ts';
import { applications } from './applications.ts';
import { estateOn } from './estate.ts';
import { titleOf } from './history.ts';
import { installKubeVela, localCluster, removeKubeVela, velaKinds } from './kubevela.ts';
import { findKubeVela, type OldController, skipLine } from './old-controllers.ts';
import { differencesOf, itemsOf, served } from './parity.ts';

const space = 'parity';
const patienceMs = 120_000;

const old = findKubeVela();
const fleet = old === undefined ? undefined : await sharedFleet();
if (old === undefined) {
  console.error(`# ${skipLine('KubeVela')}`);
  test('kubevela parity', { skip: 'no KubeVela to run' });
} else if (fleet?.hasControllers !== true) test('kubevela parity', { skip: 'no Kubernetes to run' });
else compareAll(old, fleet.servers);

function compareAll(program: OldController, [hub, other]: readonly ApiServer[]): void {
  test('kubevela: it makes of Applications what landfall builds of them', async (t) => {
    if (hub === undefined || other === undefined) throw new Error('two servers are needed');
    const vela = await installKubeVela(program, hub);
    const estate = await estateOn('parity', hub);
    t.after(async () => {
      await vela.stop();
      await estate.close();
      await removeKubeVela(hub, [space]);
      await kubectlOf(other)('delete', 'namespace', space, '--timeout=60s');
    });
    await vela.start();
    for (const server of [hub, other]) await kubectlOf(server)('create', 'namespace', space);
    const given = applications(space);
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...given.values()] });
    const { code, stderr } = await hub.kubectl(['apply', '--server-side', '-f', '-'], { input });
    deepEqual([code, stderr], [0, '']);
    await estate.push({
      'local.yaml': localCluster(hub),
      ...Object.fromEntries([...given].map(([name, application]) => [`${name}.yaml`, JSON.stringify(application)])),
    });
    const built = await served(other, await estate.built('local'));
    const late = await waitFor(hub);
    const held = await heldBy(hub);
    await t.test('kubevela: a server takes all that is built', () => equal(built.complaint, ''));
    for (const name of given.keys())
      await t.test(`kubevela: ${name}`, () => {
        const [theirs = [], ours = []] = [held, built.objects].map((objects) =>
          objects.filter((object) => applicationOf(object) === name),
        );
        deepEqual(
          late.filter((each) => each.startsWith(`${name} `)),
          [],
        );
        const wanted = new Set(ours.map(versionOf));
        // In two versions on the server, and in that one here in which it was written.
        const same = theirs.filter((object) => at(object, 'kind') !== scaler || wanted.has(versionOf(object)));
        deepEqual(differencesOf(same, ours, isMark), []);
      });
  });
}

/** Shape: the Applications that are not done in time, and how far they are. */
async function waitFor(hub: ApiServer): Promise<readonly string[]> {
  const startedAtMs = performance.now();
  for (;;) {
    const left = await undispatched(hub);
    if (left.length === 0 || performance.now() - startedAtMs > patienceMs) return left;
    await sleep(500);
  }
}

/** Applications of which nothing is there yet, or not all. */
async function undispatched(hub: ApiServer): Promise<readonly string[]> {
  const text = await kubectlOf(hub)('get', 'applications.core.oam.dev', '-n', space, '-o', 'json');
  return itemsOf(parseJson(text))
    .filter((object) => !isDone(at(object, 'status')))
    .map((object) => `${textOf(at(object, 'metadata', 'name'))} ${textOf(at(object, 'status', 'status'))}`);
}

const isDone = (status: Json | undefined): boolean => {
  const steps = at(status, 'workflow', 'steps');
  const isApplied = isArray(steps) && steps.every((step) => at(step, 'phase') === 'succeeded');
  return isApplied || ['running', 'unhealthy', 'workflowFailed'].includes(textOf(at(status, 'status')) ?? '');
};

const scaler = 'HorizontalPodAutoscaler';
const versionOf = (object: Json): string => `${at(object, 'apiVersion')} ${titleOf(object)}`;

async function heldBy(hub: ApiServer): Promise<readonly Json[]> {
  const kinds = `${velaKinds},horizontalpodautoscalers.v1.autoscaling`;
  const text = await kubectlOf(hub)('get', kinds, '-A', '-l', `app.oam.dev/namespace=${space}`, '-o', 'json');
  // Pods and what controllers make bear the labels of their templates.
  return itemsOf(parseJson(text)).filter((object) => at(object, 'metadata', 'ownerReferences') === undefined);
}

const applicationOf = (object: Json): string => textOf(at(object, 'metadata', 'labels', 'app.oam.dev/name')) ?? '';

/** KubeVela's own, which change with each revision, and Landfall's. */
const isMark = (key: string): boolean =>
  key.startsWith('landfall.dev/') ||
  key === 'applyset.kubernetes.io/part-of' ||
  ['appRevision', 'app-revision-hash', 'revision', 'cluster', 'last-applied-configuration', 'last-applied-time'].some(
    (name) => key === `app.oam.dev/${name}`,
  ) ||
  ['oam.dev/render-hash', 'oam.dev/kubevela-version'].includes(key);
