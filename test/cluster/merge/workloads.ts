/** Random configurations of workloads: parts of a pod template, and what stands around it. */
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { type Chance, some, subset } from './chance.ts';

export function labels(chance: Chance): JsonObject {
  return some(chance, {
    app: [0.5, () => chance.pick(['web', 'api'])],
    tier: [0.4, () => chance.pick(['front', 'back'])],
    'example.com/team': [0.3, () => chance.pick(['a', 'b', ''])],
  });
}

export function metadata(chance: Chance): JsonObject {
  return some(chance, {
    labels: [0.4, () => labels(chance)],
    annotations: [0.3, () => some(chance, { note: [0.7, () => chance.pick(['x', 'y'])], 'a.b/c': [0.4, () => 'd'] })],
    finalizers: [0.06, () => subset(chance, ['example.com/one', 'example.com/two'], 0.6)],
  });
}

const port = (chance: Chance, number: number): JsonObject => ({
  containerPort: number,
  ...some(chance, { name: [0.5, () => `p${number}`], protocol: [0.4, () => chance.pick(['TCP', 'UDP'])] }),
});

const quantity =
  (chance: Chance, texts: readonly Json[]): (() => Json) =>
  () =>
    chance.pick(texts);

const resources = (chance: Chance): JsonObject =>
  some(chance, {
    limits: [
      0.6,
      () =>
        some(chance, {
          cpu: [0.7, quantity(chance, ['1', '1000m', '0.5', '250m', 2])],
          memory: [0.6, quantity(chance, ['1Gi', '1024Mi', '1.5Gi', '128974848', '1e3'])],
        }),
    ],
    requests: [0.5, () => some(chance, { cpu: [0.7, quantity(chance, ['100m', '0.1', '0.0001'])] })],
  });

const probe = (chance: Chance): JsonObject => ({
  ...chance.pick<JsonObject>([
    { httpGet: { port: chance.pick<Json>([80, 'p80']) } },
    { tcpSocket: { port: 80 } },
    { exec: { command: ['a'] } },
  ]),
  ...some(chance, { periodSeconds: [0.4, () => chance.pick([0, 5])], failureThreshold: [0.2, () => 5] }),
});

const environment = (chance: Chance): Json =>
  subset(
    chance,
    [
      { name: 'A', value: chance.pick(['1', '2', '']) },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
      { name: 'C', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'D' },
    ],
    0.5,
  );

function container(chance: Chance, name: string, isWhole: boolean): JsonObject {
  return {
    name,
    ...(isWhole ? { image: 'nginx' } : {}),
    ...some(chance, {
      image: [0.95, () => chance.pick(['nginx', 'nginx:1.27', 'r.io:5000/x:latest', 'nginx@sha256:1'])],
      args: [0.3, () => chance.pick<Json>([['a'], ['a', 'b'], []])],
      command: [0.1, () => ['run']],
      ports: [0.4, () => subset(chance, [80, 81, 443], 0.5).map((number) => port(chance, number))],
      env: [0.5, () => environment(chance)],
      resources: [0.4, () => resources(chance)],
      readinessProbe: [0.2, () => probe(chance)],
      livenessProbe: [0.1, () => probe(chance)],
      imagePullPolicy: [0.15, () => chance.pick(['Always', 'IfNotPresent'])],
      securityContext: [0.15, () => chance.pick<Json>([{}, { runAsUser: 1 }, { capabilities: { add: ['A'] } }])],
      volumeMounts: [
        0.2,
        () =>
          subset(
            chance,
            [
              { name: 'v', mountPath: '/v' },
              { name: 'v', mountPath: '/w', readOnly: true },
            ],
            0.6,
          ),
      ],
      stdin: [0.05, () => chance.pick([true, false])],
      workingDir: [0.05, () => chance.pick(['/', ''])],
    }),
  };
}

const volumes = (chance: Chance): Json => [
  {
    name: 'v',
    ...chance.pick<JsonObject>([
      {},
      { emptyDir: {} },
      { emptyDir: { sizeLimit: chance.pick(['1Gi', '1024Mi']) } },
      { configMap: { name: 'c' } },
    ]),
  },
];

/** `isWhole`: enough for the object to be valid by itself. */
export function podSpec(chance: Chance, isWhole: boolean): JsonObject {
  const names = isWhole ? ['web', ...subset(chance, ['side'], 0.4)] : subset(chance, ['web', 'side', 'more'], 0.45);
  return {
    ...(isWhole || names.length > 0 ? { containers: names.map((name) => container(chance, name, isWhole)) } : {}),
    ...some(chance, {
      volumes: [isWhole ? 0.9 : 0.2, () => volumes(chance)],
      nodeSelector: [0.15, () => some(chance, { disk: [0.8, () => 'ssd'], zone: [0.4, () => 'z'] })],
      tolerations: [0.15, () => chance.pick<Json>([[], [{ key: 'k', operator: 'Exists' }]])],
      securityContext: [0.15, () => chance.pick<Json>([{}, { fsGroup: 5 }, { runAsNonRoot: false }])],
      terminationGracePeriodSeconds: [0.15, () => chance.pick([0, 30, 60])],
      serviceAccountName: [0.1, () => chance.pick(['one', 'two'])],
      hostNetwork: [0.05, () => chance.pick([true, false])],
      imagePullSecrets: [0.1, () => subset(chance, [{ name: 's' }, { name: 't' }], 0.6)],
      initContainers: [0.08, () => [container(chance, 'init', true)]],
      topologySpreadConstraints: [
        0.06,
        () => [
          {
            topologyKey: 'zone',
            maxSkew: 1,
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
      ],
    }),
  };
}

/** A template that the selector `run: it` matches. */
export function template(chance: Chance, isWhole: boolean): JsonObject {
  const more = some(chance, { annotations: [0.2, () => ({ t: chance.pick(['1', '2']) })] });
  const extra = chance.is(0.3) ? labels(chance) : {};
  return {
    ...(isWhole || chance.is(0.4) ? { metadata: { labels: { run: 'it', ...extra }, ...more } } : {}),
    ...(isWhole || chance.is(0.8) ? { spec: podSpec(chance, isWhole) } : {}),
  };
}

const rolling = (chance: Chance): JsonObject =>
  chance.pick<JsonObject>([
    { type: 'RollingUpdate' },
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: chance.pick<Json>([1, '25%', '50%']) } },
    { rollingUpdate: { maxUnavailable: chance.pick<Json>([0, 1, '25%']) } },
  ]);

export function deploymentSpec(chance: Chance, isWhole: boolean): JsonObject {
  return {
    ...(isWhole ? { selector: { matchLabels: { run: 'it' } } } : {}),
    ...(isWhole || chance.is(0.7) ? { template: template(chance, isWhole) } : {}),
    ...some(chance, {
      replicas: [0.4, () => chance.below(4)],
      strategy: [0.25, () => (chance.is(0.3) ? { type: 'Recreate' } : rolling(chance))],
      minReadySeconds: [0.2, () => chance.pick([0, 5])],
      revisionHistoryLimit: [0.15, () => chance.pick([0, 10])],
      paused: [0.1, () => chance.pick([true, false])],
    }),
  };
}

export function daemonSetSpec(chance: Chance, isWhole: boolean): JsonObject {
  return {
    ...(isWhole ? { selector: { matchLabels: { run: 'it' } } } : {}),
    ...(isWhole || chance.is(0.7) ? { template: template(chance, isWhole) } : {}),
    ...some(chance, {
      updateStrategy: [0.25, () => (chance.is(0.4) ? { type: 'OnDelete' } : rolling(chance))],
      minReadySeconds: [0.2, () => chance.pick([0, 5])],
    }),
  };
}

export function statefulSetSpec(chance: Chance, isWhole: boolean): JsonObject {
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  return {
    ...(isWhole ? { selector: { matchLabels: { run: 'it' } }, serviceName: 's' } : {}),
    ...(isWhole && chance.is(0.4) ? { volumeClaimTemplates: [claim] } : {}),
    ...(isWhole || chance.is(0.7) ? { template: template(chance, isWhole) } : {}),
    ...some(chance, {
      replicas: [0.4, () => chance.below(4)],
      updateStrategy: [
        0.2,
        () => chance.pick<Json>([{ type: 'OnDelete' }, { type: 'RollingUpdate', rollingUpdate: { partition: 1 } }]),
      ],
      persistentVolumeClaimRetentionPolicy: [0.1, () => ({ whenDeleted: 'Delete' })],
    }),
  };
}

export function cronJobSpec(chance: Chance, isWhole: boolean): JsonObject {
  const pod = podSpec(chance, isWhole);
  const job = isWhole ? { ...pod, restartPolicy: 'OnFailure' } : pod;
  return {
    ...(isWhole ? { schedule: '* * * * *' } : {}),
    ...(isWhole || chance.is(0.6) ? { jobTemplate: { spec: { template: { spec: job } } } } : {}),
    ...some(chance, {
      suspend: [0.3, () => chance.pick([true, false])],
      concurrencyPolicy: [0.2, () => chance.pick(['Forbid', 'Allow'])],
      successfulJobsHistoryLimit: [0.2, () => chance.pick([0, 3])],
    }),
  };
}
