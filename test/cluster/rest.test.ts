/** Protects: at rest Landfall asks real API servers nothing and writes nothing, counted by their own audit logs. */
import { deepEqual, ok } from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';
import { type AuditedRequest, isObjectRequest, isWrite } from './audit-log.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene, type Scene } from './story/scene.ts';
import { becomes, runningImage } from './story/witness.ts';

const rounds = 20;
const looks = 'landfall_git_poll_seconds_count{repository="rest"}';
const synced = 'landfall_cells{state="Synced"}';
const everywhere = ['{name: all, clusterSelector: {}, maxUnavailable: 100%}'];
const apps = ['web', 'api', 'jobs'];
const component = (name: string): string => `${deployment(name, `${name}:1`)}---\n${configMap(name, '1')}`;

const objectRequests = (requests: readonly AuditedRequest[]): readonly string[] =>
  requests
    .filter(isObjectRequest)
    .map(({ verb, resource, namespace, name }) => `${verb} ${resource} ${namespace}/${name}`);

const members = await installedMembers();
if (members.length === 0) test('at rest', { skip: 'no Kubernetes to run' });
else describe('at rest', rest);

function rest(): void {
  let scene: Scene;
  after(() => scene.close());

  before(async () => {
    scene = await openScene('rest', members);
    await converge(scene);
  });

  test('at rest: twenty rounds send no object request', async () => {
    const mark = scene.mark();
    const before = await scene.controller.figure(looks);
    await becomes(
      'rounds',
      () => scene.controller.figure(looks),
      (now) => now >= before + rounds,
    );
    deepEqual(objectRequests(scene.sentSince(mark)), []);
  });

  test('at rest: an unrelated push sends no object request', async () => {
    const mark = scene.mark();
    const commit = await scene.push({
      'docs/values.yaml': 'title: hello\n',
      'apps/web/web.yaml': `# a comment\n${component('web')}`,
    });
    await scene.told(commit, /^success landfall\/check — /m);
    const before = await scene.controller.figure(looks);
    await becomes(
      'rounds',
      () => scene.controller.figure(looks),
      (now) => now >= before + 3,
    );
    deepEqual(objectRequests(scene.sentSince(mark)), []);
  });

  test('at rest: a restart reads each kind once, no object of an App, and writes nothing', async () => {
    const mark = scene.mark();
    await scene.controller.stop();
    await scene.controller.start();
    await becomes('cells in sync', () => scene.controller.figure(synced), apps.length * members.length);
    const sent = scene.sentSince(mark).filter(isObjectRequest);
    deepEqual(objectRequests(sent.filter(isWrite)), []);
    const onward = sent.filter(({ verb }) => verb !== 'watch');
    // Which cluster it is, and the key that seals digests: two, whatever the cluster holds.
    deepEqual(objectRequests(onward.filter(({ resource, name }) => !isOwnAffair(resource, name))), []);
    ok(sent.length > 0, 'the count sees requests at all');
  });
}

const isOwnAffair = (resource: string | undefined, name: string): boolean =>
  (resource === 'namespaces' && name === 'kube-system') || (resource === 'secrets' && name !== '');

async function converge({ push, told, controller, servers }: Scene): Promise<void> {
  const files = apps.flatMap((name) => [
    [`${name}.yaml`, `${app(name)}---\n${placement(name, everywhere)}`] as const,
    [`apps/${name}/${name}.yaml`, component(name)] as const,
  ]);
  const commit = await push({ ...clusterFiles(members, () => ({})), ...Object.fromEntries(files) });
  await controller.start();
  for (const name of apps) {
    await told(commit, new RegExp(`^success landfall/shop/${name} — `, 'm'));
    for (const server of servers)
      await becomes(name, () => runningImage(server, ['shop', `deployment/${name}`]), `${name}:1`);
  }
}
