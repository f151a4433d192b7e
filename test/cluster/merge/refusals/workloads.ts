/** Refused writes of pods and what makes them. */
import type { JsonObject } from '../../../../src/core/json/value.ts';
import { container, type Row } from './base.ts';

const pod = (spec: JsonObject): JsonObject => ({ spec: { containers: [container], ...spec } });
const inTemplate = (spec: JsonObject): JsonObject => ({ spec: { template: pod(spec) } });

export const workloads: readonly Row[] = [
  ['a name of a StatefulSet with a dot', 'StatefulSet', { metadata: { name: 'a.b' } }],
  ['no containers', 'Pod', { spec: { containers: null } }],
  ['no container list', 'Pod', { spec: { containers: [] } }],
  ['no spec of a pod', 'Pod', { spec: null }],
  ['a container without a name', 'Pod', { spec: { containers: [{ image: 'a' }] } }],
  ['a container without an image', 'Pod', { spec: { containers: [{ name: 'a' }] } }],
  ['a container name in capitals', 'Pod', { spec: { containers: [{ name: 'A', image: 'a' }] } }],
  ['two containers of one name', 'Pod', { spec: { containers: [container, container] } }],
  ['a container port of 0', 'Pod', { spec: { containers: [{ ...container, ports: [{ containerPort: 0 }] }] } }],
  [
    'a container port of 70000',
    'Pod',
    { spec: { containers: [{ ...container, ports: [{ containerPort: 70_000 }] }] } },
  ],
  [
    'two container ports of one name',
    'Pod',
    { spec: { containers: [{ ...container, ports: [1, 2].map((port) => ({ name: 'a', containerPort: port })) }] } },
  ],
  ['a bad pull policy', 'Pod', { spec: { containers: [{ ...container, imagePullPolicy: 'X' }] } }],
  ['a bad restart policy', 'Pod', pod({ restartPolicy: 'X' })],
  ['a variable without a name', 'Pod', { spec: { containers: [{ ...container, env: [{ value: 'x' }] }] } }],
  [
    'a variable with two sources',
    'Pod',
    {
      spec: {
        containers: [
          { ...container, env: [{ name: 'x', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
        ],
      },
    },
  ],
  [
    'a mount of no volume',
    'Pod',
    { spec: { containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] } },
  ],
  [
    'two mounts at one place',
    'Pod',
    {
      spec: {
        volumes: [{ name: 'v' }],
        containers: [
          {
            ...container,
            volumeMounts: [
              { name: 'v', mountPath: '/v' },
              { name: 'v', mountPath: '/v' },
            ],
          },
        ],
      },
    },
  ],
  ['two volumes of one name', 'Pod', pod({ volumes: [{ name: 'v' }, { name: 'v' }] })],
  ['a volume of two kinds', 'Pod', pod({ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'c' } }] })],
  ['a quantity that is none', 'Pod', { spec: { containers: [{ ...container, resources: { limits: { cpu: 'x' } } }] } }],
  ['a negative quantity', 'Pod', { spec: { containers: [{ ...container, resources: { limits: { cpu: '-1' } } }] } }],
  [
    'more requested than allowed',
    'Pod',
    { spec: { containers: [{ ...container, resources: { requests: { cpu: 2 }, limits: { cpu: 1 } } }] } },
  ],
  ['a probe with nothing to do', 'Pod', { spec: { containers: [{ ...container, livenessProbe: {} }] } }],
  [
    'a probe with two things to do',
    'Pod',
    { spec: { containers: [{ ...container, livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } }] } },
  ],
  ['a changed pod', 'Pod', {}, { spec: { containers: [{ ...container, env: [{ name: 'x', value: 'y' }] }] } }],
  ['no selector', 'Deployment', { spec: { selector: null } }],
  ['no spec', 'Deployment', { spec: null }],
  ['no template', 'Deployment', { spec: { template: null } }],
  ['an empty selector', 'Deployment', { spec: { selector: { matchLabels: null } } }],
  ['a selector that does not match', 'Deployment', { spec: { selector: { matchLabels: { app: 'b' } } } }],
  [
    'a selector with a bad operator',
    'Deployment',
    { spec: { selector: { matchExpressions: [{ key: 'a', operator: 'X' }] } } },
  ],
  [
    'a selector without values',
    'Deployment',
    { spec: { selector: { matchExpressions: [{ key: 'app', operator: 'In' }] } } },
  ],
  [
    'a selector with values too many',
    'Deployment',
    { spec: { selector: { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['a'] }] } } },
  ],
  [
    'another selector',
    'Deployment',
    {},
    { spec: { selector: { matchLabels: { b: 'b' } }, template: { metadata: { labels: { b: 'b' } } } } },
  ],
  ['a negative number of replicas', 'Deployment', { spec: { replicas: -1 } }],
  ['replicas in words', 'Deployment', { spec: { replicas: 'three' } }],
  ['replicas in fractions', 'Deployment', { spec: { replicas: 1.5 } }],
  ['a template that ends', 'Deployment', inTemplate({ restartPolicy: 'Never' })],
  ['a template with a deadline', 'Deployment', inTemplate({ activeDeadlineSeconds: 1 })],
  ['a bad strategy', 'Deployment', { spec: { strategy: { type: 'X' } } }],
  [
    'a pace while recreating',
    'Deployment',
    { spec: { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } } },
  ],
  ['no pace at all', 'Deployment', { spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } } }],
  ['a pace of percents too many', 'Deployment', { spec: { strategy: { rollingUpdate: { maxSurge: 'x' } } } }],
  ['a short deadline', 'Deployment', { spec: { minReadySeconds: 5, progressDeadlineSeconds: 5 } }],
  ['an unknown field in a container', 'Deployment', inTemplate({ containers: [{ ...container, imagee: 'x' }] })],
  ['a container list that is a map', 'Deployment', inTemplate({ containers: { a: 1 } })],
  ['labels of a template that are numbers', 'Deployment', { spec: { template: { metadata: { labels: { app: 1 } } } } }],
  ['no selector of a ReplicaSet', 'ReplicaSet', { spec: { selector: null } }],
  ['no selector of a DaemonSet', 'DaemonSet', { spec: { selector: null } }],
  ['an empty selector of a DaemonSet', 'DaemonSet', { spec: { selector: { matchLabels: null } } }],
  ['no selector of a StatefulSet', 'StatefulSet', { spec: { selector: null } }],
  ['another service name of a StatefulSet', 'StatefulSet', {}, { spec: { serviceName: 'x' } }],
  ['a StatefulSet whose pods end', 'StatefulSet', inTemplate({ restartPolicy: 'Never' })],
  ['a Job whose pods never end', 'Job', { spec: { template: { spec: { restartPolicy: 'Always' } } } }],
  ['a Job without a policy', 'Job', { spec: { template: { spec: { restartPolicy: null } } } }],
  [
    'a changed template of a Job',
    'Job',
    {},
    { spec: { template: { spec: { containers: [{ name: 'web', image: 'b' }] } } } },
    { spec: { completions: 5 } },
  ],
  ['a Job with a selector of its own', 'Job', { spec: { selector: { matchLabels: { app: 'a' } } } }],
  ['no schedule', 'CronJob', { spec: { schedule: null } }],
  ['a schedule of four fields', 'CronJob', { spec: { schedule: '* * * *' } }],
  ['a bad concurrency policy', 'CronJob', { spec: { concurrencyPolicy: 'X' } }],
];
