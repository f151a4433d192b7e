/** Storage, network, extensions, autoscaling. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { healthOf } from '../../../src/core/health/health.ts';
import { condition, describe, type HealthCase, objectOf } from './table.ts';

const address = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
const seen = { observedGeneration: 2 };
const noMetrics = condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics');

const tables: readonly { readonly of: readonly [string, string]; readonly rows: readonly HealthCase[] }[] = [
  {
    of: ['v1', 'PersistentVolumeClaim'],
    rows: [
      { name: 'new', is: 'Progressing: no volume bound yet; it may wait for its first Pod' },
      {
        name: 'pending',
        status: { phase: 'Pending' },
        is: 'Progressing: no volume bound yet; it may wait for its first Pod',
      },
      { name: 'lost', status: { phase: 'Lost' }, is: 'Degraded: its volume is gone' },
      { name: 'bound', status: { phase: 'Bound', capacity: { storage: '1Gi' } }, is: 'Healthy' },
      {
        name: 'resizing',
        status: { phase: 'Bound', conditions: [condition('Resizing', 'True')] },
        is: 'Progressing: Resizing is True',
      },
      {
        name: 'resize refused',
        status: { phase: 'Bound', allocatedResourceStatuses: { storage: 'ControllerResizeInfeasible' } },
        is: 'Degraded: the resize is refused: ControllerResizeInfeasible',
      },
      {
        name: 'resize under way',
        status: { phase: 'Bound', allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' } },
        is: 'Healthy',
      },
      {
        name: 'resize waits for a Pod',
        status: {
          phase: 'Bound',
          conditions: [condition('FileSystemResizePending', 'True', '', 'Waiting for user to restart a pod')],
        },
        is: 'Healthy: Waiting for user to restart a pod',
      },
    ],
  },
  {
    of: ['v1', 'PersistentVolume'],
    rows: [
      { name: 'new', is: 'Progressing: not available yet' },
      { name: 'pending', status: { phase: 'Pending', message: 'waits' }, is: 'Progressing: waits' },
      { name: 'available', status: { phase: 'Available' }, is: 'Healthy' },
      { name: 'bound', status: { phase: 'Bound' }, is: 'Healthy' },
      { name: 'released', status: { phase: 'Released' }, is: 'Healthy: released by its claim, not reclaimed' },
      { name: 'failed', status: { phase: 'Failed', message: 'no recycler' }, is: 'Degraded: no recycler' },
      { name: 'failed, silently', status: { phase: 'Failed' }, is: 'Degraded: could not be reclaimed' },
    ],
  },
  {
    of: ['v1', 'Service'],
    rows: [
      { name: 'without a type', spec: {}, is: 'Healthy' },
      { name: 'NodePort', spec: { type: 'NodePort' }, is: 'Healthy' },
      { name: 'ExternalName', spec: { type: 'ExternalName', externalName: 'a.example' }, is: 'Healthy' },
      { name: 'load balancer', spec: { type: 'LoadBalancer' }, status: address, is: 'Healthy' },
      {
        name: 'load balancer without address',
        spec: { type: 'LoadBalancer' },
        status: { loadBalancer: {} },
        is: 'Progressing: its load balancer has no address yet',
      },
      {
        name: 'load balancer with a port taken',
        spec: { type: 'LoadBalancer' },
        status: { ...address, conditions: [condition('LoadBalancerPortsError', 'True', 'PortTaken')] },
        is: 'Degraded: PortTaken',
      },
    ],
  },
  {
    of: ['networking.k8s.io/v1', 'Ingress'],
    rows: [
      { name: 'with an address', status: address, is: 'Healthy' },
      { name: 'without an address', status: { loadBalancer: { ingress: [] } }, is: 'Healthy: no address reported' },
    ],
  },
  {
    of: ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    rows: [
      { name: 'new', is: 'Progressing: not established yet' },
      {
        name: 'name taken',
        status: {
          conditions: [
            condition('NamesAccepted', 'False', 'ListKindConflict', 'in use'),
            condition('Established', 'False', 'NotAccepted'),
          ],
        },
        is: 'Degraded: ListKindConflict: in use',
      },
      {
        name: 'installing',
        status: { conditions: [condition('Established', 'False', 'Installing')] },
        is: 'Progressing: not established yet',
      },
      {
        name: 'not established',
        status: { conditions: [condition('Established', 'False', 'NotAccepted', 'no')] },
        is: 'Degraded: NotAccepted: no',
      },
      {
        name: 'established',
        status: { conditions: [condition('NamesAccepted', 'True'), condition('Established', 'True')] },
        is: 'Healthy',
      },
    ],
  },
  {
    of: ['apiregistration.k8s.io/v1', 'APIService'],
    rows: [
      { name: 'new', is: 'Progressing: not available yet' },
      { name: 'available', status: { conditions: [condition('Available', 'True', 'Passed')] }, is: 'Healthy' },
      {
        name: 'unavailable',
        status: { conditions: [condition('Available', 'False', 'MissingEndpoints', 'none')] },
        is: 'Progressing: MissingEndpoints: none',
      },
    ],
  },
  {
    of: ['policy/v1', 'PodDisruptionBudget'],
    rows: [
      { name: 'new', is: 'Progressing: not observed by its controller yet' },
      { name: 'allowing', status: { ...seen, disruptionsAllowed: 1 }, is: 'Healthy' },
      {
        name: 'allowing none',
        status: {
          ...seen,
          disruptionsAllowed: 0,
          conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')],
        },
        is: 'Healthy: allows no disruption now',
      },
      {
        name: 'failed',
        status: { ...seen, conditions: [condition('DisruptionAllowed', 'False', 'SyncFailed', 'two controllers')] },
        is: 'Degraded: SyncFailed: two controllers',
      },
    ],
  },
  {
    of: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
    rows: [
      { name: 'new', is: 'Progressing: not observed by its controller yet' },
      {
        name: 'changed',
        status: { observedGeneration: 1, conditions: [condition('AbleToScale', 'True')] },
        is: 'Progressing: generation 2 not observed by its controller yet',
      },
      {
        name: 'scaling',
        status: {
          conditions: [
            condition('AbleToScale', 'True'),
            condition('ScalingActive', 'True'),
            condition('ScalingLimited', 'True', 'TooManyReplicas'),
          ],
        },
        is: 'Healthy',
      },
      {
        name: 'without target',
        status: { conditions: [condition('AbleToScale', 'False', 'FailedGetScale', 'not found')] },
        is: 'Degraded: FailedGetScale: not found',
      },
      { name: 'backed off', status: { conditions: [condition('AbleToScale', 'False', 'BackoffBoth')] }, is: 'Healthy' },
      {
        name: 'without metrics',
        status: { conditions: [condition('AbleToScale', 'True'), noMetrics] },
        is: 'Progressing: FailedGetResourceMetric: no metrics',
      },
      {
        name: 'of a wrong selector',
        status: { conditions: [condition('ScalingActive', 'False', 'InvalidSelector')] },
        is: 'Degraded: InvalidSelector',
      },
      {
        name: 'of an ambiguous selector',
        status: { conditions: [condition('ScalingActive', 'False', 'AmbiguousSelector')] },
        is: 'Degraded: AmbiguousSelector',
      },
      {
        name: 'switched off',
        status: {
          conditions: [condition('ScalingActive', 'False', 'ScalingDisabled', 'the target has zero replicas')],
        },
        is: 'Healthy: ScalingDisabled: the target has zero replicas',
      },
    ],
  },
  {
    of: ['autoscaling/v1', 'HorizontalPodAutoscaler'],
    rows: [
      {
        name: 'conditions in an annotation',
        metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': JSON.stringify([noMetrics]) } },
        is: 'Progressing: FailedGetResourceMetric: no metrics',
      },
      {
        name: 'broken annotation',
        metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': '[{' } },
        is: 'Progressing: not observed by its controller yet',
      },
    ],
  },
];

for (const {
  of: [apiVersion, kind],
  rows,
} of tables) {
  for (const row of rows) {
    test(`healthOf ${kind}: ${row.name}`, () => equal(describe(healthOf(objectOf(apiVersion, kind, row))), row.is));
  }
}
