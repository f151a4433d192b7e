/** The kinds that are tried, and random configurations of each. */
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import { type Chance, some, subset } from './chance.ts';
import { cronJobSpec, daemonSetSpec, deploymentSpec, labels, metadata, statefulSetSpec } from './workloads.ts';

export type TriedKind = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly isNamespaced: boolean;
  readonly isScaled: boolean;
  readonly isCustom: boolean;
  /** Another version that requests may use too. */
  readonly alsoAt?: string;
  /** All fields but apiVersion, kind and the object's name. `isWhole`: enough to be valid by itself. */
  readonly body: (chance: Chance, isWhole: boolean) => JsonObject;
  /** What is read may differ from what is stored, so that a write that changes nothing may be stored all the same. */
  readonly isCutOnRead: boolean;
  /** A status that somebody might report. */
  readonly status?: (chance: Chance) => JsonObject;
};

type Traits = Partial<Pick<TriedKind, 'isNamespaced' | 'isScaled' | 'isCustom' | 'isCutOnRead' | 'status' | 'alsoAt'>>;

const kindOf = (
  name: string,
  resource: string,
  body: (chance: Chance, isWhole: boolean) => JsonObject,
  traits: Traits = {},
): TriedKind => {
  const at = name.lastIndexOf('/');
  const head = { apiVersion: name.slice(0, at), kind: name.slice(at + 1), resource, isNamespaced: true };
  return {
    ...head,
    isScaled: false,
    isCustom: false,
    isCutOnRead: false,
    ...traits,
    body: (chance, isWhole) => withMetadata(chance, body(chance, isWhole), traits.isCustom === true),
  };
};

// An empty map or list in the metadata of a custom object is stored and never read back: whether the next write counts as a
// change depends on what the API server has in its cache.
function withMetadata(chance: Chance, body: JsonObject, isCustom: boolean): JsonObject {
  const made = metadata(chance);
  const isBlank = (value: Json): boolean =>
    isObject(value) ? Object.keys(value).length === 0 : isArray(value) && value.length === 0;
  const kept = isCustom ? Object.fromEntries(Object.entries(made).filter(([, value]) => !isBlank(value))) : made;
  return { metadata: kept, ...body };
}
const spec =
  (make: (chance: Chance, isWhole: boolean) => JsonObject) =>
  (chance: Chance, isWhole: boolean): JsonObject =>
    isWhole || chance.is(0.85) ? { spec: make(chance, isWhole) } : {};

const condition = (chance: Chance): Json => ({
  type: chance.pick(['Available', 'Progressing']),
  status: chance.pick(['True', 'False']),
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const workloadStatus = (chance: Chance): JsonObject =>
  some(chance, {
    replicas: [0.7, () => chance.below(3)],
    observedGeneration: [0.5, () => chance.below(3)],
    conditions: [0.5, () => [condition(chance)]],
  });
const daemonStatus = (chance: Chance): JsonObject => ({
  currentNumberScheduled: chance.below(3),
  numberMisscheduled: 0,
  desiredNumberScheduled: chance.below(3),
  numberReady: 0,
});

const data = (chance: Chance): JsonObject =>
  some(chance, {
    data: [
      0.9,
      () =>
        some(chance, {
          a: [0.6, () => chance.pick(['1', '2'])],
          b: [0.5, () => 'x'],
          'c.d': [0.4, () => ''],
          e: [0.1, () => null],
        }),
    ],
    binaryData: [0.2, () => ({ f: chance.pick(['AAEC', 'AA==']) })],
  });

const secret = (chance: Chance): JsonObject =>
  some(chance, {
    data: [0.7, () => some(chance, { a: [0.6, () => chance.pick(['YQ==', 'Yg=='])], b: [0.5, () => ''] })],
    stringData: [0.4, () => some(chance, { a: [0.6, () => 'z'], c: [0.5, () => chance.pick(['1', '2'])] })],
  });

const servicePorts = (chance: Chance, isWhole: boolean): Json => {
  const numbers = isWhole ? [80, ...subset(chance, [443], 0.4)] : subset(chance, [80, 443, 53], 0.5);
  return numbers.map((number) => ({
    port: number,
    name: `p${number}`,
    ...some(chance, {
      targetPort: [0.4, () => chance.pick<Json>([8080, 'http'])],
      protocol: [0.3, () => (number === 53 ? 'UDP' : 'TCP')],
    }),
  }));
};

const service = (chance: Chance, isWhole: boolean): JsonObject => ({
  ...(isWhole ? { ports: servicePorts(chance, true) } : {}),
  ...some(chance, {
    ports: [0.5, () => servicePorts(chance, isWhole)],
    selector: [0.5, () => labels(chance)],
    type: [0.2, () => chance.pick(['ClusterIP', 'NodePort', 'LoadBalancer'])],
    sessionAffinity: [0.15, () => chance.pick(['None', 'ClientIP'])],
    externalTrafficPolicy: [0.05, () => 'Cluster'],
    publishNotReadyAddresses: [0.1, () => true],
  }),
});

const ingress = (chance: Chance, isWhole: boolean): JsonObject => ({
  ...(isWhole ? { defaultBackend: { service: { name: 's', port: { number: 80 } } } } : {}),
  ...some(chance, {
    ingressClassName: [0.4, () => chance.pick(['a', 'b'])],
    rules: [
      0.5,
      () => [
        {
          host: 'a.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }],
          },
        },
      ],
    ],
    tls: [0.2, () => [{ hosts: ['a.com'], secretName: 't' }]],
  }),
});

const autoscaler = (chance: Chance, isWhole: boolean): JsonObject => ({
  ...(isWhole ? { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 5 } : {}),
  ...some(chance, {
    minReplicas: [0.4, () => chance.pick([1, 2])],
    maxReplicas: [0.4, () => chance.pick([5, 6])],
    metrics: [
      0.4,
      () => [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: chance.pick([50, 70]) } },
        },
      ],
    ],
    behavior: [0.2, () => ({ scaleDown: { stabilizationWindowSeconds: 60 } })],
  }),
});

const role = (chance: Chance): JsonObject => ({
  rules: subset(
    chance,
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['*'], verbs: ['*'] },
    ],
    0.5,
  ),
});

const binding = (chance: Chance, isWhole: boolean): JsonObject => ({
  ...(isWhole
    ? { roleRef: { kind: 'Role', name: 'r', ...some(chance, { apiGroup: [0.5, () => 'rbac.authorization.k8s.io'] }) } }
    : {}),
  subjects: subset(
    chance,
    [
      { kind: 'User', name: 'u' },
      { kind: 'ServiceAccount', name: 's', namespace: 'default' },
    ],
    0.6,
  ),
});

const claim = (chance: Chance, isWhole: boolean): JsonObject => ({
  ...(isWhole ? { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } : {}),
  ...(isWhole ? some(chance, { storageClassName: [0.4, () => 's'] }) : {}),
});

const budget = (chance: Chance, isWhole: boolean): JsonObject => ({
  ...(isWhole ? { selector: { matchLabels: { a: 'b' } } } : {}),
  ...some(chance, { maxUnavailable: [0.5, () => chance.pick<Json>([1, '25%'])] }),
});

const policy = (chance: Chance): JsonObject => ({
  podSelector: chance.pick<Json>([{}, { matchExpressions: [{ key: 'a', operator: 'Exists' }] }]),
  ...some(chance, {
    ingress: [0.4, () => [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }]],
    egress: [0.3, () => [{}]],
    policyTypes: [0.2, () => ['Ingress']],
  }),
});

const quota = (chance: Chance): JsonObject => ({
  hard: some(chance, {
    pods: [0.7, () => chance.pick<Json>(['1', 2])],
    'requests.cpu': [0.6, () => chance.pick(['1', '1000m'])],
  }),
});

/** Fields of every kind of ownership: see `widget.ts` for their types. */
const widget = (chance: Chance): JsonObject =>
  some(chance, {
    size: [0.4, () => chance.below(3)],
    colour: [0.3, () => chance.pick(['red', 'blue'])],
    tags: [0.4, () => subset(chance, ['a', 'b', 'c'], 0.5)],
    steps: [0.3, () => chance.pick<Json>([[], ['x'], ['x', 'y']])],
    parts: [
      0.5,
      () =>
        subset(chance, ['p', 'q', 'r'], 0.5).map((name) => ({
          name,
          ...some(chance, { weight: [0.5, () => chance.below(3)], zone: [0.3, () => 'z'] }),
        })),
    ],
    ports: [
      0.4,
      () =>
        subset(chance, [80, 81], 0.6).map((number) => ({
          port: number,
          ...some(chance, { protocol: [0.4, () => 'TCP'], label: [0.4, () => 'l'] }),
        })),
    ],
    whole: [0.3, () => some(chance, { a: [0.7, () => 1], b: [0.4, () => 2] })],
    free: [
      0.4,
      () =>
        some(chance, {
          x: [0.6, () => chance.pick<Json>([1, 'y', null, [1], { z: 1 }])],
          y: [0.4, () => ({ deep: { er: 1 } })],
        }),
    ],
    limit: [0.3, () => chance.pick<Json>([1, '25%'])],
    replicas: [0.3, () => chance.below(3)],
    maybe: [0.2, () => null],
    when: [0.1, () => '2026-01-01T00:00:00Z'],
  });

export const triedKinds: readonly TriedKind[] = [
  kindOf('apps/v1/Deployment', 'deployments', spec(deploymentSpec), { isScaled: true, status: workloadStatus }),
  kindOf('v1/ConfigMap', 'configmaps', data),
  kindOf('v1/Service', 'services', spec(service)),
  kindOf('example.com/v1/Widget', 'widgets', spec(widget), {
    isScaled: true,
    isCustom: true,
    isCutOnRead: true,
    alsoAt: 'example.com/v1beta1',
    status: (chance) => some(chance, { ready: [0.7, () => chance.below(3)], notes: [0.4, () => ['n']] }),
  }),
  kindOf('apps/v1/StatefulSet', 'statefulsets', spec(statefulSetSpec), { isScaled: true, status: workloadStatus }),
  kindOf('apps/v1/DaemonSet', 'daemonsets', spec(daemonSetSpec), { status: daemonStatus }),
  kindOf('batch/v1/CronJob', 'cronjobs', spec(cronJobSpec)),
  kindOf('v1/Secret', 'secrets', secret),
  kindOf('networking.k8s.io/v1/Ingress', 'ingresses', spec(ingress)),
  kindOf('autoscaling/v2/HorizontalPodAutoscaler', 'horizontalpodautoscalers', spec(autoscaler)),
  kindOf('rbac.authorization.k8s.io/v1/Role', 'roles', role),
  kindOf('rbac.authorization.k8s.io/v1/RoleBinding', 'rolebindings', binding),
  kindOf('v1/PersistentVolumeClaim', 'persistentvolumeclaims', spec(claim), { isCutOnRead: true }),
  kindOf('policy/v1/PodDisruptionBudget', 'poddisruptionbudgets', spec(budget)),
  kindOf('networking.k8s.io/v1/NetworkPolicy', 'networkpolicies', spec(policy)),
  kindOf('v1/ResourceQuota', 'resourcequotas', spec(quota)),
  kindOf('v1/ServiceAccount', 'serviceaccounts', (chance) =>
    some(chance, {
      automountServiceAccountToken: [0.5, () => chance.pick([true, false])],
      imagePullSecrets: [0.4, () => subset(chance, [{ name: 'a' }, { name: 'b' }], 0.6)],
    }),
  ),
];
