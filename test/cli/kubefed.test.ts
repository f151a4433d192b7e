/** Protects: clusters of KubeFed are reached as KubeFed reached them, and what it left behind is taken over as it is. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { admin } from '../../src/sandbox/registry/user.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, type Ended, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';

const kube = testFolder();
const served = await serveSandbox(
  {
    clusters: ['host', 'c1', 'c2'],
    dir: kube.path,
    settings: {
      podReadyMs: { min: 1, max: 5 },
      authorization: 'RBAC',
      tokens: new Map([
        ['host-token', admin],
        ['c1-token', admin],
        ['c2-token', admin],
      ]),
    },
  },
  { clock: systemClock, rng: systemRng },
);
after(async () => {
  await served.close();
  kube[Symbol.dispose]();
});
const serverOf = (name: string): string => served.clusters.find((each) => each.name === name)?.server ?? '';

async function post(cluster: string, path: string, object: object, manager = 'controller-manager'): Promise<void> {
  const answer = await fetch(`${serverOf(cluster)}${path}?fieldManager=${manager}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer host-token' },
    body: JSON.stringify(object),
  });
  equal(answer.status, 201, await answer.text());
}

const managed = { 'kubefed.io/managed': 'true' };
const place = 'kube-federation-system';
const template = {
  replicas: 2,
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.17' }] } },
};

const federated = (kind: string, name: string, spec: object): string =>
  JSON.stringify({
    apiVersion: 'types.kubefed.io/v1beta1',
    kind: `Federated${kind}`,
    metadata: { name, namespace: 'shop' },
    spec: { placement: { clusterSelector: {} }, template: spec },
  });
const clusterText = (name: string): string =>
  JSON.stringify({
    apiVersion: 'core.kubefed.io/v1beta1',
    kind: 'KubeFedCluster',
    metadata: { name, namespace: place },
    spec: { apiEndpoint: serverOf(name), secretRef: { name: `${name}-access` } },
  });

await post('host', '/api/v1/namespaces', { metadata: { name: place } });
for (const name of ['c1', 'c2']) {
  await post('host', `/api/v1/namespaces/${place}/secrets`, {
    metadata: { name: `${name}-access` },
    stringData: { token: `${name}-token` },
  });
  await post(name, '/api/v1/namespaces', { metadata: { name: 'shop', labels: managed } });
  await post(name, '/apis/apps/v1/namespaces/shop/deployments', {
    metadata: { name: 'web', labels: managed },
    spec: template,
  });
  await post(name, '/api/v1/namespaces/shop/services', {
    metadata: { name: 'web', labels: managed, annotations: { local: 'kept' } },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
  });
  await post(name, '/api/v1/namespaces/shop/configmaps', {
    metadata: { name: 'settings', labels: name === 'c1' ? managed : { 'kubefed.io/managed': 'false' } },
    data: { colour: name === 'c1' ? 'green' : 'local' },
  });
}

const here = testFolder({
  'fleet.yaml': [
    clusterText('c1'),
    clusterText('c2'),
    federated('Namespace', 'shop', {}),
    federated('Deployment', 'web', { spec: template }),
    federated('Service', 'web', {
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
    }),
    federated('ConfigMap', 'settings', { data: { colour: 'green' } }),
  ].join('\n---\n'),
  'landfall.yaml': [
    `stateDir: ${join(kube.path, 'state')}`,
    `hub: {file: ${join(kube.path, 'host.kubeconfig')}}`,
    'repositories: [{name: fleet, url: ., statuses: none}]\n',
  ].join('\n'),
});
after(() => here[Symbol.dispose]());
const repository = buildRepository(here.path, { isBare: false });
repository.git('add', '.');
repository.git('commit', '--quiet', '-m', 'what KubeFed had');
const run = (...argv: readonly string[]): Promise<Ended> => command(argv, { folder: here.path });

type Planned = {
  readonly app: string;
  readonly cluster: string;
  readonly actions: readonly { readonly verb: string; readonly reason?: string; readonly paths?: readonly string[] }[];
};

test('plan: what KubeFed left behind would be taken over, and not one value is another', async () => {
  const { out, err } = await run('plan', '-o', 'json');
  equal(err, '');
  const cells: readonly Planned[] = JSON.parse(out).cells;
  const told = cells.flatMap(({ app, cluster, actions }) =>
    actions.map(
      ({ verb, reason, paths = [] }) =>
        `${cluster} ${app} ${verb} [${paths}] ${reason?.replace(/^waits for App [^;]*; /, '')}`,
    ),
  );
  deepEqual(
    told.filter((line) => line.startsWith('c1')),
    ['configmap-settings', 'deployment-web', 'namespace-shop', 'service-web'].map(
      (app) => `c1 shop/${app} update [] taken over from controller-manager`,
    ),
  );
  const [left = ''] = told.filter((line) => line.startsWith('c2 shop/configmap-settings'));
  match(left, /refuse \[\] ConfigMap shop\/settings has the label kubefed\.io\/managed: "false"/);
});

test('explain: the word that stood in KubeFed’s status is there where it was not empty', async () => {
  const { out, code } = await run('explain', 'HEAD', '-o', 'json');
  equal(code, 0);
  const steps: readonly { readonly step: string; readonly result: string }[] = JSON.parse(out).steps;
  const told = steps.filter(({ step }) => step.startsWith('told')).map(({ step, result }) => `${step} ${result}`);
  deepEqual(told, ['told shop/configmap-settings@c2 ManagedLabelFalse']);
});

test('explain: an override that is none is told by the word for overrides', async () => {
  await run('apply', '--once');
  const wrong = federated('ConfigMap', 'settings', { data: { colour: 'green' } }).replace(
    '"spec":{',
    '"spec":{"overrides":[{"clusterName":"c1","clusterOverrides":[{"path":"/metadata/name","value":"x"}]}],',
  );
  const path = join(here.path, 'fleet.yaml');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(federated('ConfigMap', 'settings', { data: { colour: 'green' } }), wrong),
  );
  repository.git('commit', '--quiet', '-am', 'an override of a name');
  const { out } = await run('explain', 'HEAD', '-o', 'json');
  const steps: readonly { readonly step: string; readonly result: string }[] = JSON.parse(out).steps;
  const told = steps.filter(({ step }) => step.startsWith('told')).map(({ step, result }) => `${step} ${result}`);
  ok(told.includes('told shop/configmap-settings@c1 ApplyOverridesFailed'), told.join('\n'));
});
