/** Protects: what an AppDeployment's status said of its placement is told cluster by cluster, and only what is there. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import type { CellId } from '../../../src/core/model/id.ts';
import type { CellRecord } from '../../../src/core/model/record.ts';
import { componentsHeld } from '../../../src/engine/plan/components-held.ts';
import { after, cluster, worldOf } from '../../builder/world.ts';

const revision = (number: number): string => `apiVersion: core.oam.dev/v1beta1
kind: ApplicationRevision
metadata: {name: app-v${number}}
spec: {application: {spec: {components: [{name: web, type: webservice, properties: {image: "web:${number}", addRevisionLabel: true}}]}}}
`;

const deployment = `apiVersion: core.oam.dev/v1beta1
kind: AppDeployment
metadata: {name: app}
spec:
  appRevisions:
  - {revisionName: app-v1, placement: [{distribution: {replicas: 2}}, {clusterSelector: {name: a}, distribution: {replicas: 1}}]}
  - {revisionName: app-v2, placement: [{clusterSelector: {name: a}, distribution: {replicas: 3}}]}
`;

const world = worldOf({
  'clusters.yaml': [cluster('local'), cluster('a')].join('---\n'),
  'app.yaml': [revision(1), revision(2), deployment].join('---\n'),
});
const compiled = compile(world);
const { records } = after(compiled, world).observed;

const heldOn = (name: string, change: (record: CellRecord) => CellRecord = (record) => record): unknown => {
  const [id, cell] = [...compiled.cells].find(([, each]) => each.cluster === name) as [CellId, never];
  const record = records.get(id);
  return componentsHeld(cell, record === undefined ? undefined : change(record));
};

test('componentsHeld: the revisions of each cluster with their replicas', () => {
  deepEqual(heldOn('local'), [{ name: 'app-v1', replicas: 2 }]);
  deepEqual(heldOn('a'), [
    { name: 'app-v1', replicas: 1 },
    { name: 'app-v2', replicas: 3 },
  ]);
});

test('componentsHeld: what is not there yet is not told, and what has yet to go down has not', () => {
  const without = (record: CellRecord): CellRecord => ({
    ...record,
    inventory: new Map([...record.inventory].filter(([key]) => !key.endsWith('web-v2'))),
    replicas: new Map([...record.inventory.keys()].map((key) => [key, 4])),
  });
  deepEqual(heldOn('a', without), [{ name: 'app-v1', replicas: 4 }]);
  deepEqual(
    heldOn('local', (record) => ({ ...record, inventory: new Map() })),
    [],
  );
});
