/** kubectl's apply in both its ways, and its diff. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { at } from '../../src/core/json/value.ts';
import { configMap, deployment, entriesOf } from './case.ts';
import { documents, failed, jsonOf, type KubectlCase, said } from './kubectl-case.ts';

const serverSide = ['apply', '--server-side', '-f', '-'];

export const kubectlApplies: readonly KubectlCase[] = [
  {
    name: 'apply: created, unchanged, configured, and what is dropped goes',
    run: async ({ kubectl }) => {
      const apply = (data: Readonly<Record<string, string>>) =>
        kubectl(['apply', '-f', '-'], { input: documents(configMap('a', data)) });
      said(await apply({ x: '1', y: '1' }), 'configmap/a created\n');
      said(await apply({ x: '1', y: '1' }), 'configmap/a unchanged\n');
      said(await apply({ x: '2' }), 'configmap/a configured\n');
      const live = jsonOf(await kubectl(['get', 'cm', 'a', '-o', 'json', '--show-managed-fields']));
      deepEqual(live.data, { x: '2' });
      deepEqual(
        entriesOf(live).map(({ manager, operation }) => [manager, operation]),
        [['kubectl-client-side-apply', 'Update']],
      );
      match(
        String(at(live, 'metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration')),
        /"data":\{"x":"2"\}/,
      );
    },
  },
  {
    name: 'apply: a Deployment merges by container, whatever the server has filled in',
    run: async ({ kubectl }) => {
      const apply = (env: string) =>
        kubectl(['apply', '-f', '-'], {
          input: documents(deployment('web', { replicas: 0 }, { env: [{ name: env, value: '1' }] })),
        });
      said(await apply('A'), 'deployment.apps/web created\n');
      said(await apply('A'), 'deployment.apps/web unchanged\n');
      said(await kubectl(['set', 'env', 'deployment/web', 'B=2']), 'deployment.apps/web env updated\n');
      said(await apply('A'), 'deployment.apps/web configured\n');
      said(
        await kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].env[*].name}']),
        'A B',
      );
    },
  },
  {
    name: 'apply: an unknown field is refused by the server’s schema',
    run: async ({ kubectl }) => {
      const run = await kubectl(['apply', '-f', '-'], { input: documents(deployment('web', { bogus: 1 })) });
      failed(run, 1, /strict decoding error: unknown field "spec\.bogus"/);
      const ignored = await kubectl(['apply', '--validate=ignore', '-f', '-'], {
        input: documents(deployment('web', { bogus: 1, replicas: 0 })),
      });
      said(ignored, 'deployment.apps/web created\n');
    },
  },
  {
    name: 'apply: a List of objects, which the schema does not know',
    run: async ({ kubectl }) => {
      const items = ['a', 'b'].map((name) => configMap(name, {}));
      const run = await kubectl(['apply', '-f', '-'], { input: documents({ apiVersion: 'v1', kind: 'List', items }) });
      said(run, 'configmap/a created\nconfigmap/b created\n');
    },
  },
  {
    name: 'apply --dry-run=server changes nothing',
    run: async ({ kubectl }) => {
      const input = documents(configMap('a', { x: '1' }));
      said(
        await kubectl(['apply', '--dry-run=server', '-f', '-'], { input }),
        'configmap/a created (server dry run)\n',
      );
      said(
        await kubectl([...serverSide, '--dry-run=server'], { input }),
        'configmap/a serverside-applied (server dry run)\n',
      );
      said(await kubectl(['get', 'cm', 'a', '--ignore-not-found']), '');
    },
  },
  {
    name: 'apply --server-side: conflicts are told, and --force-conflicts takes',
    run: async ({ kubectl }) => {
      said(
        await kubectl(serverSide, { input: documents(configMap('a', { x: '1' })) }),
        'configmap/a serverside-applied\n',
      );
      const other = [...serverSide, '--field-manager=other'];
      const input = documents(configMap('a', { x: '2' }));
      failed(
        await kubectl(other, { input }),
        1,
        /^error: Apply failed with 1 conflict: conflict with "kubectl": \.data\.x\nPlease review the fields above/,
      );
      said(await kubectl([...other, '--force-conflicts'], { input }), 'configmap/a serverside-applied\n');
      const live = jsonOf(await kubectl(['get', 'cm', 'a', '-o', 'json', '--show-managed-fields']));
      deepEqual(
        entriesOf(live).map(({ manager, operation }) => [manager, operation]),
        [['other', 'Apply']],
      );
    },
  },
  {
    name: 'apply --server-side after apply takes over the fields of the old way',
    run: async ({ kubectl }) => {
      said(await kubectl(['apply', '-f', '-'], { input: documents(configMap('a', { x: '1', y: '1' })) }));
      said(await kubectl(serverSide, { input: documents(configMap('a', { x: '1' })) }));
      const live = jsonOf(await kubectl(['get', 'cm', 'a', '-o', 'json', '--show-managed-fields']));
      deepEqual(live.data, { x: '1' });
      ok(entriesOf(live).every(({ manager }) => manager !== 'kubectl-client-side-apply'));
    },
  },
  {
    name: 'diff --server-side: exit 1 with a difference, 0 without',
    run: async ({ kubectl }) => {
      const diff = ['diff', '--server-side', '-f', '-'];
      said(await kubectl(serverSide, { input: documents(configMap('a', { x: '1' })) }));
      said(await kubectl(diff, { input: documents(configMap('a', { x: '1' })) }), '');
      const different = await kubectl(diff, { input: documents(configMap('a', { x: '2' })) });
      equal(different.code, 1);
      match(different.stdout, /^- {2}x: "1"\n\+ {2}x: "2"$/m);
      const absent = await kubectl(diff, { input: documents(configMap('b', { x: '2' })) });
      deepEqual([absent.code, /^\+ {2}name: b$/m.test(absent.stdout)], [1, true]);
    },
  },
];
