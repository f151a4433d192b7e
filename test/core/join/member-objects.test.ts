/** The objects of a member: put together as kustomize would, and renamed for another installation. */
import { deepEqual, equal } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { allMemberObjects, memberObjects } from '../../../src/cli/cluster/deploy-files.ts';
import { isOurs, rights, without } from '../../../src/core/join/member-objects.ts';
import { textMapOf } from '../../../src/core/model/object.ts';
import { deployObjects } from '../../builder/deploy.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'config', 'deploy', 'member');
const bare = (objects: ReturnType<typeof deployObjects>): readonly string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);

for (const each of rights) {
  test(`memberObjects: ${each} is what config/deploy says, labelled`, () => {
    const objects = memberObjects(each, 'default');
    deepEqual(bare(objects), bare(deployObjects(join(folder, each))));
    equal(objects.every(isOurs), true);
  });
}

test('memberObjects: labels of its own stay beside', () => {
  const apps = memberObjects('single', 'default').find(({ metadata }) => metadata.name === 'landfall-apps-workloads');
  deepEqual(textMapOf(apps!, 'labels'), {
    'landfall.dev/aggregate-to-apps': 'true',
    'app.kubernetes.io/name': 'landfall',
  });
});

test('forInstallation: nothing is shared with another installation but the namespace', () => {
  const ours = new Set(bare(allMemberObjects('default')));
  const shared = bare(allMemberObjects('lab')).filter((name) => ours.has(name));
  deepEqual([...new Set(shared)], ['Namespace /landfall-system']);
});

test('forInstallation: every name follows, and those of Kubernetes stay', () => {
  const objects = memberObjects('cluster-admin', 'lab');
  const role = objects.find(({ kind }) => kind === 'Role');
  const rules = role?.rules as readonly { readonly resourceNames?: readonly string[] }[];
  deepEqual(
    rules.flatMap(({ resourceNames }) => resourceNames ?? []),
    ['landfall-lab', 'landfall-lab'],
  );
  const bindings = objects.filter(({ roleRef }) => roleRef !== undefined);
  deepEqual(
    bindings.map(({ roleRef, subjects }) => [
      (roleRef as { readonly name: string }).name,
      (subjects as readonly { readonly name: string }[])[0]?.name,
    ]),
    [
      ['landfall-lab-member', 'landfall-lab'],
      ['landfall-lab-member', 'landfall-lab'],
      ['cluster-admin', 'landfall-lab'],
    ],
  );
});

test('without: what fewer rights do not need, each once', () => {
  const surplus = without(allMemberObjects('default'), memberObjects('tenant', 'default'));
  deepEqual(bare(surplus), [
    'ClusterRole /landfall-apps',
    'ClusterRole /landfall-apps-workloads',
    'ClusterRole /landfall-apps-namespaces',
    'ClusterRoleBinding /landfall-apps',
    'ClusterRoleBinding /landfall-cluster-admin',
  ]);
});
