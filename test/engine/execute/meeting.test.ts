/** Protects: of what is there already only what is surely ours is written without being asked to. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { installationId, objectKey } from '../../../src/core/model/id.ts';
import { asKubeObject } from '../../../src/core/model/object.ts';
import { type Meeting, meetingOf } from '../../../src/engine/execute/meeting.ts';

const ours = 'landfall-test';
const entry = (manager: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  manager,
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { 'f:value': {} } },
  ...more,
});

const table: readonly {
  readonly name: string;
  readonly managedFields: readonly Json[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly isWantedElsewhere?: boolean;
  readonly adopt?: readonly string[];
  readonly ownerReferences?: readonly Json[];
  readonly is: Meeting['kind'];
}[] = [
  { name: 'applied by us alone, all labels taken off', managedFields: [entry(ours)], is: 'ours' },
  {
    name: 'applied by us alone, beside what a controller wrote into its status',
    managedFields: [entry(ours), entry('controller', { operation: 'Update', subresource: 'status' })],
    is: 'ours',
  },
  { name: 'wanted by another App too', managedFields: [entry(ours)], isWantedElsewhere: true, is: 'refuse' },
  {
    name: 'somebody else has a field of it',
    managedFields: [entry(ours), entry('kubectl-edit', { operation: 'Update' })],
    is: 'refuse',
  },
  { name: 'let go on purpose', managedFields: [entry('landfall-released')], is: 'refuse' },
  {
    name: 'made by us on the way, as namespaces are',
    managedFields: [entry(ours, { operation: 'Update' })],
    is: 'refuse',
  },
  { name: 'only its status is by us', managedFields: [entry(ours, { subresource: 'status' })], is: 'refuse' },
  { name: 'applied by another installation', managedFields: [entry('landfall-other')], is: 'refuse' },
  {
    name: 'labelled for another installation',
    managedFields: [entry(ours)],
    labels: { 'landfall.dev/installation': 'other' },
    is: 'refuse',
  },
  { name: 'without a trace of who wrote it', managedFields: [], is: 'refuse' },
  { name: 'to be taken over', managedFields: [entry('argocd-controller')], adopt: ['argocd'], is: 'adopt' },
  {
    name: 'to be taken over, and owned by an object that does not control it',
    managedFields: [entry('argocd-controller')],
    adopt: ['argocd'],
    ownerReferences: [{ kind: 'ConfigMap', name: 'beside' }],
    is: 'adopt',
  },
  {
    name: 'to be taken over from anybody, while another object controls it',
    managedFields: [entry('manager')],
    adopt: ['any'],
    ownerReferences: [{ kind: 'MicroService', name: 'web', controller: true }],
    is: 'refuse',
  },
  { name: 'kept by Landfall for itself', managedFields: [entry(ours)], namespace: 'landfall-system', is: 'refuse' },
];

for (const { name, managedFields, labels = {}, namespace = 'shop', ownerReferences = [], ...given } of table) {
  const { isWantedElsewhere = false, adopt = [], is } = given;
  test(`meetingOf: ${name}: ${is}`, () => {
    const object = asKubeObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace } });
    const found = asKubeObject({
      ...object,
      metadata: { name: 'one', namespace, uid: 'u', labels, managedFields, ownerReferences },
    });
    const wanted = { key: objectKey('', 'ConfigMap', namespace, 'one'), object, released: [] };
    const meeting = meetingOf(wanted, found, undefined, {
      manager: ours,
      owner: { installation: installationId('test'), recordId: 'record' },
      formerIds: new Set(),
      adopt,
      isWantedElsewhere: () => isWantedElsewhere,
    });
    equal(meeting.kind, is);
  });
}
