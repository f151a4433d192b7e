/** Protects: from a real KubeVela that runs to Landfall without a gap, as examples/kubevela/README.md tells it. */
import { deepEqual, doesNotMatch, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, isObject, type Json, textOf } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { becomes, kubectlOf } from '../story/witness.ts';
import { applications } from './applications.ts';
import { type Estate, estateOn } from './estate.ts';
import { type History, harmIn, historyOf, titleOf } from './history.ts';
import { installKubeVela, type KubeVela, localCluster, releaseAll, removeKubeVela, velaKinds } from './kubevela.ts';
import { findKubeVela, type OldController, skipLine } from './old-controllers.ts';
import { itemsOf } from './parity.ts';

const space = 'handover';
/** A workload of each kind, and what traits make beside. */
const moved = [
  'webservice-expose',
  'daemon-bare',
  'statefulset-bare',
  'cron-full',
  'task-bare',
  'objects',
  'scaler',
  'annotations',
  'gateway',
  'hpa',
  'account',
  'storage-small',
];
const paths = [
  '/api/v1/configmaps',
  '/api/v1/secrets',
  '/api/v1/services',
  '/api/v1/serviceaccounts',
  '/api/v1/pods',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/daemonsets',
  '/apis/apps/v1/statefulsets',
  '/apis/batch/v1/jobs',
  '/apis/batch/v1/cronjobs',
  '/apis/networking.k8s.io/v1/ingresses',
  '/apis/autoscaling/v2/horizontalpodautoscalers',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
];

type Handover = {
  readonly hub: ApiServer;
  readonly vela: KubeVela;
  readonly estate: Estate;
  readonly history: History;
};

const old = findKubeVela();
const fleet = old === undefined ? undefined : await sharedFleet();
if (old === undefined) {
  console.error(`# ${skipLine('KubeVela')}`);
  test('kubevela', { skip: 'no KubeVela to run' });
} else if (fleet?.hasControllers !== true) test('kubevela', { skip: 'no Kubernetes to run' });
else story(old, fleet.servers);

function story(program: OldController, [hub]: readonly ApiServer[]): void {
  test('kubevela: Applications that run are handed over', async (t) => {
    if (hub === undefined) throw new Error('a server is needed');
    const handover = await begin(program, hub);
    t.after(() => end(handover));
    const { estate, vela } = handover;

    await t.test('kubevela: the plan shows nothing but its own marks going', async () => {
      const lines = await estate.planned();
      ok(lines.length >= moved.length, `${lines.length} objects`);
      deepEqual(
        lines.filter((line) => !isTakenOver(line)),
        [],
      );
    });

    await t.test('kubevela: it still runs when landfall begins, and no object is worse for it', async () => {
      await estate.controller.start();
      await becomes('who writes', () => foreign(hub), []);
      doesNotMatch(estate.controller.log(), /"code":"B9/);
      await estate.controller.stop();
      deepEqual(harmOf(handover), []);
    });

    await t.test(
      'kubevela: switched off, its Applications and trackers go, and the cluster keeps everything',
      async () => {
        await vela.stop();
        await estate.controller.start();
        for (const kind of ['applications.core.oam.dev', 'resourcetrackers.core.oam.dev']) await releaseAll(hub, kind);
        equal((await kubectlOf(hub)('get', 'resourcetrackers.core.oam.dev', '-o', 'name')).trim(), '');
        await becomes('who writes', () => foreign(hub), []);
        deepEqual(await estate.planned(), []);
        deepEqual(harmOf(handover), []);
      },
    );
  });
}

async function begin(program: OldController, hub: ApiServer): Promise<Handover> {
  const vela = await installKubeVela(program, hub);
  await vela.start();
  await kubectlOf(hub)('create', 'namespace', space);
  const given = new Map([...applications(space)].filter(([name]) => moved.includes(name)));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...given.values()] });
  const { code, stderr } = await hub.kubectl(['apply', '--server-side', '-f', '-'], { input });
  deepEqual([code, stderr], [0, '']);
  await becomes('what does not run', () => waiting(hub), []);
  const estate = await estateOn(space, hub);
  await estate.push({
    'local.yaml': localCluster(hub),
    ...Object.fromEntries([...given].map(([name, application]) => [`${name}.yaml`, JSON.stringify(application)])),
  });
  return { hub, vela, estate, history: await historyOf(hub, paths) };
}

async function end({ hub, vela, estate, history }: Handover): Promise<void> {
  await history.stop();
  await vela.stop();
  await estate.close();
  await removeKubeVela(hub, [space]);
  await kubectlOf(hub)('-n', 'landfall-system', 'delete', 'configmaps', '-l', 'landfall.dev/record=default');
}

async function waiting(hub: ApiServer): Promise<readonly string[]> {
  const text = await kubectlOf(hub)('get', 'applications.core.oam.dev', '-n', space, '-o', 'json');
  return itemsOf(parseJson(text))
    .filter((object) => textOf(at(object, 'status', 'status')) !== 'running')
    .map((object) => `${titleOf(object)} ${textOf(at(object, 'status', 'status'))}`);
}

const own = ['app.oam.dev/', 'oam.dev/'];
const isTakenOver = (line: string): boolean => {
  const [, fields = ''] = /\[(.*?)\] taken over from kubevela/.exec(line) ?? ['', 'none'];
  return fields.split(',').every((field) => field === '' || own.some((mark) => field.includes(mark)));
};

/** Objects of the Applications that somebody besides us and the cluster's controllers writes. */
async function foreign(hub: ApiServer): Promise<readonly string[]> {
  const args = ['get', velaKinds, '-A', '-l', `app.oam.dev/namespace=${space}`, '--show-managed-fields', '-o', 'json'];
  return itemsOf(parseJson(await kubectlOf(hub)(...args)))
    .filter((object) => at(object, 'metadata', 'ownerReferences') === undefined)
    .flatMap((object) => {
      const entries = at(object, 'metadata', 'managedFields');
      const managers = (isArray(entries) ? entries : [])
        .filter((entry) => at(entry, 'subresource') === undefined && !isServersOwn(at(entry, 'fieldsV1')))
        .map((entry) => textOf(at(entry, 'manager')) ?? '')
        .filter((manager) => manager !== 'kube-controller-manager');
      return managers.join() === 'landfall-default' ? [] : [`${titleOf(object)}: ${managers}`];
    });
}

/** What the server wrote as KubeVela made the object, and writes again whatever becomes of it. */
const isServersOwn = (fields: Json | undefined): boolean => {
  const annotations = at(fields, 'f:metadata', 'f:annotations');
  const names = Object.keys(isObject(annotations) ? annotations : {}).filter((name) => name !== '.');
  return names.join() === 'f:deprecated.daemonset.template.generation' && at(fields, 'f:spec') === undefined;
};

/** Of what the Applications made, and the pods of that. */
const harmOf = ({ history }: Handover): readonly string[] => harmIn(history.moments(), isOfApplications);

const isOfApplications = (object: Json): boolean =>
  at(object, 'kind') === 'Pod'
    ? at(object, 'metadata', 'namespace') === space
    : at(object, 'metadata', 'labels', 'app.oam.dev/namespace') === space;
