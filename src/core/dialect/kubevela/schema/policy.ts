/** The schemas of what policies and deploy steps say. */
import { z } from 'zod';
import { Anything, Labels, listOf, Text } from '../../native/field.ts';

const Names = z.array(z.string()).nullish();

export const Topology = z.strictObject({
  clusters: Names,
  clusterLabelSelector: Labels.nullish(),
  clusterSelector: Labels.nullish().describe('The older name of clusterLabelSelector.'),
  allowEmpty: z.boolean().nullish(),
  namespace: z.string().nullish(),
});

const Trait = z.strictObject({
  type: Text,
  name: z.string().optional(),
  properties: Anything.nullish(),
  disable: z.boolean().nullish(),
});

export const Override = z.strictObject({
  components: listOf(
    z.strictObject({
      name: z.string().nullish(),
      type: z.string().nullish(),
      properties: Anything.nullish(),
      traits: listOf(Trait).nullish(),
      externalRevision: z.string().nullish(),
    }),
    500,
  ).nullish(),
  selector: Names,
});

export const Replication = z.strictObject({ keys: z.array(Text).nullish(), selector: Names });

const Selector = z.strictObject({
  componentNames: Names,
  componentTypes: Names,
  oamTypes: z.array(z.enum(['WORKLOAD', 'TRAIT'])).nullish(),
  traitTypes: Names,
  resourceTypes: Names,
  resourceNames: Names,
});

/** Rules that only say which objects. */
export const Rules = z.strictObject({ rules: listOf(z.strictObject({ selector: Selector }), 500).nullish() });

export const ApplyOnce = z.strictObject({
  enable: z.boolean().nullish(),
  rules: listOf(
    z.strictObject({
      selector: Selector.nullish(),
      strategy: z.strictObject({
        path: z.array(Text),
        affect: z.enum(['', 'onUpdate', 'onStateKeep', 'always']).nullish(),
      }),
    }),
    500,
  ).nullish(),
});

export const GarbageCollect = z.strictObject({
  applicationRevisionLimit: z.number().nullish(),
  keepLegacyResource: z.boolean().nullish(),
  continueOnFailure: z.boolean().nullish(),
  order: z.string().nullish(),
  rules: listOf(
    z.strictObject({
      selector: Selector,
      strategy: z.enum(['onAppUpdate', 'onAppDelete', 'never']).nullish(),
      propagation: z.enum(['orphan', 'cascading']).nullish(),
    }),
    500,
  ).nullish(),
});

export const ResourceUpdate = z.strictObject({
  rules: listOf(
    z.strictObject({
      selector: Selector,
      strategy: z.strictObject({ op: z.enum(['patch', 'replace']).nullish(), recreateFields: Names }).nullish(),
    }),
    500,
  ).nullish(),
});

export const Deploy = z.strictObject({
  policies: z.array(Text).nullish(),
  parallelism: z.int().min(1, 'cannot be smaller than 1').nullish(),
  auto: z.boolean().nullish(),
  ignoreTerraformComponent: z.boolean().nullish(),
});

export const Suspend = z.strictObject({ duration: z.string().nullish(), message: z.string().nullish() });

export const ApplyComponent = z.strictObject({
  component: Text,
  cluster: z.string().nullish(),
  namespace: z.string().nullish(),
});

export const ApplyObject = z.strictObject({ value: Anything, cluster: z.string().nullish() });

/** Without clusters it meant all that were there, whatever they are for: those must be named here. */
export const DeployToClusters = z.strictObject({ clusters: z.array(Text) });

export const ApplyRemaining = z.strictObject({ exceptions: Names });

const Exported = {
  namespace: z.string().nullish(),
  cluster: z.string().nullish(),
  data: z.record(z.string(), z.string()).default({}),
};

export const ExportConfig = z.strictObject({ configName: Text, ...Exported });

export const ExportSecret = z.strictObject({ secretName: Text, type: z.string().nullish(), ...Exported });

const exportTo = {
  name: z.string().nullish(),
  namespace: z.string().nullish(),
  topology: z.string().nullish(),
};

export const ExportData = z.strictObject({
  ...exportTo,
  kind: z.enum(['ConfigMap', 'Secret']).default('ConfigMap'),
  data: z.record(z.string(), z.string()),
});

export const ExportService = z.strictObject({ ...exportTo, ip: Text, port: z.int(), targetPort: z.int() });

export const ApplyDeployment = z.strictObject({
  image: Text,
  replicas: z.int().min(0).default(1),
  cluster: z.string().nullish(),
  cmd: z.array(z.string()).optional(),
});

/** `failDuration`: what does not pass waits, and does not fail. */
export const CheckMetrics = z.strictObject({
  query: Text,
  metricEndpoint: z.string().nullish(),
  condition: Text,
  duration: z.string().default('5m'),
  failDuration: z.string().nullish(),
});

export const DeployToEnvironment = z.strictObject({ policy: Text, env: Text, parallel: z.boolean().nullish() });

const Chosen = z.strictObject({ name: z.string().nullish(), labels: Labels.nullish() });

/** Of the time before `topology` and `override`. */
export const EnvBinding = z.strictObject({
  engine: z.string().nullish(),
  envs: listOf(
    z.strictObject({
      name: Text,
      placement: z.strictObject({ clusterSelector: Chosen.nullish(), namespaceSelector: Chosen.nullish() }).nullish(),
      selector: z.strictObject({ components: Names }).nullish(),
      patch: Anything.nullish(),
    }),
    500,
  ),
});

export const DependsOnApp = z.strictObject({ name: Text, namespace: z.string().nullish() });

export type Selector = z.output<typeof Selector>;
