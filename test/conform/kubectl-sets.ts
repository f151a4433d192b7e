/** kubectl with things that reach further than one object: custom resources, and sets that it prunes. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/core/json/value.ts';
import { configMap } from './case.ts';
import { documents, failed, type KubectlCase, type KubectlScope, said, tableOf } from './kubectl-case.ts';
import { definitionOf } from './widgets.ts';

const prune = ['apply', '--server-side', '--prune', '--applyset=configmaps/record', '-f', '-'];
const pruning = { environment: { KUBECTL_APPLYSET: 'true' } };

/** Source: KEP-3659; the id of a set is made of what names its parent. */
const setOf = (namespace: string): string => {
  const parent = ['record', namespace, 'ConfigMap', ''].join('.');
  return `applyset-${createHash('sha256').update(parent).digest('base64url')}-v1`;
};

/** A record of a set as some tool would keep it, and one member. */
async function recordOf({ kubectl, namespace }: KubectlScope, tooling: string): Promise<void> {
  equal(setOf(namespace).length, 55);
  const record: JsonObject = configMap(
    'record',
    {},
    {
      labels: { 'applyset.kubernetes.io/id': setOf(namespace) },
      annotations: {
        'applyset.kubernetes.io/tooling': tooling,
        'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap',
        'applyset.kubernetes.io/additional-namespaces': '',
      },
    },
  );
  const member = configMap('member', {}, { labels: { 'applyset.kubernetes.io/part-of': setOf(namespace) } });
  said(await kubectl(['create', '-f', '-'], { input: documents(record, member) }));
}

export const kubectlSets: readonly KubectlCase[] = [
  {
    name: 'custom resources: defined, waited for, used by short name, deleted',
    run: async ({ kubectl, namespace }) => {
      const group = `${namespace}.example.com`;
      const name = `widgets.${group}`;
      said(
        await kubectl(['apply', '-f', '-'], { input: documents(definitionOf(group)) }),
        `customresourcedefinition.apiextensions.k8s.io/${name} created\n`,
      );
      said(await kubectl(['wait', '--for=condition=Established', `crd/${name}`, '--timeout=60s']), /condition met\n$/);
      const widget = { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'a' }, spec: { size: 1 } };
      said(await kubectl(['apply', '-f', '-'], { input: documents(widget) }), `widget.${group}/a created\n`);
      said(
        await kubectl(['apply', '-f', '-'], { input: documents({ ...widget, spec: { size: 2 } }) }),
        `widget.${group}/a configured\n`,
      );
      deepEqual(tableOf(await kubectl(['get', name, '-o', 'wide'])), [
        ['NAME', 'SIZE', 'COLOR'],
        ['a', '2', 'red'],
      ]);
      said(await kubectl(['get', `wd.v1.${group}`, '-o', 'name']), `widget.${group}/a\n`);
      match(
        said(await kubectl(['explain', `widgets.spec.size`, `--api-version=${group}/v1`])),
        /^FIELD: size <integer>$/m,
      );
      said(
        await kubectl(['delete', 'crd', name]),
        new RegExp(`^customresourcedefinition\\.apiextensions\\.k8s\\.io "${name.replaceAll('.', '\\.')}" deleted`),
      );
    },
  },
  {
    name: 'apply --prune --applyset: what left the set is pruned',
    run: async ({ kubectl }) => {
      const apply = (...names: readonly string[]) =>
        kubectl(['apply', '--server-side', '--prune', '--applyset=record', '-f', '-'], {
          ...pruning,
          input: documents(...names.map((name) => configMap(name, {}))),
        });
      said(await apply('a', 'b'), 'configmap/a serverside-applied\nconfigmap/b serverside-applied\n');
      said(await apply('a'), 'configmap/a serverside-applied\nconfigmap/b pruned\n');
      failed(await kubectl(['get', 'cm', 'b']), 1, /not found/);
    },
  },
  {
    name: 'apply --prune --applyset: a record of other tooling is refused, and nothing is pruned',
    run: async (scope) => {
      await recordOf(scope, 'landfall/v1');
      const run = await scope.kubectl(prune, { ...pruning, input: documents(configMap('mine', {})) });
      failed(run, 1, /managed by tooling "landfall"/);
      said(await scope.kubectl(['get', 'cm', 'member', '-o', 'name']), 'configmap/member\n');
    },
  },
  {
    name: 'apply --prune --applyset: a record in kubectl’s own name is taken, and its members are pruned',
    run: async (scope) => {
      await recordOf(scope, 'kubectl/v1.30');
      const run = await scope.kubectl(prune, { ...pruning, input: documents(configMap('mine', {})) });
      said(run, 'configmap/mine serverside-applied\nconfigmap/member pruned\n');
    },
  },
];
