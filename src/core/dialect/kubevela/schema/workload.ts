/** The schemas of what components that run containers say. */
import { z } from 'zod';
import { Anything, Labels, Text } from '../../native/field.ts';

const Texts = z.array(z.string());
const Items = z.array(z.strictObject({ key: z.string(), path: z.string(), mode: z.int().default(511) })).optional();
const Medium = z.enum(['', 'Memory']).default('');

const mount = { name: Text, mountPath: Text, subPath: z.string().optional() };

const VolumeMounts = z.strictObject({
  pvc: z.array(z.strictObject({ ...mount, claimName: Text })).optional(),
  configMap: z
    .array(z.strictObject({ ...mount, defaultMode: z.int().default(420), cmName: Text, items: Items }))
    .optional(),
  secret: z
    .array(z.strictObject({ ...mount, defaultMode: z.int().default(420), secretName: Text, items: Items }))
    .optional(),
  emptyDir: z.array(z.strictObject({ ...mount, medium: Medium })).optional(),
  hostPath: z
    .array(
      z.strictObject({
        ...mount,
        path: Text,
        mountPropagation: z.string().optional(),
        readOnly: z.boolean().optional(),
      }),
    )
    .optional(),
});

/** The older way to say the same; a trait gives a volume that a container mounts by itself. */
export const VolumeAlone = z.strictObject({
  name: Text,
  type: z.enum(['pvc', 'configMap', 'secret', 'emptyDir']).default('emptyDir'),
  claimName: z.string().optional(),
  defaultMode: z.int().default(420),
  cmName: z.string().optional(),
  secretName: z.string().optional(),
  items: Items,
  medium: Medium,
});
const Volume = z.strictObject({ ...VolumeAlone.shape, mountPath: Text });

export const Env = z.array(
  z.strictObject({ name: Text, value: z.string().optional(), valueFrom: Anything.optional() }),
);

export const Probe = z.strictObject({
  exec: Anything.optional(),
  httpGet: Anything.optional(),
  tcpSocket: Anything.optional(),
  grpc: Anything.optional(),
  initialDelaySeconds: z.int().default(0),
  periodSeconds: z.int().default(10),
  timeoutSeconds: z.int().default(1),
  successThreshold: z.int().default(1),
  failureThreshold: z.int().default(3),
  terminationGracePeriodSeconds: z.int().optional(),
});

/** What every component that runs containers may say. What the definition of one does not know, says nothing there. */
const container = {
  image: Text,
  imagePullPolicy: z.enum(['Always', 'Never', 'IfNotPresent']).optional(),
  imagePullSecrets: Texts.optional(),
  cmd: Texts.optional(),
  env: Env.optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  volumes: z.array(Volume).optional(),
};
const marks = { labels: Labels.optional(), annotations: Labels.optional() };
const mounts = { volumeMounts: VolumeMounts.optional() };
const probes = { livenessProbe: Probe.optional(), readinessProbe: Probe.optional() };
const hosts = { hostAliases: z.array(z.strictObject({ ip: Text, hostnames: Texts })).optional() };
const args = { args: Texts.optional() };
const limit = { limit: z.strictObject({ cpu: z.string().optional(), memory: z.string().optional() }).optional() };

const port = {
  port: z.int(),
  name: z.string().optional(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
  expose: z.boolean().default(false),
};
const Port = z.strictObject({ ...port, containerPort: z.int().optional(), nodePort: z.int().optional() });

const serving = {
  ...container,
  ...marks,
  ...mounts,
  ...probes,
  ...hosts,
  port: z.int().optional(),
  exposeType: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).default('ClusterIP'),
  addRevisionLabel: z.boolean().default(false),
};

export const Service = z.strictObject({ ...serving, ...args, ...limit, ports: z.array(Port).optional() });
export const StatefulService = z.strictObject({ ...serving, ...args, ports: z.array(Port).optional() });
export const Daemon = z.strictObject({ ...serving, ports: z.array(z.strictObject(port)).optional() });

export const Worker = z.strictObject({ ...container, ...mounts, ...probes });

const run = { ...container, ...marks, count: z.int().default(1), restart: z.string().default('Never') };

export const Task = z.strictObject(run);

export const CronTask = z.strictObject({
  ...run,
  ...mounts,
  ...hosts,
  schedule: Text,
  suspend: z.boolean().default(false),
  concurrencyPolicy: z.enum(['Allow', 'Forbid', 'Replace']).default('Allow'),
  successfulJobsHistoryLimit: z.int().default(3),
  failedJobsHistoryLimit: z.int().default(1),
  startingDeadlineSeconds: z.int().optional(),
  ttlSecondsAfterFinished: z.int().optional(),
  activeDeadlineSeconds: z.int().optional(),
  backoffLimit: z.int().default(6),
});

export const Objects = z.strictObject({ objects: z.array(Anything) });

/** A copy of objects that exist: the newer form, and the one that older documentation shows. */
export const References = z.strictObject({
  objects: z
    .array(
      z.strictObject({
        resource: z.string().optional(),
        group: z.string().optional(),
        name: z.string().optional(),
        namespace: z.string().optional(),
        cluster: z.string().optional(),
        labelSelector: Labels.optional(),
        selector: Labels.optional(),
        apiVersion: z.string().optional(),
        kind: z.string().optional(),
      }),
    )
    .nullish(),
  urls: z.array(z.string()).nullish(),
});

const Container = z.strictObject({ ...container, ...marks, ...mounts, ...probes, ...hosts, ...args, ...limit });
/** All that any of them may say. */
export type Container = z.output<typeof Container>;
export type Service = z.output<typeof Service>;
export type Probe = z.output<typeof Probe>;
export type VolumeAlone = z.output<typeof VolumeAlone>;
