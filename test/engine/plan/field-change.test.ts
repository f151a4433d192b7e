/** Protects: a plan tells what goes when an object is taken over from another tool. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { adoptionOf } from '../../../src/core/diff/adoption.ts';
import { predecessors } from '../../../src/core/diff/predecessor.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { changesOf } from '../../../src/engine/plan/field-change.ts';

const theirs = {
  manager: 'kubevela',
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: {
    'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, 'f:oam.dev/render-hash': {} } },
    'f:data': { '.': {}, 'f:a': {} },
  },
};

const before = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'web',
    resourceVersion: '7',
    labels: { app: 'web', 'oam.dev/render-hash': 'x', other: 'kept' },
    managedFields: [theirs],
  },
  data: { a: '1' },
} as const satisfies KubeObject;

const ours = {
  manager: 'landfall',
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:metadata': { 'f:labels': { 'f:app': {} } }, 'f:data': { 'f:a': {} } },
};

/** As a dry run answers it: what the other tool owns is still there. */
const after: KubeObject = { ...before, metadata: { ...before.metadata, managedFields: [theirs, ours] } };

test('changesOf: labels that only the tool before had go, and are told', () => {
  const taken = adoptionOf(before, 'landfall', predecessors.kubevela ?? [])?.taken;
  deepEqual(changesOf(before, after, 'landfall', { taken }), [
    {
      path: '.metadata.labels.oam.dev/render-hash',
      before: { kind: 'value', value: 'x' },
      after: { kind: 'absent' },
    },
  ]);
});
