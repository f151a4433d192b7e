/** Protects: the three objects of 2018 come to what the one object comes to, and a slip in one of them removes nothing. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type Compiled, compile } from '../../../../src/core/compile/compile.ts';
import { after, worldOf } from '../../../builder/world.ts';

const version = 'primitives.federation.k8s.io/v1alpha1';
const cluster = (name: string): string =>
  `apiVersion: core.federation.k8s.io/v1alpha1\nkind: FederatedCluster\nmetadata: {name: ${name}}\nspec: {secretRef: {name: ${name}}}\n`;
const clusters = ['c1', 'c2'].map(cluster).join('---\n');
const document = (kind: string, spec: string, name = 'web'): string =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: {${spec}}\n`;

const template =
  'template: {spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}}}';
const placement = 'clusterNames: [c1, c2]';
const overrides = 'overrides: [{clusterName: c2, clusterOverrides: [{path: spec.replicas, value: 5}]}]';

const oneObject = document('FederatedDeployment', `${template}, placement: {${placement}}, ${overrides}`);
const threeObjects = [
  document('FederatedDeployment', template),
  document('FederatedDeploymentPlacement', placement),
  document('FederatedDeploymentOverride', overrides),
];

const held = ({ cells, diagnostics }: Compiled) => {
  deepEqual(diagnostics, []);
  return [...cells.values()].map(({ id, aim, onDelete }) => {
    ok(aim.kind === 'hold');
    return { id, onDelete, objects: aim.rendering.objects.map(({ object }) => object) };
  });
};

test('writtenIn: three objects come to what one comes to, in any order and in any files', () => {
  const wanted = held(compile(worldOf({ 'clusters.yaml': clusters, 'web.yaml': oneObject })));
  equal(wanted.length, 2);
  for (const order of [threeObjects, threeObjects.toReversed()]) {
    deepEqual(held(compile(worldOf({ 'clusters.yaml': clusters, 'web.yaml': order.join('---\n') }))), wanted);
    const files = Object.fromEntries(order.map((text, index) => [`web-${index}.yaml`, text]));
    deepEqual(held(compile(worldOf({ 'clusters.yaml': clusters, ...files }))), wanted);
  }
});

const [object = '', where = '', differs = ''] = threeObjects;
const slips: readonly { readonly name: string; readonly texts: readonly string[]; readonly code: string }[] = [
  {
    name: 'another name of the placement',
    texts: [object, document('FederatedDeploymentPlacement', placement, 'wbe'), differs],
    code: 'A1572',
  },
  {
    name: 'another name of the object',
    texts: [document('FederatedDeployment', template, 'wbe'), where],
    code: 'A1572',
  },
  { name: 'another kind of placement', texts: [object, where.replace('Placement', 'Placment')], code: 'A1553' },
  { name: 'a second placement', texts: [object, where, document('FederatedDeploymentPlacement', '')], code: 'A1573' },
  { name: 'a list that is none', texts: [object, where.replace('[c1, c2]', 'c1')], code: 'A1102' },
  { name: 'both forms', texts: [oneObject, document('FederatedDeploymentPlacement', '')], code: 'A1573' },
];

for (const { name, texts, code } of slips) {
  test(`writtenIn: ${name} is told, and what runs stays`, () => {
    const before = compile(worldOf({ 'clusters.yaml': clusters, 'web.yaml': threeObjects.join('---\n') }));
    const now = compile(after(before, worldOf({ 'clusters.yaml': clusters, 'web.yaml': texts.join('---\n') })));
    ok(now.diagnostics.some((each) => each.code === code));
    deepEqual(now.vanished, []);
  });
}
