/** `import --flux` and `--argocd` off a cluster: what these have made stays as it is, and becomes Landfall's. */
import { equal } from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { testFolder } from '../builder/command.ts';
import { argoStory, fluxStory, type KubeText, type Scene } from '../builder/import-story.ts';
import { findRenderTools, skipLine } from '../cluster/render-tools.ts';

const tools = findRenderTools();
if (tools === undefined) console.error(`# ${skipLine}`);

const kube = testFolder();
const served = await serveSandbox(
  { clusters: ['eu-1'], dir: kube.path, settings: { workloads: 'pods', podReadyMs: { min: 1, max: 5 } } },
  { clock: systemClock, rng: systemRng },
);
after(async () => {
  await served.close();
  kube[Symbol.dispose]();
});
const server = served.clusters[0]!.server;

const plural = (kind: string): string => `${kind.toLowerCase().replace(/y$/, 'ie')}s`;
const folderOf = ({ apiVersion, kind, metadata }: KubeText): string => {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = typeof metadata.namespace === 'string' ? `/namespaces/${metadata.namespace}` : '';
  return `${server}${root}${namespace}/${plural(kind)}`;
};

const scene: Scene = {
  write: async (object, manager, how) => {
    const isApply = how === 'apply';
    const answer = await fetch(
      `${folderOf(object)}${isApply ? `/${object.metadata.name}` : ''}?fieldManager=${manager}`,
      {
        method: isApply ? 'PATCH' : 'POST',
        headers: { 'content-type': isApply ? 'application/apply-patch+yaml' : 'application/json' },
        body: JSON.stringify(object),
      },
    );
    equal(answer.status, 201, await answer.text());
  },
  read: async (kind, namespace, name) => {
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
    const answer = await fetch(`${folderOf({ apiVersion, kind, metadata: { name, namespace } })}/${name}`);
    return (await answer.json()) as KubeText;
  },
  context: ['--context', 'eu-1', '--kubeconfig', join(kube.path, 'eu-1.kubeconfig')],
  kubeconfig: join(kube.path, 'eu-1.kubeconfig'),
  stateDir: join(kube.path, 'state'),
  tools: tools ?? { helm: '', kustomize: '' },
};

test(
  'import --flux: off the cluster; planned and applied, nothing changes but whose it is',
  { skip: tools === undefined },
  () => fluxStory(scene),
);

test(
  'import --argocd: by annotation and by label; planned and applied, nothing changes but whose it is',
  { skip: tools === undefined },
  () => argoStory(scene),
);
