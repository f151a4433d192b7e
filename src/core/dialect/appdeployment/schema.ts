/** The schemas of AppDeployment and what it refers to, as `core.oam.dev/v1beta1` had them up to KubeVela 1.2. */
import { z } from 'zod';
import { Anything, Count, Labels, listOf, Metadata, Text } from '../native/field.ts';

const apiVersion = 'core.oam.dev/v1beta1';

const manifest = <Spec extends z.ZodType>(kind: string, spec: Spec) =>
  z.object({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: Metadata,
    spec,
    status: z.unknown().optional(),
  });

const ClusterSelector = z.object({ name: z.string().optional(), labels: Labels.optional() });

const Placement = z.object({
  clusterSelector: ClusterSelector.optional(),
  distribution: z.object({ replicas: Count.optional() }).optional(),
});
export type PlacementEntry = z.output<typeof Placement>;

const Target = z.object({
  revisionName: Text,
  componentName: Text,
  port: z.int().min(1, 'must be a port').max(65_535, 'must be a port'),
  weight: z.int().min(0, 'must not be negative').max(100, 'must be at most 100').optional(),
});
export type Target = z.output<typeof Target>;

const Rule = z.object({
  match: z.array(z.object({ uri: z.object({ prefix: z.string() }) })).optional(),
  weightedTargets: listOf(Target).min(1, 'must not be empty'),
});
export type Rule = z.output<typeof Rule>;

const Traffic = z.object({
  hosts: z.array(z.string()).optional(),
  gateways: z.array(z.string()).optional(),
  http: z.array(Rule).default([]),
});
export type Traffic = z.output<typeof Traffic>;

export const AppDeployment = manifest(
  'AppDeployment',
  z.object({
    traffic: Traffic.optional(),
    appRevisions: z.array(z.object({ revisionName: Text, placement: z.array(Placement).default([]) })).default([]),
  }),
);
export type AppDeploymentSpec = z.output<typeof AppDeployment>['spec'];

export const Cluster = manifest('Cluster', z.object({ kubeconfigSecretRef: z.object({ name: Text }) }));

const Trait = z.object({ type: Text, properties: Anything.optional() });

export const ApplicationSpec = z.object({
  components: z.array(
    z.looseObject({
      name: Text,
      type: Text,
      properties: Anything.optional(),
      traits: z.array(Trait).default([]),
      scopes: z.unknown().optional(),
    }),
  ),
});
export type Component = z.output<typeof ApplicationSpec>['components'][number];

export const Application = manifest('Application', z.looseObject(ApplicationSpec.shape));

/** As the controller wrote it: objects that are rendered already. */
const Raw = z.looseObject({
  components: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: Text }),
      spec: z.looseObject({ workload: Anything }),
    }),
  ),
  applicationConfiguration: z.looseObject({
    spec: z.looseObject({
      components: z.array(
        z.looseObject({
          componentName: z.string().optional(),
          revisionName: z.string().optional(),
          traits: z.array(z.looseObject({ trait: Anything })).optional(),
        }),
      ),
    }),
  }),
});

/** As a person writes it. */
const Short = z.looseObject({
  application: z.looseObject({ spec: z.looseObject(ApplicationSpec.shape) }),
});

export const RawRevision = manifest('ApplicationRevision', Raw);
export const ShortRevision = manifest('ApplicationRevision', Short);

export const schemas = { AppDeployment, Application, ApplicationRevision: ShortRevision, Cluster } as const;
