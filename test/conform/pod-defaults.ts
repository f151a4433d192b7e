/** What the server adds to a Deployment and to the pods in it. */
import { deepEqual } from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, deployment, type Theme } from './case.ts';
import { type Default, filled, keeps, selector, template } from './filled.ts';

const httpGet = { path: '/', port: 80 };

const deploymentOf = (container: JsonObject, pod: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  selector,
  template: template(container, pod),
  replicas: 0,
  ...more,
});
const deploymentKept = (container: JsonObject, pod: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  replicas: 0,
  selector,
  template: filled(container, pod),
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
  ...more,
});

const deployments: readonly Omit<Default, 'at'>[] = [
  { name: 'the smallest', spec: { selector, template: template() }, expected: deploymentKept({}, {}, { replicas: 1 }) },
  {
    name: 'strategy Recreate',
    spec: deploymentOf({}, {}, { strategy: { type: 'Recreate' } }),
    expected: deploymentKept({}, {}, { strategy: { type: 'Recreate' } }),
  },
  {
    name: 'half a rolling update',
    spec: deploymentOf({}, {}, { strategy: { rollingUpdate: { maxSurge: 2 } } }),
    expected: deploymentKept(
      {},
      {},
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 2 } } },
    ),
  },
  {
    name: 'pull policy of :latest and of no tag',
    spec: deploymentOf({ image: 'registry.example/main' }),
    expected: deploymentKept({ image: 'registry.example/main', imagePullPolicy: 'Always' }),
  },
  {
    name: 'probes',
    spec: deploymentOf({
      readinessProbe: { httpGet },
      livenessProbe: { exec: { command: ['true'] }, periodSeconds: 3 },
    }),
    expected: deploymentKept({
      readinessProbe: {
        httpGet: { ...httpGet, scheme: 'HTTP' },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
      livenessProbe: {
        exec: { command: ['true'] },
        timeoutSeconds: 1,
        periodSeconds: 3,
        successThreshold: 1,
        failureThreshold: 3,
      },
    }),
  },
  {
    name: 'ports and an environment read from the pod',
    spec: deploymentOf({
      ports: [{ containerPort: 80 }],
      env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    }),
    expected: deploymentKept({
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      env: [{ name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } }],
    }),
  },
  {
    name: 'requests follow limits',
    spec: deploymentOf({ resources: { limits: { cpu: '500m', memory: '64Mi' } } }),
    expected: deploymentKept({ resources: { limits: { cpu: '500m', memory: '64Mi' } } }),
  },
  {
    name: 'volumes',
    spec: deploymentOf(
      {},
      {
        volumes: [
          { name: 'a', configMap: { name: 'a' } },
          { name: 'b', secret: { secretName: 'b' } },
          { name: 'c', hostPath: { path: '/c' } },
          { name: 'd' },
        ],
      },
    ),
    expected: deploymentKept(
      {},
      {
        volumes: [
          { name: 'a', configMap: { name: 'a', defaultMode: 420 } },
          { name: 'b', secret: { secretName: 'b', defaultMode: 420 } },
          { name: 'c', hostPath: { path: '/c', type: '' } },
          { name: 'd', emptyDir: {} },
        ],
      },
    ),
  },
  {
    name: 'a service account has two names',
    spec: deploymentOf({}, { serviceAccountName: 'web' }),
    expected: deploymentKept({}, { serviceAccountName: 'web', serviceAccount: 'web' }),
  },
];

const cases: readonly Case[] = [
  ...deployments.map((each) => keeps({ ...each, at: ['apps/v1', 'deployments'] })),
  {
    name: 'an empty map that is optional is kept as it was sent, an empty list is dropped',
    run: async ({ api, apps }) => {
      const object = deployment('web', { replicas: 0 }, { env: [], resources: {}, securityContext: {} });
      const made = answered(201, await api.create(`${apps}/deployments`, object));
      const spec = JSON.stringify(made.spec);
      deepEqual([spec.includes('"env"'), spec.includes('"securityContext":{}')], [false, true]);
    },
  },
];

export const podDefaultsOf: Theme = { name: 'pod-defaults', cases };
