/** The scale subresource of built-in kinds, and autoscalers at two versions. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import {
  answered,
  type Case,
  deployment,
  entriesOf,
  entry,
  eventually,
  holds,
  refused,
  type Theme,
  versionOf,
} from './case.ts';

const autoscaler = (version: 'v1' | 'v2', spec: JsonObject = {}): JsonObject => ({
  apiVersion: `autoscaling/${version}`,
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 5,
    ...spec,
  },
});

const cases: readonly Case[] = [
  {
    name: 'a Scale has the object’s name, uid, version, replicas and selector',
    run: async ({ api, apps, namespace }) => {
      const made = answered(
        201,
        await api.create(`${apps}/deployments`, deployment('web', { replicas: 0, paused: true })),
      );
      const scale = answered(200, await api.get(`${apps}/deployments/web/scale`));
      holds(scale, {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'web', namespace, uid: at(made, 'metadata', 'uid') ?? null },
        status: { replicas: 0, selector: 'app=web' },
      });
      // Zero replicas are left out, as every zero of a plain integer.
      deepEqual(scale.spec, {});
    },
  },
  {
    name: 'PUT and PATCH of a Scale change the replicas and the generation',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.create(`${apps}/deployments`, deployment('web', { replicas: 0, paused: true })));
      const stale = answered(200, await api.get(`${path}/scale`));
      // The controller of Deployments may write the status in between.
      const put = await eventually(
        async () => {
          const scale = answered(200, await api.get(`${path}/scale`));
          return api.replace(`${path}/scale`, { ...scale, spec: { replicas: 1 } }, { fieldManager: 'scaler' });
        },
        (answer) => answer.status !== 409,
      );
      equal(at(answered(200, put), 'spec', 'replicas'), 1);
      const live = answered(200, await api.get(path));
      deepEqual([at(live, 'spec', 'replicas'), at(live, 'metadata', 'generation')], [1, 2]);
      refused(409, await api.replace(`${path}/scale`, { ...stale, spec: { replicas: 2 } }), { reason: 'Conflict' });
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 0 } }));
    },
  },
  {
    name: 'an equal scale moves no owner and no version',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, deployment('web', { replicas: 2, paused: true })));
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 2 } }, { fieldManager: 'scaler' }));
      const live = answered(200, await api.get(path));
      deepEqual(
        entriesOf(live).map(({ manager }) => manager),
        ['applier'],
      );
    },
  },
  {
    name: 'negative replicas are 422; a missing object is 404 of its own kind',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      refused(404, await api.get(`${path}/scale`), { reason: 'NotFound', message: 'deployments.apps "web" not found' });
      answered(201, await api.create(`${apps}/deployments`, deployment('web', { replicas: 0, paused: true })));
      refused(422, await api.mergePatch(`${path}/scale`, { spec: { replicas: -1 } }), { reason: 'Invalid' });
    },
  },
  {
    name: 'StatefulSets and ReplicaSets scale as Deployments do',
    run: async ({ api, apps }) => {
      const template = at(deployment('web'), 'spec', 'template') ?? null;
      const spec = { replicas: 0, selector: { matchLabels: { app: 'web' } }, template };
      for (const [resource, more] of [
        ['statefulsets', { serviceName: 'web' }],
        ['replicasets', {}],
      ] as const) {
        answered(
          201,
          await api.create(`${apps}/${resource}`, { metadata: { name: 'web' }, spec: { ...spec, ...more } }),
        );
        const scaled = answered(200, await api.mergePatch(`${apps}/${resource}/web/scale`, { spec: { replicas: 1 } }));
        equal(at(scaled, 'spec', 'replicas'), 1);
        answered(200, await api.remove(`${apps}/${resource}/web`));
      }
    },
  },
  {
    name: 'an autoscaler applied at v1 and then at v2 keeps a single entry, at v2',
    run: async ({ api, group }) => {
      const at1 = `${group('autoscaling/v1')}/horizontalpodautoscalers/web`;
      const at2 = `${group('autoscaling/v2')}/horizontalpodautoscalers/web`;
      answered(201, await api.apply(at1, autoscaler('v1', { targetCPUUtilizationPercentage: 80 })));
      const metrics = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ];
      const moved = answered(200, await api.apply(at2, autoscaler('v2', { metrics })));
      deepEqual(entriesOf(moved), [
        entry('Apply', 'applier', 'autoscaling/v2', {
          'f:spec': {
            'f:maxReplicas': {},
            'f:metrics': {},
            'f:minReplicas': {},
            'f:scaleTargetRef': { 'f:apiVersion': {}, 'f:kind': {}, 'f:name': {} },
          },
        }),
      ]);
      const old = answered(200, await api.get(at1));
      equal(at(old, 'spec', 'targetCPUUtilizationPercentage'), 80);
      equal(versionOf(old), versionOf(moved));
    },
  },
  {
    name: 'autoscaler defaults differ by version',
    run: async ({ api, group }) => {
      const v2 = answered(
        201,
        await api.create(`${group('autoscaling/v2')}/horizontalpodautoscalers`, autoscaler('v2')),
      );
      holds(v2, {
        spec: {
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
          ],
        },
      });
      const v1 = answered(200, await api.get(`${group('autoscaling/v1')}/horizontalpodautoscalers/web`));
      deepEqual(v1.spec, {
        scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' },
        minReplicas: 2,
        maxReplicas: 5,
        targetCPUUtilizationPercentage: 80,
      });
    },
  },
];

export const scale: Theme = { name: 'scale', cases };
