/** kubectl's questions: get in all its forms, watch, describe, explain, api-resources, auth. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { at } from '../../src/core/json/value.ts';
import { configMap, deployment } from './case.ts';
import { documents, failed, jsonOf, type KubectlCase, rowsOf, said, tableOf } from './kubectl-case.ts';

export const kubectlReads: readonly KubectlCase[] = [
  {
    name: 'version tells the server’s',
    run: async ({ kubectl }) => {
      const version = jsonOf(await kubectl(['version', '-o', 'json']));
      match(String(at(version, 'serverVersion', 'gitVersion')), /^v1\.\d+\.\d+/);
    },
  },
  {
    name: 'api-resources lists names, short names, versions, scope and kind',
    run: async ({ kubectl }) => {
      const table = tableOf(await kubectl(['api-resources', '--api-group=apps']));
      deepEqual(table, [
        ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'],
        ['controllerrevisions', 'apps/v1', 'true', 'ControllerRevision'],
        ['daemonsets', 'ds', 'apps/v1', 'true', 'DaemonSet'],
        ['deployments', 'deploy', 'apps/v1', 'true', 'Deployment'],
        ['replicasets', 'rs', 'apps/v1', 'true', 'ReplicaSet'],
        ['statefulsets', 'sts', 'apps/v1', 'true', 'StatefulSet'],
      ]);
      match(said(await kubectl(['api-resources', '--namespaced=false', '-o', 'name'])), /^namespaces$/m);
    },
  },
  {
    name: 'api-versions',
    run: async ({ kubectl }) => {
      const versions = said(await kubectl(['api-versions']))
        .trim()
        .split('\n');
      for (const version of ['apps/v1', 'autoscaling/v1', 'autoscaling/v2', 'batch/v1', 'v1'])
        ok(versions.includes(version), version);
    },
  },
  {
    name: 'explain reads the schema',
    run: async ({ kubectl }) => {
      const text = said(await kubectl(['explain', 'deployment.spec.replicas']));
      match(text, /^GROUP: +apps$/m);
      match(text, /^KIND: +Deployment$/m);
      match(text, /^FIELD: replicas <integer>$/m);
      match(said(await kubectl(['explain', 'pods.spec.containers'])), /^FIELD: containers <\[\]Container>$/m);
      failed(await kubectl(['explain', 'deployment.spec.nothing']), 1, /field "nothing" does not exist/);
    },
  },
  {
    name: 'get: a table, a name, JSON, a path, columns',
    run: async ({ kubectl }) => {
      said(
        await kubectl(['create', 'configmap', 'a', '--from-literal=x=1', '--from-literal=y=2']),
        'configmap/a created\n',
      );
      const [header, row] = tableOf(await kubectl(['get', 'configmap', 'a']));
      deepEqual(
        [header, row?.slice(0, 2)],
        [
          ['NAME', 'DATA', 'AGE'],
          ['a', '2'],
        ],
      );
      said(await kubectl(['get', 'cm/a', '-o', 'name']), 'configmap/a\n');
      equal(jsonOf(await kubectl(['get', 'cm', 'a', '-o', 'json'])).kind, 'ConfigMap');
      said(await kubectl(['get', 'cm', 'a', '-o', 'jsonpath={.data.x}']), '1');
      said(
        await kubectl(['get', 'cm', 'a', '--no-headers', '-o', 'custom-columns=N:.metadata.name,X:.data.x']),
        'a     1\n',
      );
      match(
        said(await kubectl(['get', 'cm', 'a', '-o', 'yaml', '--show-managed-fields'])),
        /^ {4}manager: kubectl-create$/m,
      );
    },
  },
  {
    name: 'get: what is not there',
    run: async ({ kubectl, namespace }) => {
      failed(
        await kubectl(['get', 'configmap', 'absent']),
        1,
        'Error from server (NotFound): configmaps "absent" not found\n',
      );
      said(await kubectl(['get', 'configmap', 'absent', '--ignore-not-found']), '');
      failed(await kubectl(['get', 'nothings']), 1, `error: the server doesn't have a resource type "nothings"\n`);
      const none = await kubectl(['get', 'deployments']);
      deepEqual([none.code, none.stdout, none.stderr], [0, '', `No resources found in ${namespace} namespace.\n`]);
    },
  },
  {
    name: 'get: by selector, in pages, of several kinds, of all namespaces',
    run: async ({ kubectl, namespace }) => {
      const objects = ['a', 'b', 'c'].map((name) =>
        configMap(name, {}, { labels: { tier: name === 'b' ? 'db' : 'web' } }),
      );
      said(
        await kubectl(['apply', '-f', '-'], { input: documents(...objects) }),
        /configmap\/a created\nconfigmap\/b created\n/,
      );
      said(await kubectl(['get', 'cm', '-l', 'tier=web', '-o', 'name']), 'configmap/a\nconfigmap/c\n');
      said(
        await kubectl(['get', 'cm', '-l', 'tier', '--chunk-size=1', '-o', 'name']),
        'configmap/a\nconfigmap/b\nconfigmap/c\n',
      );
      said(await kubectl(['get', 'cm', '--field-selector=metadata.name=b', '-o', 'name']), 'configmap/b\n');
      const [header, row] = tableOf(
        await kubectl(['get', 'cm', '-A', '-l', 'tier=db', '--field-selector', `metadata.namespace=${namespace}`]),
      );
      deepEqual(
        [header?.slice(0, 2), row?.slice(0, 2)],
        [
          ['NAMESPACE', 'NAME'],
          [namespace, 'b'],
        ],
      );
      said(await kubectl(['get', 'cm,secret', '-l', 'tier=db', '-o', 'name']), 'configmap/b\n');
      deepEqual(tableOf(await kubectl(['get', 'cm', '-l', 'tier=db', '--show-labels']))[1]?.at(-1), 'tier=db');
    },
  },
  {
    name: 'get -w prints a line for each change',
    run: async ({ kubectl }) => {
      const watching = kubectl(['get', 'cm', '-l', 'watched=yes', '-w', '--no-headers'], {
        isEnough: (text) => text.split('\n').length > 3,
        timeoutMs: 30_000,
      });
      const object = (x: string) => documents(configMap('a', { x }, { labels: { watched: 'yes' } }));
      const plain = documents(configMap('a', { x: '1', y: '2' }, { labels: { watched: 'yes' } }));
      for (const input of [object('1'), object('2'), plain]) said(await kubectl(['apply', '-f', '-'], { input }));
      const rows = rowsOf((await watching).stdout);
      deepEqual(
        rows.map((row) => row[0]),
        ['a', 'a', 'a'],
      );
      equal(rows.at(-1)?.[1], '2');
    },
  },
  {
    name: 'describe',
    run: async ({ kubectl, namespace }) => {
      said(await kubectl(['create', 'configmap', 'a', '--from-literal=x=1']));
      const text = said(await kubectl(['describe', 'configmap', 'a']));
      match(text, new RegExp(`^Name: +a\nNamespace: +${namespace}\nLabels: +<none>\n`));
      match(text, /^x:\n----\n1\n/m);
      said(await kubectl(['apply', '-f', '-'], { input: documents(deployment('web', { replicas: 0 })) }));
      match(said(await kubectl(['describe', 'deployment', 'web'])), /^Replicas: +0 desired/m);
      match(said(await kubectl(['describe', 'namespace', namespace])), /^Status: +Active$/m);
    },
  },
  {
    name: 'auth can-i and whoami',
    run: async ({ kubectl }) => {
      said(await kubectl(['auth', 'can-i', 'create', 'deployments']), 'yes\n');
      const not = await kubectl(['auth', 'can-i', 'create', 'deployments', '--as=bob']);
      deepEqual([not.code, not.stdout], [1, 'no\n']);
      match(said(await kubectl(['auth', 'whoami', '--as=bob'])), /^Username +bob$/m);
      const refused = await kubectl(['get', 'pods', '--as=bob']);
      failed(
        refused,
        1,
        /^Error from server \(Forbidden\): pods is forbidden: User "bob" cannot list resource "pods" in API group ""/,
      );
    },
  },
  {
    name: 'get --raw and cluster-info',
    run: async ({ kubectl }) => {
      said(await kubectl(['get', '--raw', '/readyz']), 'ok');
      match(said(await kubectl(['get', '--raw', '/apis/apps'])), /"kind":"APIGroup"/);
      match(
        said(await kubectl(['cluster-info'], { environment: { TERM: 'dumb' } })),
        /Kubernetes control plane.* is running at/,
      );
    },
  },
];
