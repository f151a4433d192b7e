/** What the server adds to kinds that say as little as they may; Deployments and pods have a file of their own. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, entriesOf, type Theme } from './case.ts';
import {
  containerDefaults,
  type Default,
  filled,
  keeps,
  labels,
  main,
  podDefaults,
  selector,
  template,
} from './filled.ts';

const rows: readonly Default[] = [
  {
    name: 'StatefulSet',
    at: ['apps/v1', 'statefulsets'],
    spec: { replicas: 0, selector, serviceName: 'web', template: template() },
    expected: {
      replicas: 0,
      selector,
      serviceName: 'web',
      template: filled(),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    },
  },
  {
    name: 'DaemonSet',
    at: ['apps/v1', 'daemonsets'],
    spec: { selector, template: template({}, { nodeSelector: { no: 'node' } }) },
    expected: {
      selector,
      template: filled({}, { nodeSelector: { no: 'node' } }),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    },
  },
  {
    name: 'CronJob',
    at: ['batch/v1', 'cronjobs'],
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [main] } } } },
    },
    expected: {
      schedule: '0 0 1 1 *',
      concurrencyPolicy: 'Allow',
      suspend: true,
      jobTemplate: {
        metadata: {},
        spec: {
          template: {
            metadata: {},
            spec: { containers: [{ ...main, ...containerDefaults }], ...podDefaults, restartPolicy: 'Never' },
          },
        },
      },
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
  },
  {
    name: 'headless Service',
    at: ['v1', 'services'],
    spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'web', port: 80, targetPort: 'http' }] },
    expected: {
      clusterIP: 'None',
      clusterIPs: ['None'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      selector: labels,
      ports: [{ name: 'web', protocol: 'TCP', port: 80, targetPort: 'http' }],
    },
  },
  {
    name: 'Service of type ExternalName',
    at: ['v1', 'services'],
    spec: { type: 'ExternalName', externalName: 'db.example.com' },
    expected: { type: 'ExternalName', externalName: 'db.example.com', sessionAffinity: 'None' },
  },
  {
    name: 'PersistentVolumeClaim',
    at: ['v1', 'persistentvolumeclaims'],
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    expected: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
  },
  {
    name: 'NetworkPolicy',
    at: ['networking.k8s.io/v1', 'networkpolicies'],
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
    expected: { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 80 }] }], policyTypes: ['Ingress'] },
  },
];

const cases: readonly Case[] = [
  ...rows.map(keeps),
  {
    name: 'Service: an address is drawn, the port of the pod follows its own',
    run: async ({ api, core }) => {
      const spec = { selector: labels, ports: [{ port: 80 }] };
      const made = answered(201, await api.create(`${core}/services`, { metadata: { name: 'web' }, spec }));
      const { clusterIP, clusterIPs, ...rest } = made.spec as JsonObject;
      deepEqual([typeof clusterIP, clusterIPs], ['string', [clusterIP]]);
      deepEqual(rest, {
        ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
        selector: labels,
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
      });
      deepEqual(made.status, { loadBalancer: {} });
    },
  },
  {
    name: 'Service of type NodePort: a port is drawn, nobody’s, and given back',
    run: async ({ api, core }) => {
      const service = (type: string): JsonObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { type, ports: [{ port: 80 }] },
      });
      const path = `${core}/services/web`;
      const made = answered(201, await api.apply(path, service('NodePort')));
      const port = JSON.stringify(made.spec).match(/"nodePort":(\d+)/)?.[1];
      ok(Number(port) >= 30_000 && Number(port) <= 32_767);
      ok(!JSON.stringify(entriesOf(made)).includes('nodePort'));
      equal(JSON.stringify(answered(200, await api.apply(path, service('NodePort'))).spec), JSON.stringify(made.spec));
      const plain = answered(200, await api.apply(path, service('ClusterIP')));
      ok(!JSON.stringify(plain.spec).includes('nodePort'));
    },
  },
  {
    name: 'Job: a selector and labels of its own uid',
    run: async ({ api, group }) => {
      const spec = { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [main] } } };
      const made = answered(201, await api.create(`${group('batch/v1')}/jobs`, { metadata: { name: 'once' }, spec }));
      const uid = String((made.metadata as JsonObject).uid);
      const own = { 'batch.kubernetes.io/controller-uid': uid };
      deepEqual(made.spec, {
        parallelism: 1,
        completions: 1,
        completionMode: 'NonIndexed',
        backoffLimit: 6,
        manualSelector: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        suspend: true,
        selector: { matchLabels: own },
        template: {
          metadata: {
            labels: { ...own, 'batch.kubernetes.io/job-name': 'once', 'controller-uid': uid, 'job-name': 'once' },
          },
          spec: { containers: [{ ...main, ...containerDefaults }], ...podDefaults, restartPolicy: 'Never' },
        },
      });
    },
  },
];

export const defaults: Theme = { name: 'defaults', cases };
