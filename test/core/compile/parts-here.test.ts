import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import { partsHere } from '../../../src/core/compile/parts-here.ts';
import { type Cluster, type ClusterMatch, dependsOnLabels, matches, namesIn } from '../../../src/core/model/fleet.ts';
import { clusterId } from '../../../src/core/model/id.ts';
import type { Intent, Part } from '../../../src/core/model/intent.ts';
import { worldOf } from '../../builder/world.ts';

const files = {
  'clusters.yaml': ['eu', 'us']
    .map(
      (name) =>
        `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: ${name}, labels: {region: ${name}}}\nspec: {access: {inCluster: true}}\n`,
    )
    .join('---\n'),
  'app.yaml': `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: web, namespace: shop}
spec:
  components:
  - {name: a, objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}
  - {name: b, dependsOn: [a], objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]}
`,
};

const { gathered } = compile(worldOf(files));
const [eu, us] = [...gathered.fleet.values()] as [Cluster, Cluster];
const intent = [...gathered.intents.values()][0] as Intent;
const only = (part: Part, ...names: readonly string[]): Part => ({
  ...part,
  clusters: { kind: 'names', names: names.map(clusterId) },
});
const scoped: Intent = { ...intent, parts: [only(intent.parts[0]!, 'eu'), intent.parts[1]!] };
const namesOf = ({ parts }: Intent): readonly string[] => parts.map(({ name }) => name);

test('partsHere: an intent whose parts are everywhere is itself', () => {
  equal(partsHere()(intent, eu), intent);
});

test('partsHere: a cluster has the parts that are for it, and a digest that says so', () => {
  const here = partsHere();
  deepEqual(namesOf(here(scoped, eu)), ['a', 'b']);
  deepEqual(namesOf(here(scoped, us)), ['b']);
  notEqual(here(scoped, eu).digest, here(scoped, us).digest);
  equal(here(scoped, us), here(scoped, us), 'one and the same for one set of parts, so that renderings are shared');
});

const match: ClusterMatch = {
  kind: 'every',
  of: [
    { kind: 'selector', selector: [{ key: 'region', operator: 'Exists' }] },
    { kind: 'not', of: { kind: 'names', names: [clusterId('us')] } },
  ],
};

test('matches: several together', () => {
  deepEqual(
    [eu, us].map((cluster) => matches(match, cluster)),
    [true, false],
  );
  deepEqual(
    [eu, us].map((cluster) => matches({ kind: 'some', of: [] }, cluster)),
    [false, false],
  );
  deepEqual(
    [eu, us].map((cluster) => matches({ kind: 'every', of: [] }, cluster)),
    [true, true],
  );
});

test('namesIn, dependsOnLabels: what a match is made of', () => {
  deepEqual(namesIn(match), ['us']);
  equal(dependsOnLabels(match), true);
  equal(dependsOnLabels({ kind: 'not', of: { kind: 'names', names: [] } }), false);
});
