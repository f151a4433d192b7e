/** The schemas of what traits say. */
import { z } from 'zod';
import { Anything, Labels, Text } from '../../native/field.ts';
import { Env, Probe } from './workload.ts';

const Texts = z.array(z.string());
const Objects = z.array(Anything);

/** A trait names one container, or gives a list of them, each in this form. */
const forContainer = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ containerName: z.string().default(''), ...shape });

export const Scaler = z.strictObject({ replicas: z.int().min(0).default(1) });

export const Image = forContainer({
  image: Text,
  imagePullPolicy: z.enum(['', 'IfNotPresent', 'Always', 'Never']).default(''),
});

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export const EnvTrait = forContainer({
  replace: z.boolean().default(false),
  env: z.record(z.string(), scalar).default({}),
  unset: Texts.default([]),
});

export const TextMap = z.record(z.string(), z.union([scalar, z.null()]));

export const Whole = Anything;

export const JsonPatch = z.strictObject({ operations: Objects });

export const Command = forContainer({
  command: Texts.nullish(),
  args: Texts.nullish(),
  addArgs: Texts.nullish(),
  delArgs: Texts.nullish(),
});

const amount = z.union([z.string(), z.number()]);
const Amounts = z.strictObject({ cpu: amount.default(1), memory: z.string().default('2048Mi') });

export const Resource = z.strictObject({
  cpu: amount.optional(),
  memory: z.string().optional(),
  requests: Amounts.optional(),
  limits: Amounts.optional(),
});

export const Expose = z.strictObject({
  port: z.array(z.int()).optional(),
  ports: z
    .array(
      z.strictObject({
        port: z.int(),
        name: z.string().optional(),
        protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
        nodePort: z.int().optional(),
      }),
    )
    .optional(),
  annotations: Labels.default({}),
  matchLabels: Labels.optional(),
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).default('ClusterIP'),
});

export const Gateway = z.strictObject({
  domain: z.string().optional(),
  http: z.record(z.string(), z.int()),
  class: z.string().default('nginx'),
  classInSpec: z.boolean().default(false),
  secretName: z.string().optional(),
  gatewayHost: z.string().optional(),
  name: z.string().optional(),
  pathType: z.enum(['ImplementationSpecific', 'Prefix', 'Exact']).default('ImplementationSpecific'),
  annotations: Labels.optional(),
  labels: Labels.optional(),
  existingServiceName: z.string().optional(),
});

const Metric = z.strictObject({
  type: z.enum(['Utilization', 'AverageValue']).default('Utilization'),
  value: z.union([z.int(), z.string()]).default(50),
});

export const Hpa = z.strictObject({
  min: z.int().default(1),
  max: z.int().default(10),
  targetAPIVersion: z.string().default('apps/v1'),
  targetKind: z.string().default('Deployment'),
  cpu: Metric.prefault({}),
  mem: Metric.optional(),
  podCustomMetrics: z.array(z.strictObject({ name: Text, value: z.string() })).optional(),
});

export const CpuScaler = z.strictObject({
  min: z.int().default(1),
  max: z.int().default(10),
  cpuUtil: z.int().default(50),
  targetAPIVersion: z.string().default('apps/v1'),
  targetKind: z.string().default('Deployment'),
});

export const Sidecar = z.strictObject({
  name: Text,
  image: Text,
  cmd: Texts.optional(),
  args: Texts.optional(),
  env: Env.optional(),
  volumes: z.array(z.strictObject({ name: Text, path: Text })).optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
});

const Mount = z.strictObject({ name: Text, mountPath: Text });

export const InitContainer = z.strictObject({
  name: Text,
  image: Text,
  imagePullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']).default('IfNotPresent'),
  cmd: Texts.optional(),
  args: Texts.optional(),
  env: Env.optional(),
  mountName: z.string().default('workdir'),
  appMountPath: Text,
  initMountPath: Text,
  extraVolumeMounts: z.array(Mount).default([]),
});

export const UpdateStrategy = z.strictObject({
  targetAPIVersion: z.string().default('apps/v1'),
  targetKind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']).default('Deployment'),
  strategy: z
    .strictObject({
      type: z.enum(['RollingUpdate', 'Recreate', 'OnDelete']).default('RollingUpdate'),
      rollingStrategy: z
        .strictObject({
          maxSurge: z.union([z.string(), z.int()]).default('25%'),
          maxUnavailable: z.union([z.string(), z.int()]).default('25%'),
          partition: z.int().default(0),
        })
        .prefault({}),
    })
    .prefault({}),
});

const Privilege = z.strictObject({
  verbs: Texts,
  apiGroups: Texts.optional(),
  resources: Texts.optional(),
  resourceNames: Texts.optional(),
  nonResourceURLs: Texts.optional(),
  scope: z.enum(['namespace', 'cluster']).default('namespace'),
});

export const ServiceAccount = z.strictObject({
  name: Text,
  create: z.boolean().default(false),
  privileges: z.array(Privilege).default([]),
});

const terms = z.strictObject({ required: Objects.optional(), preferred: Objects.optional() });

export const Affinity = z.strictObject({
  podAffinity: terms.optional(),
  podAntiAffinity: terms.optional(),
  nodeAffinity: z
    .strictObject({
      required: z.strictObject({ nodeSelectorTerms: Objects }).optional(),
      preferred: Objects.optional(),
    })
    .optional(),
  tolerations: z.array(z.looseObject({ operator: z.string().default('Equal') })).optional(),
});

export const Constraints = z.strictObject({
  constraints: z.array(z.looseObject({ whenUnsatisfiable: z.string().default('DoNotSchedule') })),
});

export const ContainerPorts = forContainer({
  ports: z
    .array(
      z.strictObject({
        containerPort: z.int(),
        protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
        hostPort: z.int().optional(),
        hostIP: z.string().optional(),
      }),
    )
    .default([]),
});

export const Lifecycle = z.strictObject({ postStart: Anything.optional(), preStop: Anything.optional() });

export const StartupProbe = forContainer({ name: z.string().default(''), ...Probe.shape });

export const SecurityContext = forContainer({
  addCapabilities: Texts.optional(),
  dropCapabilities: Texts.optional(),
  allowPrivilegeEscalation: z.boolean().default(false),
  privileged: z.boolean().default(false),
  readOnlyRootFilesystem: z.boolean().default(false),
  runAsNonRoot: z.boolean().default(true),
  runAsUser: z.int().optional(),
  runAsGroup: z.int().optional(),
});

export const PodSecurityContext = z.strictObject({
  appArmorProfile: Anything.optional(),
  seccompProfile: Anything.optional(),
  fsGroup: z.int().optional(),
  runAsGroup: z.int().optional(),
  runAsUser: z.int().optional(),
  runAsNonRoot: z.boolean().default(true),
});

export const HostAliases = z.strictObject({ hostAliases: z.array(z.strictObject({ ip: Text, hostnames: Texts })) });

/** `rolloutBatches` and the like say how fast, which the workload says itself. */
export const Rollout = z.looseObject({
  targetSize: z.int().min(0).optional(),
  targetRevision: z.string().optional(),
});

export const ServiceBinding = z.strictObject({
  envMappings: z.record(z.string(), z.strictObject({ secret: Text, key: z.string().optional() })),
});
