/** The schemas of KubeService's App and MicroService. */
import { z } from 'zod';
import { Anything, Metadata, Text } from '../native/field.ts';

export const apiVersion = 'app.o0w0o.cn/v1';

const Canary = z.object({
  weight: z.int().min(1, 'must be at least 1').max(100, 'must be at most 100'),
  canaryIngressName: z.string().optional(),
  header: z.string().optional(),
  headerValue: z.string().optional(),
  cookie: z.string().optional(),
});

const Version = z.object({
  name: Text,
  template: z.looseObject({ selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }) }),
  serviceName: z.string().optional(),
  canary: Canary.optional(),
});

const named = z.object({ name: Text, spec: Anything });

const LoadBalance = z.object({ service: named.optional(), ingress: named.optional() });

const MicroServiceSpec = z.object({
  clusterName: z.string().optional(),
  loadBalance: LoadBalance.optional(),
  versions: z.array(Version),
  currentVersionName: z.string().optional(),
});
export type MicroServiceSpec = z.output<typeof MicroServiceSpec>;
export type Version = z.output<typeof Version>;

const manifest = <Spec extends z.ZodType>(kind: string, spec: Spec) =>
  z.object({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: Metadata,
    spec,
    status: z.unknown().optional(),
  });

export const App = manifest(
  'App',
  z.object({
    microServices: z.array(z.object({ name: Text, spec: MicroServiceSpec.optional() })).default([]),
  }),
);

export const MicroService = manifest('MicroService', MicroServiceSpec);

export const schemas = { App, MicroService } as const;
