/** One Application for each thing that an Application can say, so that what differs has a name. */

type Part = { readonly type: string; readonly properties?: object };
type Wanted = {
  readonly type: string;
  readonly properties: object;
  readonly traits?: readonly Part[];
  readonly name?: string;
  readonly more?: object;
};

const service = (traits: readonly Part[], properties: object = {}): Wanted => ({
  type: 'webservice',
  properties: { image: 'web:1', ports: [{ port: 80 }], ...properties },
  traits,
});
const trait = (type: string, properties: object, given: object = {}): Wanted => service([{ type, properties }], given);

const env = [
  { name: 'A', value: '1' },
  { name: 'B', value: '2' },
  { name: 'C', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } },
];
const everyMount = {
  pvc: [{ name: 'data', mountPath: '/data', claimName: 'data' }],
  configMap: [
    { name: 'conf', mountPath: '/conf', cmName: 'conf', items: [{ key: 'a', path: 'a' }] },
    { name: 'conf', mountPath: '/conf2', subPath: 'x', cmName: 'conf' },
  ],
  secret: [{ name: 'sec', mountPath: '/sec', secretName: 'sec' }],
  emptyDir: [{ name: 'tmp', mountPath: '/tmp', medium: 'Memory' }],
  hostPath: [{ name: 'log', mountPath: '/log', path: '/var/log' }],
};
const full = {
  image: 'web:1',
  imagePullPolicy: 'IfNotPresent',
  imagePullSecrets: ['pull'],
  labels: { tier: 'front' },
  annotations: { note: 'a' },
  cmd: ['serve'],
  args: ['--fast'],
  env: [...env, { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
  cpu: '0.5',
  memory: '64Mi',
  limit: { memory: '128Mi' },
  volumeMounts: everyMount,
  livenessProbe: { httpGet: { path: '/ok', port: 8080, httpHeaders: [{ name: 'X', value: 'y' }] }, periodSeconds: 5 },
  readinessProbe: { tcpSocket: { port: 8080 } },
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }],
};
const ports = [
  { port: 80, containerPort: 8080, name: 'http', expose: true, nodePort: 30_080 },
  { port: 53, protocol: 'UDP', expose: true },
  { port: 81 },
];
const oldVolumes = [
  { name: 't', mountPath: '/t' },
  { name: 'p', mountPath: '/p', type: 'pvc', claimName: 'p' },
  { name: 'c', mountPath: '/c', type: 'configMap', cmName: 'c', items: [{ key: 'a', path: 'b' }] },
  { name: 's', mountPath: '/s', type: 'secret', secretName: 's' },
];
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'given', labels: { own: 'label' } },
  spec: {
    selector: { matchLabels: { app: 'given' } },
    template: {
      metadata: { labels: { app: 'given' } },
      spec: { containers: [{ name: 'given', image: 'web:1' }] },
    },
  },
};

const wanted: Readonly<Record<string, Wanted | readonly Wanted[]>> = {
  // Components.
  'webservice-full': { type: 'webservice', properties: { ...full, ports, exposeType: 'NodePort' } },
  'webservice-bare': { type: 'webservice', properties: { image: 'web:1' } },
  'webservice-old': { type: 'webservice', properties: { image: 'web:1', port: 80, volumes: oldVolumes } },
  'webservice-expose': { type: 'webservice', properties: { image: 'web:1', ports: [{ port: 80, expose: true }] } },
  'webservice-balancer': {
    type: 'webservice',
    properties: {
      image: 'web:1',
      exposeType: 'LoadBalancer',
      ports: [
        { port: 80, expose: true, nodePort: 30_099 },
        { port: 53, name: 'dns', protocol: 'UDP', expose: true },
      ],
    },
  },
  'webservice-cpu': { type: 'webservice', properties: { image: 'web:1', cpu: '1', limit: { cpu: '2' } } },
  'worker-full': {
    type: 'worker',
    properties: {
      image: 'work:1',
      imagePullPolicy: 'Always',
      imagePullSecrets: ['pull'],
      cmd: ['run'],
      env,
      cpu: '1',
      memory: '1Gi',
      volumeMounts: everyMount,
      livenessProbe: { exec: { command: ['true'] } },
      readinessProbe: { httpGet: { path: '/', port: 1 } },
    },
  },
  'worker-old': { type: 'worker', properties: { image: 'work:1', volumes: oldVolumes } },
  'daemon-full': { type: 'daemon', properties: { ...full, ports } },
  'daemon-bare': { type: 'daemon', properties: { image: 'agent:1' } },
  'statefulset-full': { type: 'statefulset', properties: { ...full, ports } },
  'statefulset-bare': { type: 'statefulset', properties: { image: 'db:1' } },
  'task-full': {
    type: 'task',
    properties: {
      image: 'job:1',
      count: 2,
      cmd: ['go'],
      restart: 'OnFailure',
      labels: { a: 'b' },
      annotations: { c: 'd' },
      env,
      cpu: '1',
      memory: '64Mi',
      volumes: oldVolumes,
      imagePullPolicy: 'Never',
      imagePullSecrets: ['pull'],
      livenessProbe: { exec: { command: ['true'] } },
    },
  },
  'task-bare': { type: 'task', properties: { image: 'job:1' } },
  'cron-full': {
    type: 'cron-task',
    properties: {
      image: 'job:1',
      schedule: '0 3 * * *',
      startingDeadlineSeconds: 30,
      suspend: true,
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      count: 2,
      cmd: ['go'],
      restart: 'OnFailure',
      ttlSecondsAfterFinished: 60,
      activeDeadlineSeconds: 90,
      backoffLimit: 2,
      labels: { a: 'b' },
      annotations: { c: 'd' },
      env,
      cpu: '1',
      memory: '64Mi',
      volumeMounts: everyMount,
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }],
      imagePullPolicy: 'Never',
      imagePullSecrets: ['pull'],
    },
  },
  'cron-bare': { type: 'cron-task', properties: { image: 'job:1', schedule: '@daily' } },
  'cron-old': { type: 'cron-task', properties: { image: 'job:1', schedule: '@daily', volumes: oldVolumes } },
  objects: {
    type: 'k8s-objects',
    properties: {
      objects: [
        { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } },
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'second', annotations: { x: 'y' } },
          data: { a: '2' },
        },
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'third' }, stringData: { a: 'b' } },
      ],
    },
  },
  'objects-traits': {
    type: 'k8s-objects',
    properties: {
      objects: [deployment, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'beside' }, data: {} }],
    },
    traits: [
      { type: 'scaler', properties: { replicas: 3 } },
      { type: 'labels', properties: { team: 'shop' } },
      { type: 'annotations', properties: { note: 'x' } },
    ],
  },
  raw: {
    type: 'raw',
    properties: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'raw' }, data: { a: 'b' } },
  },

  // Traits on pods.
  scaler: trait('scaler', { replicas: 2 }),
  'scaler-default': trait('scaler', {}),
  'scaler-twice': service([
    { type: 'scaler', properties: {} },
    { type: 'scaler', properties: { replicas: 2 } },
  ]),
  labels: trait('labels', { tier: 'front', 'app.oam.dev/component': 'labels' }),
  'labels-job': { type: 'task', properties: { image: 'job:1' }, traits: [{ type: 'labels', properties: { a: 'b' } }] },
  annotations: trait('annotations', { note: 'x', other: 'y' }),
  'annotations-cron': {
    type: 'cron-task',
    properties: { image: 'job:1', schedule: '@daily' },
    traits: [
      { type: 'annotations', properties: { a: 'b' } },
      { type: 'labels', properties: { a: 'b' } },
      { type: 'resource', properties: { cpu: 2, memory: '1Gi' } },
    ],
  },
  image: trait('container-image', { image: 'web:2', imagePullPolicy: 'Always' }),
  env: trait('env', { env: { B: '9', D: '4' }, unset: ['A'] }, { env }),
  'env-replace': trait('env', { env: { B: '9', D: '4' }, replace: true }, { env }),
  'env-fresh': trait('env', { env: { B: '9' } }),
  'env-unset': trait('env', { env: {}, unset: ['A'] }, { env }),
  command: trait(
    'command',
    { command: ['serve'], addArgs: ['b', 'c'], delArgs: ['a'] },
    { args: ['a', 'b'], cmd: ['x', 'y'] },
  ),
  'command-args': trait('command', { args: ['z'] }, { args: ['a', 'b'] }),
  'command-fresh': trait('command', { addArgs: ['z'] }),
  'command-only': trait('command', { command: ['serve'] }),
  resource: trait('resource', { requests: { cpu: 0.25, memory: '64Mi' } }, { cpu: '1', memory: '1Gi' }),
  'resource-both': trait('resource', { cpu: 2, memory: '1Gi' }),
  'resource-limits': trait('resource', {
    requests: { cpu: '0.25', memory: '64Mi' },
    limits: { cpu: 1, memory: '128Mi' },
  }),
  'resource-default': trait('resource', {}),
  sidecar: trait(
    'sidecar',
    {
      name: 'log',
      image: 'log:1',
      cmd: ['tail'],
      args: ['-f'],
      env: [{ name: 'A', value: '1' }],
      volumes: [{ name: 'varlog', path: '/log' }],
      livenessProbe: { httpGet: { path: '/', port: 1 } },
    },
    { volumes: [{ name: 'varlog', mountPath: '/log' }] },
  ),
  'sidecar-image': service([
    { type: 'sidecar', properties: { name: 'log', image: 'log:1' } },
    { type: 'container-image', properties: { containers: [{ containerName: 'log', image: 'log:2' }] } },
    { type: 'env', properties: { containers: [{ containerName: 'log', env: { X: '1' } }] } },
  ]),
  init: trait('init-container', {
    name: 'first',
    image: 'init:1',
    cmd: ['sh'],
    args: ['-c', 'true'],
    env: [{ name: 'A', value: '1' }],
    appMountPath: '/work',
    initMountPath: '/w',
    extraVolumeMounts: [{ name: 'workdir', mountPath: '/more' }],
  }),
  'update-deployment': trait('k8s-update-strategy', {
    targetKind: 'Deployment',
    strategy: { type: 'RollingUpdate', rollingStrategy: { maxSurge: '30%', maxUnavailable: '10%' } },
  }),
  'update-recreate': trait('k8s-update-strategy', { targetKind: 'Deployment', strategy: { type: 'Recreate' } }),
  'update-daemon': {
    type: 'daemon',
    properties: { image: 'agent:1' },
    traits: [{ type: 'k8s-update-strategy', properties: { targetKind: 'DaemonSet', strategy: { type: 'OnDelete' } } }],
  },
  'update-stateful': {
    type: 'statefulset',
    properties: { image: 'db:1' },
    traits: [
      {
        type: 'k8s-update-strategy',
        properties: {
          targetKind: 'StatefulSet',
          strategy: { type: 'RollingUpdate', rollingStrategy: { partition: 2 } },
        },
      },
    ],
  },
  affinity: trait('affinity', {
    podAffinity: { required: [{ topologyKey: 'zone', namespaces: ['x'], labelSelector: { matchLabels: { a: 'b' } } }] },
    podAntiAffinity: {
      preferred: [
        {
          weight: 1,
          podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchExpressions: [{ key: 'a', values: ['b'] }] } },
        },
      ],
    },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'node', operator: 'Exists' }] }] },
      preferred: [{ weight: 2, preference: { matchExpressions: [{ key: 'node', values: ['x'] }] } }],
    },
    tolerations: [
      { key: 't', value: 'v', effect: 'NoSchedule' },
      { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
    ],
  }),
  spread: trait('topologyspreadconstraints', {
    constraints: [
      { maxSkew: 1, topologyKey: 'zone', labelSelector: { matchLabels: { a: 'b' } } },
      {
        maxSkew: 2,
        topologyKey: 'host',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchExpressions: [{ key: 'a', values: ['b'] }] },
      },
    ],
  }),
  ports: trait('container-ports', { ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }] }),
  'ports-fresh': {
    type: 'worker',
    properties: { image: 'work:1' },
    traits: [{ type: 'container-ports', properties: { ports: [{ containerPort: 81, protocol: 'UDP' }] } }],
  },
  lifecycle: trait('lifecycle', {
    preStop: { exec: { command: ['sleep', '5'] } },
    postStart: { httpGet: { path: '/', port: 80 } },
  }),
  startup: trait('startup-probe', { httpGet: { path: '/up', port: 80 }, failureThreshold: 30 }),
  'startup-grpc': trait('startup-probe', { grpc: { port: 80 }, terminationGracePeriodSeconds: 5 }),
  security: trait('securitycontext', { runAsUser: 1000, dropCapabilities: ['ALL'] }),
  'security-full': trait('securitycontext', {
    runAsUser: 1,
    runAsGroup: 2,
    addCapabilities: ['X'],
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: false,
  }),
  'pod-security': trait('podsecuritycontext', { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } }),
  hosts: trait(
    'hostalias',
    { hostAliases: [{ ip: '10.0.0.3', hostnames: ['b'] }] },
    {
      hostAliases: [
        { ip: '10.0.0.1', hostnames: ['a'] },
        { ip: '10.0.0.2', hostnames: ['c'] },
      ],
    },
  ),
  'merge-patch': trait('json-merge-patch', {
    spec: { minReadySeconds: 5, template: { spec: { containers: [{ name: 'merge-patch', image: 'other:1' }] } } },
  }),
  'json-patch': trait('json-patch', {
    operations: [
      { op: 'add', path: '/spec/revisionHistoryLimit', value: 3 },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'web:9' },
      { op: 'add', path: '/spec/template/spec/containers/0/env', value: [{ name: 'A', value: '1' }] },
    ],
  }),
  binding: trait(
    'service-binding',
    { envMappings: { X: { secret: 'db', key: 'user' }, Z: { secret: 'db' } } },
    { env },
  ),

  // Traits beside.
  expose: trait('expose', {
    ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }],
    annotations: { a: 'b' },
  }),
  'expose-old': trait('expose', { port: [80, 81] }),
  'expose-node': trait('expose', {
    ports: [{ port: 80, name: 'http', nodePort: 30_090 }],
    type: 'NodePort',
    matchLabels: { a: 'b' },
  }),
  gateway: trait('gateway', {
    domain: 'api.example.com',
    http: { '/': 80, '/v2': 8080 },
    secretName: 'tls',
    classInSpec: true,
  }),
  'gateway-bare': trait('gateway', { http: { '/': 80 } }),
  'gateway-named': service([
    {
      type: 'gateway',
      properties: {
        name: 'inner',
        http: { '/': 80 },
        existingServiceName: 'api',
        annotations: { x: 'y' },
        labels: { l: 'm' },
        gatewayHost: 'h',
        pathType: 'Prefix',
        class: 'own',
        domain: 'a.example.com',
      },
    },
    { type: 'gateway', properties: { name: 'outer', http: { '/': 81 }, domain: 'b.example.com' } },
  ]),
  hpa: trait('hpa', {
    min: 2,
    max: 6,
    cpu: { value: 60 },
    mem: { type: 'AverageValue', value: 1024 },
    podCustomMetrics: [{ name: 'rps', value: '10' }],
  }),
  'hpa-bare': trait('hpa', { cpu: {} }),
  cpuscaler: trait('cpuscaler', { max: 4 }),
  account: trait('service-account', {
    name: 'account-web',
    create: true,
    privileges: [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['list'], apiGroups: [''], resources: ['nodes'], scope: 'cluster' },
      { verbs: ['get'], nonResourceURLs: ['/healthz'], scope: 'cluster' },
    ],
  }),
  'account-given': trait('service-account', { name: 'default' }),
  storage: trait('storage', {
    pvc: [
      {
        name: 'data',
        mountPath: '/data',
        storageClassName: 'fast',
        resources: { requests: { storage: '1Gi' }, limits: { storage: '2Gi' } },
      },
    ],
    configMap: [
      {
        name: 'storage-conf',
        mountPath: '/conf',
        data: { a: '1' },
        mountToEnv: { envName: 'CONF', configMapKey: 'a' },
        items: [{ key: 'a', path: 'b' }],
      },
    ],
    secret: [
      {
        name: 'storage-sec',
        mountPath: '/sec',
        mountToEnvs: [{ envName: 'SEC', secretKey: 'k' }],
        stringData: { k: 'v' },
      },
    ],
    emptyDir: [{ name: 'tmp', mountPath: '/tmp' }],
    hostPath: [{ name: 'log', path: '/var/log', mountPath: '/log' }],
  }),
  'storage-small': trait(
    'storage',
    { configMap: [{ name: 'storage-env', mountToEnv: { envName: 'CONF', configMapKey: 'a' }, data: { a: '1' } }] },
    { env },
  ),
  'storage-twice': trait('storage', {
    pvc: [
      { name: 'storage-twice', mountPath: '/a' },
      { name: 'storage-twice', mountPath: '/b', subPath: 'b' },
    ],
    configMap: [
      { name: 'storage-twice', mountPath: '/c', data: { a: '1' } },
      { name: 'storage-twice', mountPath: '/d', data: { b: '2' } },
    ],
  }),
  'storage-pvc': trait(
    'storage',
    { pvc: [{ name: 'storage-pvc', mountPath: '/data' }] },
    { volumes: [{ name: 't', mountPath: '/t' }] },
  ),

  // Together.
  passing: [
    {
      type: 'statefulset',
      name: 'passing-db',
      properties: { image: 'db:1', ports: [{ port: 5432, expose: true }] },
      more: {
        outputs: [
          { name: 'passing-host', valueFrom: 'output.metadata.name' },
          { name: 'passing-image', valueFrom: 'output.spec.template.spec.containers[0].image' },
          { name: 'passing-service', valueFrom: 'outputs.statefulsetsExpose.metadata.namespace' },
        ],
      },
    },
    {
      type: 'webservice',
      name: 'passing-web',
      properties: { image: 'web:1', env: [{ name: 'HOST' }] },
      more: {
        inputs: [
          { from: 'passing-host', parameterKey: 'env[0].value' },
          { from: 'passing-image', parameterKey: 'annotations.image' },
          { from: 'passing-service', parameterKey: 'labels.space' },
        ],
      },
    },
  ],
  two: [
    { ...service([{ type: 'expose', properties: { ports: [{ port: 80 }] } }]), name: 'two-web' },
    { type: 'worker', name: 'two-work', properties: { image: 'work:1' }, more: { dependsOn: ['two-web'] } },
  ],
};

/** Nobody sees them but those who ask for them. */
export const applicationNames: readonly string[] = Object.keys(wanted);

/** What a person would apply, by name. */
export function applications(namespace: string): ReadonlyMap<string, object> {
  return new Map(
    Object.entries(wanted).map(([name, parts]) => {
      const list: readonly Wanted[] = 'type' in parts ? [parts] : parts;
      const components = list.map((part) => ({
        name: part.name ?? name,
        type: part.type,
        properties: part.properties,
        ...(part.traits === undefined ? {} : { traits: part.traits }),
        ...part.more,
      }));
      const metadata = { name, namespace, labels: { team: 'shop' }, annotations: { about: name } };
      return [name, { apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata, spec: { components } }];
    }),
  );
}
