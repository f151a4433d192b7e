/** Protects: on a real API server, what Flux and Argo CD have made is imported as it is, and stays as it is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testFolder } from '../builder/command.ts';
import { argoStory, fluxStory, type KubeText, type Scene } from '../builder/import-story.ts';
import { sharedFleet } from './fleet.ts';
import { findRenderTools } from './render-tools.ts';
import { kubectlOf } from './story/witness.ts';

const fleet = await sharedFleet();
const server = fleet?.servers.at(-1);
const tools = findRenderTools();
if (fleet === undefined || server === undefined || !fleet.hasControllers || !fleet.hasKubectl || tools === undefined)
  test('import', { skip: 'no Kubernetes to run, or no Helm' });
else {
  const kubectl = kubectlOf(server);
  const folder = testFolder();
  test.after(() => folder[Symbol.dispose]());
  const kubeconfig = server.kubeconfig();
  const { 'current-context': name } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const scene: Scene = {
    write: async (object, manager, how) => {
      folder.write({ 'object.json': JSON.stringify(object) });
      const file = join(folder.path, 'object.json');
      await kubectl(how, ...(how === 'apply' ? ['--server-side'] : []), '--field-manager', manager, '-f', file);
      if (object.kind === 'CustomResourceDefinition')
        await kubectl('wait', '--for=condition=Established', '--timeout=60s', `crd/${object.metadata.name}`);
    },
    read: async (kind, namespace, object) =>
      JSON.parse(
        await kubectl('-n', namespace, 'get', kind, object, '--show-managed-fields', '-o', 'json'),
      ) as KubeText,
    context: ['--context', name, '--kubeconfig', kubeconfig],
    kubeconfig,
    stateDir: join(folder.path, 'state'),
    tools,
  };
  test('import: what Flux has made', () => fluxStory(scene));
  test('import: what Argo CD has made', () => argoStory(scene));
}
