/** Protects: on a real cluster the Job of a gate runs once for each revision, opens the gate only when it completes, and goes. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { appIdOf, clusterId, digest, installationId } from '../../src/core/model/id.ts';
import { asKubeObject } from '../../src/core/model/object.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { kubeClient } from '../../src/edge/kube/client.ts';
import { credentials } from '../../src/edge/kube/credentials.ts';
import { systemNet } from '../../src/edge/net/net.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import type { AskOf } from '../../src/engine/gates/answer.ts';
import { jobCheck } from '../../src/engine/gates/job-check.ts';
import { never } from '../builder/kube.ts';
import { app, configMap, pin, placement } from '../builder/manifest.ts';
import { clusterOf, origin, placementOf, sha } from '../builder/model.ts';
import { chapter } from './story/chapter.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene, type Scene } from './story/scene.ts';
import { becomes, fieldBecomes, fieldOf, namesIn } from './story/witness.ts';

const job = (image: string): string => `apiVersion: batch/v1
kind: Job
metadata: {name: smoke}
spec:
  backoffLimit: 0
  # Taken at its word, it would be gone before anybody has heard of its end.
  ttlSecondsAfterFinished: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "registry.example/smoke:${image}"}]
`;
const stages = [
  '{name: canary, clusterNames: [eu-1]}',
  '{name: production, clusterNames: [us-1, ap-1], revision: Pinned, maxUnavailable: 100%, gates: [{name: smoke, job: {path: checks/smoke.yaml, cluster: eu-1, timeout: 5m}}]}',
];
const pinPath = 'promotions/web.yaml';
const web = ['shop', 'configmap/web'] as const;

const deps = { clock: systemClock, rng: systemRng };
const members = await installedMembers();
if (members.length === 0) test('gates', { skip: 'no Kubernetes to run' });
else {
  test('gates: a Job on a real cluster opens its gate, or does not, for one revision', tell);
  test('jobCheck: what it ran goes with its pods, and what is like it stays', clear);
}

/** Each Job that was ever made for the gate, as the audit log of the canary has it. */
function jobsSince({ sentSince }: Scene, mark: ReturnType<Scene['mark']>): readonly string[] {
  const made = sentSince(mark).filter(
    ({ resource, verb, status }) => resource === 'jobs' && verb === 'patch' && status === 201,
  );
  return made.map(({ name }) => name);
}

async function tell(t: TestContext): Promise<void> {
  const scene = await openScene('gates', members);
  t.after(() => scene.close());
  const [canary, production] = scene.servers;
  if (canary === undefined || production === undefined) throw new Error('three members');
  const begin = scene.mark();
  const valueOn = (server: typeof canary) => fieldOf(server, web, 'data', 'value');
  const first = await scene.push({
    ...clusterFiles(members, () => ({})),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/map.yaml': configMap('web', '1'),
    'checks/smoke.yaml': job('1'),
  });
  await scene.controller.start();

  await chapter(t, 'it completes: the gate opens', async () => {
    await scene.push({ [pinPath]: pin('web', 'production', first) });
    await fieldBecomes(canary, web, ['data', 'value'], '1');
    await fieldBecomes(production, web, ['data', 'value'], '1');
    const [made = '', ...others] = jobsSince(scene, begin);
    match(made, /^smoke-[0-9a-f]{10}$/);
    deepEqual(others, []);
  });

  await chapter(t, 'it fails: the next revision stays out, with the reason', async () => {
    const failing = await scene.push({
      'apps/web/map.yaml': configMap('web', '2'),
      'checks/smoke.yaml': job('2-failing'),
    });
    const moved = await scene.push({ [pinPath]: pin('web', 'production', failing) });
    await fieldBecomes(canary, web, ['data', 'value'], '2');
    await becomes(
      'why it stays out',
      () => scene.controller.command('explain', moved),
      (text) => /gate smoke failed: Job shop\/smoke-[0-9a-f]{10}: /.test(text),
    );
    equal(await valueOn(production), '1');
    equal(jobsSince(scene, begin).length, 2);
  });

  await chapter(t, 'it is given up: what was good needs no Job', async () => {
    const back = await scene.push({ [pinPath]: pin('web', 'production', first) });
    await scene.told(back, /^success landfall\/shop\/web\/production — /m);
    equal(await valueOn(production), '1');
    equal(jobsSince(scene, begin).length, 2);
  });

  await chapter(t, 'a revision that is mended has a Job of its own, and goes in', async () => {
    const mended = await scene.push({ 'apps/web/map.yaml': configMap('web', '3'), 'checks/smoke.yaml': job('3') });
    await scene.push({ [pinPath]: pin('web', 'production', mended) });
    await fieldBecomes(production, web, ['data', 'value'], '3');
    const made = jobsSince(scene, begin);
    deepEqual([made.length, new Set(made).size], [3, 3]);
  });
}

async function clear(t: TestContext): Promise<void> {
  const [member] = members;
  if (member === undefined) throw new Error('a member');
  const { server, kubeconfig } = member;
  const access = credentials({ kind: 'file', path: kubeconfig }, { ...deps, environment: {} });
  const client = kubeClient(access, { net: systemNet(deps), ...deps });
  t.after(() => client.close());
  const cluster = clusterId('eu-1');
  const { run, clear: remove } = jobCheck({
    installation: installationId('default'),
    clusterOf: () => clusterOf('eu-1'),
    grantOf: () => ({ kind: 'everything' }),
    clientOf: () => client,
  });
  const [manifest] = readManifests('smoke.yaml', new TextEncoder().encode(job('1'))).documents;
  const check = {
    kind: 'job',
    cluster,
    path: 'smoke.yaml',
    manifest: asKubeObject(manifest?.value ?? null),
    timeoutMs: 60_000,
  } as const;
  const askFor = (revision: number): AskOf<'job'> => ({
    check,
    asked: {
      app: appIdOf('default/web'),
      placement: placementOf(),
      ask: {
        stage: 'production',
        gate: { name: 'smoke', origin, check },
        subject: { revision: sha(revision), intent: digest('next') },
      },
    },
  });
  for (const revision of [1, 2])
    await becomes('the answer', async () => (await run(askFor(revision), never)).result, 'pass');
  const seen = () => namesIn(server, 'default', 'jobs,pods');
  equal((await seen()).length, 4);
  await remove(askFor(1), never);
  const left = await becomes('what is left', seen, (names) => names.length === 2);
  await remove(askFor(1), never);
  deepEqual(await seen(), left);
  await remove(askFor(2), never);
  await becomes('what is left', seen, []);
}
