/** The schemas of the native manifests: one source for reading them, for editors and for `config/schema`. */
import { z } from 'zod';
import {
  Anything,
  ClusterMatch,
  Commit,
  Duration,
  exactlyOne,
  IntOrPercent,
  Labels,
  Metadata,
  Name,
  Selector,
  Target,
} from './field.ts';

export const apiVersion = 'landfall.dev/v1alpha1';

const manifest = <Spec extends z.ZodType>(kind: string, spec: Spec, about: string) =>
  z
    .strictObject({
      apiVersion: z.literal(apiVersion),
      kind: z.literal(kind),
      metadata: Metadata,
      spec,
      status: z.unknown().optional(),
    })
    .describe(about);

const Access = z
  .strictObject({
    secretRef: z
      .strictObject({ name: Name, namespace: Name.optional() })
      .optional()
      .describe('A Secret on the hub with a kubeconfig under the key `kubeconfig` or `value`.'),
    file: z.string().min(1).optional().describe('A kubeconfig file; relative paths start at the settings file.'),
    context: z.string().min(1).optional().describe('A context of `file`; its current one when absent.'),
    inCluster: z.literal(true).optional().describe('The cluster Landfall runs on.'),
    exec: z
      .strictObject({ provider: z.string().min(1) })
      .optional()
      .describe("A credential plugin from the operator's settings, by name."),
    proxyURL: z.url().optional().describe('An HTTP proxy on the way to the API server.'),
  })
  .superRefine(exactlyOne('secretRef', 'file', 'inCluster', 'exec'));

export const Cluster = manifest(
  'Cluster',
  z.strictObject({
    clusterID: z
      .uuid()
      .optional()
      .describe('The uid of its namespace kube-system; learnt on first contact when absent.'),
    access: Access,
    lifecycle: z.enum(['Joining', 'Active', 'Cordoned', 'Draining', 'Retired']).default('Active'),
    suspend: z.boolean().default(false).describe('No writes.'),
    variables: Labels.default({}).describe(
      'For `${…}` in component namespaces and patches of variants. Never secrets.',
    ),
    movedFrom: z
      .array(z.strictObject({ name: Name }))
      .default([])
      .describe('Names that this cluster had before.'),
  }),
  'A cluster of the fleet and how to reach it.',
);

const Copy = z
  .strictObject({
    cluster: Name.default('hub').describe('Where the original is: `hub`, or a cluster by name.'),
    resource: z.string().min(1).describe('Plural, singular or short name: secret, configmaps, deploy.'),
    group: z.string().optional().describe('API group, when the name alone is not clear.'),
    namespace: Name.optional(),
    name: z.string().min(1).optional(),
    labelSelector: Selector.optional(),
  })
  .superRefine(exactlyOne('name', 'labelSelector'));

const Component = z
  .strictObject({
    name: Name.optional(),
    namespace: z
      .string()
      .min(1)
      .optional()
      .describe('For objects that name none. May hold ${name}, ${region} and variables.'),
    dependsOn: z.array(Name).default([]).describe('Components of this App that must be healthy first.'),
    path: z.string().min(1).optional().describe("A folder or file of manifests, from the repository's root."),
    objects: z.array(Anything).min(1).optional().describe('Kubernetes objects, written here.'),
    copy: z
      .array(Copy)
      .min(1)
      .optional()
      .describe('Existing objects, copied from one cluster to where the App is placed.'),
  })
  .superRefine(exactlyOne('path', 'objects', 'copy'));

const Image = z
  .strictObject({
    name: z.string().min(1).describe('The image without tag and digest, as written in the manifest.'),
    newName: z.string().min(1).optional(),
    newTag: z.string().min(1).optional(),
    digest: z.string().startsWith('sha256:').optional(),
  })
  .refine((image) => image.newName !== undefined || image.newTag !== undefined || image.digest !== undefined, {
    message: 'give `newName`, `newTag` or `digest`',
  });

const Variant = z
  .strictObject({
    ...ClusterMatch,
    images: z.array(Image).default([]),
    patches: z
      .array(
        z.strictObject({
          target: Target.default({}),
          patch: z
            .union([Anything, z.array(Anything)])
            .describe('A merge patch (an object) or a JSON patch (a list of operations).'),
        }),
      )
      .default([]),
  })
  .superRefine(exactlyOne('clusterNames', 'clusterSelector'));

export const App = manifest(
  'App',
  z.strictObject({
    components: z.array(Component).min(1),
    variants: z
      .array(Variant)
      .default([])
      .describe('Differences per cluster; every match applies in order, the last wins.'),
    variables: Labels.default({}).describe("Defaults for `${…}`; a cluster's own variables win."),
    dependsOn: z
      .array(
        z.strictObject({
          name: Name,
          namespace: Name.optional(),
          scope: z.enum(['SameCluster', 'AllClusters']).default('SameCluster'),
        }),
      )
      .default([])
      .describe('Apps that must be synced and healthy first.'),
    ignore: z
      .array(z.strictObject({ target: Target.default({}), paths: z.array(z.string().startsWith('/')).min(1) }))
      .default([])
      .describe('Fields left to others, as JSON pointers.'),
    movedFrom: z
      .array(z.strictObject({ name: Name, namespace: Name.optional() }))
      .default([])
      .describe('Names that this App had before: ownership moves, nothing is deleted.'),
    adopt: z
      .array(z.enum(['any', 'argocd', 'flux', 'helm', 'kubectl', 'kubefed', 'kubevela']))
      .default([])
      .describe('Take over objects that exist already and that these tools made.'),
    suspend: z.boolean().default(false).describe('No writes.'),
  }),
  'What to run.',
);

const Stage = z
  .strictObject({
    name: Name,
    ...ClusterMatch,
    revision: z.enum(['Head', 'Pinned']).default('Head').describe("The branch head, or what the stage's Pin says."),
    soak: Duration.default(0).describe('How long every cell stays healthy before the next stage starts.'),
    waves: z
      .strictObject({
        topologyKey: z.string().min(1).describe('A label of clusters; those with the same value go together.'),
        order: z.array(z.string()).default([]).describe('Values first to last; others follow.'),
        soak: Duration.default(0),
      })
      .optional(),
    maxUnavailable: IntOrPercent.default('25%').describe('Cells that may be unavailable at once.'),
    maxFailures: z.int().min(0).default(0).describe('Failed cells beyond which the stage stops.'),
    progressDeadline: Duration.default(600_000).describe('How long a changed cell may take to become healthy.'),
  })
  .superRefine(exactlyOne('clusterNames', 'clusterSelector'));

const Replicas = z.strictObject({
  target: Target,
  total: z.int().min(0),
  minPerCluster: z.int().min(0).default(0),
  maxPerCluster: z.int().min(0).optional(),
  weights: z
    .array(
      z
        .strictObject({ ...ClusterMatch, weight: z.number().min(0) })
        .superRefine(exactlyOne('clusterNames', 'clusterSelector')),
    )
    .default([]),
});

export const Placement = manifest(
  'Placement',
  z.strictObject({
    apps: z.array(Name).min(1).describe('Apps of the same namespace.'),
    stages: z.array(Stage).min(1).describe('In order; a cluster belongs to the first stage that selects it.'),
    spread: z
      .strictObject({ topologyKey: z.string().min(1), maxClusters: z.int().min(1) })
      .optional()
      .describe('Choose at most so many of the clusters, over as many values of the label as can be.'),
    replicas: z.array(Replicas).default([]).describe('Replica counts shared between the clusters.'),
    onDelete: z
      .enum(['Delete', 'Orphan'])
      .default('Delete')
      .describe('When the App goes, or a cluster leaves the selection.'),
    createNamespaces: z.boolean().default(false),
    addOn: z.boolean().default(false).describe('Settles first on a Joining cluster.'),
    failover: z.strictObject({ mode: z.literal('Never').default('Never') }).optional(),
    suspend: z.boolean().default(false).describe('No writes.'),
  }),
  'Where an App runs, how many of it, and in which order clusters change.',
);

export const Pin = manifest(
  'Pin',
  z.strictObject({
    revision: Commit,
    exceptions: z
      .array(
        z
          .strictObject({ ...ClusterMatch, revision: Commit, reason: z.string().optional() })
          .superRefine(exactlyOne('clusterNames', 'clusterSelector')),
      )
      .default([])
      .describe('Clusters of the stage that run another revision.'),
  }),
  'The revision of the App that a pinned stage runs. Its name is <placement>.<stage>.',
);

export const Tenant = manifest(
  'Tenant',
  z.strictObject({
    repositories: z.array(z.strictObject({ url: z.string().min(1), branch: z.string().min(1).default('main') })).min(1),
    serviceAccountName: z
      .string()
      .min(1)
      .optional()
      .describe('Impersonated on every member: a name in the namespace landfall-system, or <namespace>:<name>.'),
    provision: z
      .boolean()
      .default(false)
      .describe('Make Namespace, ServiceAccount and RoleBinding on the destinations.'),
    destinations: z
      .array(
        z
          .strictObject({ ...ClusterMatch, namespaces: z.array(z.string().min(1)).min(1) })
          .superRefine(exactlyOne('clusterNames', 'clusterSelector')),
      )
      .default([]),
    rules: z
      .array(z.strictObject({ apiGroups: z.array(z.string()).min(1), resources: z.array(z.string()).min(1) }))
      .default([]),
    copies: z
      .array(
        z.strictObject({
          cluster: Name,
          namespace: Name,
          kind: z.string().min(1),
          names: z.array(z.string()).default([]),
        }),
      )
      .default([]),
  }),
  'What a repository may do. Only in repositories that the settings mark `role: operator`.',
);

export const Acknowledgement = manifest(
  'Acknowledgement',
  z.strictObject({
    commit: Commit,
    deletes: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be the digest that `landfall plan` prints'),
  }),
  "A person's yes to a set of deletions.",
);

/** All native kinds by name. */
export const schemas = { Cluster, App, Placement, Pin, Tenant, Acknowledgement } as const;
export type NativeKind = keyof typeof schemas;
