import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { healthOf, needsStatus } from '../../../src/core/health/health.ts';
import { type GroupKind, groupKind } from '../../../src/core/model/id.ts';
import { condition, describe, type HealthCase, objectOf } from './table.ts';

const customs: readonly HealthCase[] = [
  { name: 'without a status', is: 'Healthy' },
  { name: 'without conditions', status: { count: 1 }, is: 'Healthy' },
  {
    name: 'suspended',
    spec: { suspend: true },
    status: { conditions: [condition('Ready', 'False')] },
    is: 'Suspended: suspended',
  },
  { name: 'paused', spec: { paused: true }, is: 'Suspended: paused' },
  {
    name: 'changed',
    status: { observedGeneration: 1, conditions: [condition('Ready', 'True')] },
    is: 'Progressing: generation 2 not observed by its controller yet',
  },
  { name: 'ready', status: { observedGeneration: 2, conditions: [condition('Ready', 'True')] }, is: 'Healthy' },
  {
    name: 'not ready',
    status: { conditions: [condition('Ready', 'False', 'Creating', 'a disk')] },
    is: 'Progressing: Creating: a disk',
  },
  {
    name: 'not ready, without reason',
    status: { conditions: [condition('Ready', 'False')] },
    is: 'Progressing: Ready is False',
  },
  {
    name: 'not ready, failed',
    status: { conditions: [condition('Ready', 'False', 'InstallFailed', 'timeout')] },
    is: 'Degraded: InstallFailed: timeout',
  },
  {
    name: 'not known to be ready',
    status: { conditions: [condition('Ready', 'Unknown', 'ReconcileError')] },
    is: 'Progressing: ReconcileError',
  },
  {
    name: 'ready, at an older generation',
    status: { conditions: [condition('Ready', 'True', '', '', { observedGeneration: 1 })] },
    is: 'Progressing: Ready not observed at this generation yet',
  },
  {
    name: 'ready, at this generation',
    status: { conditions: [condition('Ready', 'True', '', '', { observedGeneration: 2 })] },
    is: 'Healthy',
  },
  {
    name: 'failed at an older generation',
    status: { conditions: [condition('Failed', 'True', 'Old', '', { observedGeneration: 1 })] },
    is: 'Healthy',
  },
  {
    name: 'stalled',
    status: { conditions: [condition('Ready', 'True'), condition('Stalled', 'True', 'BadSpec', 'no such chart')] },
    is: 'Degraded: BadSpec: no such chart',
  },
  { name: 'failed', status: { conditions: [condition('Failed', 'True', 'Gone')] }, is: 'Degraded: Gone' },
  {
    name: 'degraded',
    status: { conditions: [condition('Available', 'True'), condition('Degraded', 'True', 'Slow')] },
    is: 'Degraded: Slow',
  },
  {
    name: 'not degraded',
    status: { conditions: [condition('Available', 'True'), condition('Degraded', 'False')] },
    is: 'Healthy',
  },
  {
    name: 'reconciling',
    status: { conditions: [condition('Ready', 'True'), condition('Reconciling', 'True', 'Progressing', 'building')] },
    is: 'Progressing: Progressing: building',
  },
  {
    name: 'available',
    status: { conditions: [condition('Available', 'True'), condition('Progressing', 'True')] },
    is: 'Healthy',
  },
  {
    name: 'established',
    status: { conditions: [condition('Established', 'False', 'Waiting')] },
    is: 'Progressing: Waiting',
  },
  {
    name: 'Ready speaks before Synced',
    status: { conditions: [condition('Synced', 'False', 'Waiting'), condition('Ready', 'True')] },
    is: 'Healthy',
  },
  { name: 'conditions of other meaning', status: { conditions: [condition('Paused', 'False')] }, is: 'Healthy' },
  { name: 'phase failed', status: { phase: 'Failed', message: 'no quota' }, is: 'Degraded: Failed: no quota' },
  { name: 'phase pending', status: { phase: 'Pending' }, is: 'Progressing: Pending' },
  { name: 'phase of its own', status: { phase: 'Purring' }, is: 'Healthy' },
  { name: 'conditions that are none', status: { conditions: 'x' }, is: 'Healthy' },
  { name: 'conditions of other types', status: { conditions: [null, { type: 1 }] }, is: 'Healthy' },
  {
    name: 'being deleted',
    metadata: { deletionTimestamp: '2026-11-20T14:00:00Z' },
    status: { conditions: [condition('Ready', 'True')] },
    is: 'Progressing: being deleted',
  },
  {
    name: 'being deleted, with finalizers',
    metadata: { deletionTimestamp: '2026-11-20T14:00:00Z', finalizers: ['a/b', 'c/d'] },
    is: 'Progressing: being deleted, waits for a/b, c/d',
  },
  {
    name: 'a message that just fits',
    status: { conditions: [condition('Ready', 'False', 'Waiting', 'c'.repeat(191))] },
    is: `Progressing: Waiting: ${'c'.repeat(191)}`,
  },
  {
    name: 'a message of many lines',
    status: { conditions: [condition('Ready', 'False', 'Waiting', `a\n  b\t${'c'.repeat(300)}`)] },
    is: `Progressing: Waiting: a b ${'c'.repeat(186)}…`,
  },
];
for (const row of customs) {
  test(`healthOf custom kind: ${row.name}`, () =>
    equal(describe(healthOf(objectOf('example.com/v1', 'Thing', row))), row.is));
}

const inert: readonly { readonly of: readonly [string, string]; readonly group: string }[] = [
  { of: ['v1', 'ConfigMap'], group: '' },
  { of: ['v1', 'Secret'], group: '' },
  { of: ['v1', 'Namespace'], group: '' },
  { of: ['rbac.authorization.k8s.io/v1', 'ClusterRole'], group: 'rbac.authorization.k8s.io' },
  { of: ['networking.k8s.io/v1', 'NetworkPolicy'], group: 'networking.k8s.io' },
];
for (const {
  of: [apiVersion, kind],
  group,
} of inert) {
  test(`healthOf ${kind}: healthy when there, its body is not needed`, () => {
    deepEqual(healthOf(objectOf(apiVersion, kind, { name: 'there', is: 'Healthy' })), { status: 'Healthy' });
    equal(needsStatus(groupKind(group, kind)), false);
  });
}

test('healthOf Namespace: says what is left in it', () => {
  const remaining = condition(
    'NamespaceContentRemaining',
    'True',
    'SomeResourcesRemain',
    'pods. has 2 resource instances',
  );
  const namespace = objectOf('v1', 'Namespace', {
    name: 'terminating',
    metadata: { deletionTimestamp: '2026-11-20T14:00:00Z' },
    status: { phase: 'Terminating', conditions: [condition('NamespaceDeletionDiscoveryFailure', 'False'), remaining] },
    is: '',
  });
  equal(describe(healthOf(namespace)), 'Progressing: being deleted: pods. has 2 resource instances');
});

const bodies: readonly { readonly kind: GroupKind; readonly needs: boolean; readonly is: string }[] = [
  { kind: groupKind('', 'ConfigMap'), needs: false, is: 'Healthy' },
  { kind: groupKind('apps', 'Deployment'), needs: true, is: 'Unknown: its status was not read' },
  { kind: groupKind('example.com', 'Thing'), needs: true, is: 'Unknown: its status was not read' },
  // Another group's kind of the same name is not Kubernetes' own.
  { kind: groupKind('example.com', 'ConfigMap'), needs: true, is: 'Unknown: its status was not read' },
];
for (const { kind, needs, is } of bodies) {
  test(`needsStatus, healthOf PartialObjectMetadata: ${kind}`, () => {
    equal(needsStatus(kind), needs);
    equal(describe(healthOf(objectOf('meta.k8s.io/v1', 'PartialObjectMetadata', { name: 'part', is }), kind)), is);
  });
}
