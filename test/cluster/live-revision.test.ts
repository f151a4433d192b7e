/** Protects: revisions that the old controller left on its host are read on a real one, with the rights that the guide names. */
import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { chapter } from './story/chapter.ts';
import { type Example, manifestsOf, stageFor } from './story/example.ts';
import { installedMembers, serviceAccount } from './story/installed.ts';
import { becomes, kubectlOf, type Place, runningImage, seen } from './story/witness.ts';

/** As KubeVela has it, but for what its schema says of each field. */
const kind: Json = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'applicationrevisions.core.oam.dev' },
  spec: {
    group: 'core.oam.dev',
    scope: 'Namespaced',
    names: { kind: 'ApplicationRevision', plural: 'applicationrevisions', singular: 'applicationrevision' },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const revision = (number: number, image: string): Json => ({
  apiVersion: 'core.oam.dev/v1beta1',
  kind: 'ApplicationRevision',
  metadata: { name: `example-app-v${number}`, namespace: 'default', labels: { 'app.oam.dev/name': 'example-app' } },
  spec: {
    application: {
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: { name: 'example-app', namespace: 'default' },
      spec: {
        components: [{ name: 'testsvc', type: 'webservice', properties: { addRevisionLabel: true, image, port: 80 } }],
      },
    },
  },
});

const placing = (number: number, replicas: number): string => `apiVersion: core.oam.dev/v1beta1
kind: AppDeployment
metadata: {name: example-appdeploy}
spec:
  appRevisions:
  - {revisionName: example-app-v${number}, placement: [{distribution: {replicas: ${replicas}}}]}
`;

const workload = (number: number): Place => ['default', `deployment/testsvc-v${number}`];
const reader = 'landfall-revisions';
const patienceMs = 120_000;

const [hub] = await installedMembers();
if (hub === undefined) test('live revision', { skip: 'no Kubernetes to run' });
else {
  const { server, kubeconfig } = hub;
  const example: Example = {
    name: 'appdeployment',
    clusters: ['local'],
    hubAccess: kubeconfig,
    settings: { plain: true },
    given: { local: [kind] },
    scaled: { cluster: 'local', namespace: 'default', object: 'deployment/testsvc-v7' },
    namespaces: [],
  };
  test('live revision: from the old host to Git, and nothing that runs is lost on the way', async (t) => {
    const kubectl = kubectlOf(server);
    const stage = await stageFor(example, [server]);
    t.after(async () => {
      await stage.close();
      await kubectl('delete', 'clusterrole,clusterrolebinding', reader, '--ignore-not-found');
    });
    const put = async (object: Json): Promise<void> => {
      const input = JSON.stringify(object);
      const { code, stderr } = await server.kubectl(['apply', '--server-side', '-f', '-'], { input });
      deepEqual([code, stderr], [0, '']);
    };
    const told = (commit: string, what: RegExp): Promise<string> =>
      becomes(
        `what is told of ${commit}`,
        () => stage.note(commit),
        (note) => what.test(note),
        patienceMs,
      );
    const runs = (number: number, image: string): Promise<unknown> =>
      becomes(`testsvc-v${number}`, () => runningImage(server, workload(number)), image, patienceMs);
    const { 'clusters.yaml': clusters } = manifestsOf('appdeployment/step-1');
    await kubectl('wait', 'crd/applicationrevisions.core.oam.dev', '--for=condition=Established', '--timeout=60s');
    await put(revision(7, 'crccheck/hello-world'));

    await chapter(
      t,
      'live revision: without the right to read it nothing runs, and the status says what is wanting',
      async () => {
        const commit = await stage.push({ 'clusters.yaml': clusters, 'appdeployment.yaml': placing(7, 2) });
        await stage.controller.start();
        await told(commit, /example-app-v7.*cannot be read on the hub/);
        deepEqual(await seen(server, workload(7)), undefined);
      },
    );
    await chapter(t, 'live revision: with the rights of the guide it runs', async () => {
      await kubectl(
        'create',
        'clusterrole',
        reader,
        '--verb=list,watch',
        '--resource=applicationrevisions.core.oam.dev',
      );
      const account = serviceAccount.replace('system:serviceaccount:', '');
      await kubectl('create', 'clusterrolebinding', reader, `--clusterrole=${reader}`, `--serviceaccount=${account}`);
      await runs(7, 'crccheck/hello-world');
      deepEqual(at((await seen(server, workload(7))) ?? null, 'spec', 'replicas'), 2);
    });
    await chapter(t, 'live revision: one that is not there yet is waited for, and what runs stays', async () => {
      const commit = await stage.push({ 'appdeployment.yaml': placing(8, 1) });
      match(await told(commit, /A1621/), /example-app-v8/);
      await runs(7, 'crccheck/hello-world');
      await put(revision(8, 'nginx:1.29'));
      await runs(8, 'nginx:1.29');
      await becomes('the older one', () => seen(server, workload(7)), undefined, patienceMs);
    });
    await chapter(t, 'live revision: gone from the host and Landfall started anew, it runs as it did', async () => {
      const before = await seen(server, workload(8));
      await stage.controller.kill();
      await kubectl('-n', 'default', 'delete', 'applicationrevision', 'example-app-v8');
      await stage.controller.start();
      const commit = await stage.push({ 'note.txt': 'nothing of it' });
      await told(commit, /A1621/);
      deepEqual(identityOf(await seen(server, workload(8))), identityOf(before));
    });
    await chapter(t, 'live revision: committed, it changes nothing that runs', async () => {
      const before = await seen(server, workload(8));
      const commit = await stage.push({ 'example-app-v8.yaml': JSON.stringify(revision(8, 'nginx:1.29')) });
      await told(commit, /^success landfall\/default\/example-appdeploy /m);
      deepEqual(identityOf(await seen(server, workload(8))), identityOf(before));
    });
  });
}

/** Another one is another object; another generation is another spec. */
const identityOf = (object: Json | undefined): readonly unknown[] => [
  at(object ?? null, 'metadata', 'uid'),
  at(object ?? null, 'metadata', 'generation'),
];
