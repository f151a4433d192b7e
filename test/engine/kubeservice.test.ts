/** Protects: KubeService's voting example, and that a microservice moves to another cluster before it leaves its own. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, isArray, type Json, textOf } from '../../src/core/json/value.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';

const example = join(import.meta.dirname, '../../examples/kubeservice');
const read = (name: string): string => readFileSync(join(example, name), 'utf8');
const voting = read('voting.yaml');

async function namesOf(fleet: TestFleet, cluster: string, path: string): Promise<readonly string[]> {
  const items = at((await fleet.get(cluster, path)) ?? null, 'items');
  return (isArray(items) ? items : []).map((item: Json) => textOf(at(item, 'metadata', 'name')) ?? '').toSorted();
}

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const services = '/api/v1/namespaces/default/services';
const ingresses = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';

async function withVoting(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['desktop', 'minikube'] });
  fleet.git.commit({ 'clusters.yaml': read('clusters.yaml'), 'voting.yaml': voting });
  await fleet.run(60_000);
  equal(fleet.table(), 'default/voting-sample@desktop Synced Healthy\ndefault/voting-sample@minikube Synced Healthy');
  return fleet;
}

test('kubeservice: Deployments on the cluster of their microservice, what leads to them on all', async () => {
  const fleet = await withVoting();
  const web = ['voting-sample-voting-web-v1', 'voting-sample-voting-web-v2'];
  deepEqual(await namesOf(fleet, 'desktop', deployments), web);
  deepEqual(await namesOf(fleet, 'minikube', deployments), ['voting-sample-voting-result-v1']);
  for (const cluster of ['desktop', 'minikube']) {
    deepEqual(
      (await namesOf(fleet, cluster, services)).filter((name) => name !== 'kubernetes'),
      ['voting-result', 'voting-sample-voting-result-v1', ...web, 'voting-web'],
    );
    deepEqual(await namesOf(fleet, cluster, ingresses), [
      'voting-result',
      'voting-sample-voting-web-v2-canary',
      'voting-web',
    ]);
  }
  await fleet.close();
});

test('kubeservice: another current version changes one selector and restarts nothing', async () => {
  const fleet = await withVoting();
  const before = await fleet.get('desktop', `${deployments}/voting-sample-voting-web-v1`);
  fleet.git.commit({ 'voting.yaml': voting.replace('currentVersionName: v1', 'currentVersionName: v2') });
  await fleet.run(30_000);
  const service = await fleet.get('minikube', `${services}/voting-web`);
  deepEqual(at(service ?? null, 'spec', 'selector'), { app: 'voting-web-for-kid' });
  const after = await fleet.get('desktop', `${deployments}/voting-sample-voting-web-v1`);
  equal(at(after ?? null, 'metadata', 'resourceVersion'), at(before ?? null, 'metadata', 'resourceVersion'));
  await fleet.close();
});

test('kubeservice: a microservice leaves its cluster only when it is well on the next', async () => {
  const fleet = await withVoting();
  const moved = voting.replace('clusterName: desktop', 'clusterName: minikube');
  fleet.git.commit({ 'voting.yaml': moved.replace('voting-demo-voting:v1', 'voting-demo-voting:v1-broken') });
  await fleet.run(60_000);
  deepEqual(await namesOf(fleet, 'desktop', deployments), [
    'voting-sample-voting-web-v1',
    'voting-sample-voting-web-v2',
  ]);
  match(fleet.table(), /desktop Progressing .*stays until Deployment .* is well on minikube/);
  fleet.git.commit({ 'voting.yaml': moved });
  await fleet.run(60_000);
  deepEqual(await namesOf(fleet, 'desktop', deployments), [], fleet.table());
  equal((await namesOf(fleet, 'minikube', deployments)).length, 3);
  await fleet.close();
});

test('kubeservice: a cluster that is not there takes nothing away', async () => {
  const fleet = await withVoting();
  fleet.git.commit({ 'voting.yaml': voting.replace('clusterName: desktop', 'clusterName: desk-top') });
  await fleet.run(60_000);
  equal((await namesOf(fleet, 'desktop', deployments)).length, 2);
  match(fleet.table(), /desktop OutOfSync .*there is no cluster for component voting-sample-voting-web/);
  await fleet.close();
});

const webV1 = `${deployments}/voting-sample-voting-web-v1`;

/** As the old operator left it on the cluster. */
async function withOld(fleet: TestFleet, metadata: object): Promise<Json> {
  const labels = {
    'app.o0w0o.cn/app': 'voting-sample',
    'app.o0w0o.cn/service': 'voting-sample-voting-web',
    'app.o0w0o.cn/version': 'v1',
  };
  const made = await fleet.request('desktop', 'POST', `${deployments}?fieldManager=manager`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'voting-sample-voting-web-v1', labels, ...metadata },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'voting-web' } },
      template: {
        metadata: { labels: { app: 'voting-web' } },
        spec: { containers: [{ name: 'voting-web', image: 'daocloud.io/w0v0w/voting-demo-voting:v1' }] },
      },
    },
  });
  equal(made.status, 201);
  fleet.git.commit({ 'clusters.yaml': read('clusters.yaml'), 'voting.yaml': voting });
  await fleet.run(60_000);
  return made.json ?? null;
}

test('kubeservice: what the old operator made is taken over as it is', async () => {
  const fleet = testFleet({ clusters: ['desktop', 'minikube'] });
  const before = await withOld(fleet, {});
  const after = (await fleet.get('desktop', webV1)) ?? null;
  equal(at(after, 'metadata', 'uid'), at(before, 'metadata', 'uid'));
  equal(at(after, 'metadata', 'generation'), 1, 'nothing of its spec was changed');
  match(fleet.table(), /desktop Synced Healthy/);
  await fleet.close();
});

test('kubeservice: what the old operator still owns is left to it', async () => {
  const fleet = testFleet({ clusters: ['desktop', 'minikube'] });
  const owner = {
    apiVersion: 'v1',
    kind: 'Namespace',
    name: 'default',
    uid: at((await fleet.get('desktop', '/api/v1/namespaces/default')) ?? null, 'metadata', 'uid'),
    controller: true,
  };
  await withOld(fleet, { ownerReferences: [owner] });
  match(fleet.table(), /desktop Blocked .*voting-sample-voting-web-v1 is controlled by Namespace default/);
  const after = (await fleet.get('desktop', webV1)) ?? null;
  equal(at(after, 'metadata', 'labels', 'landfall.dev/installation'), undefined, 'not one write');
  await fleet.close();
});
