/** The schema of the native Placement. */
import { z } from 'zod';
import {
  ClusterMatch,
  Count,
  Duration,
  exactlyOneOf,
  Flag,
  IntOrPercent,
  Label,
  listOf,
  Name,
  Target,
  Text,
} from '../field.ts';
import { Gate, gatesMax, Promotion } from './gate.ts';
import { manifest } from './manifest.ts';

const Stage = exactlyOneOf(
  z.strictObject({
    // No dot: the name of a Pin is <placement>.<stage>.
    name: Label.describe('For pins and messages.'),
    ...ClusterMatch,
    revision: z.enum(['Head', 'Pinned']).default('Head').describe("The branch head, or what the stage's Pin says."),
    soak: Duration.prefault('0s').describe('How long every cell stays healthy before the next stage starts.'),
    waves: z
      .strictObject({
        topologyKey: Text.describe('A label of clusters; those with the same value go together.'),
        order: listOf(z.string(), 1_000).default([]).describe('Values first to last; others follow.'),
        soak: Duration.prefault('0s').describe('How long a wave stays healthy before the next starts.'),
      })
      .optional()
      .describe('Change clusters in groups, one after the other.'),
    maxUnavailable: IntOrPercent.default('25%').describe('Cells that may be unavailable at once: a count, or a share.'),
    maxFailures: Count.default(0).describe('Failed cells beyond which the stage stops.'),
    after: listOf(Label)
      .optional()
      .describe('Stages that must have shown the revision to be good. Default: the one written before; `[]`: none.'),
    gates: listOf(Gate, gatesMax).default([]).describe('What else must hold before the stage takes anything new.'),
    promotion: Promotion.optional(),
    progressDeadline: Duration.prefault('10m').describe('How long a changed cell may take to become healthy.'),
  }),
  'clusterNames',
  'clusterSelector',
).meta({ title: 'Stage' });

const weightText = 'must be 0, or from 0.001 to 1000000';
const Weight = z
  .number()
  .min(0, weightText)
  .max(1_000_000, weightText)
  .refine((weight) => weight === 0 || weight >= 0.001, weightText)
  .meta({ description: 'Its share, as against those of other clusters.', anyOf: [{ const: 0 }, { minimum: 0.001 }] });

const Replicas = z
  .strictObject({
    target: Target,
    total: Count.describe('Replicas on all clusters together.'),
    minPerCluster: Count.default(0).describe('Replicas that every cluster gets first.'),
    maxPerCluster: Count.optional().describe('Replicas that no cluster gets more of; no limit when absent.'),
    weights: listOf(
      exactlyOneOf(z.strictObject({ ...ClusterMatch, weight: Weight }), 'clusterNames', 'clusterSelector'),
      1_000,
    )
      .default([])
      .describe('The first that matches a cluster counts; 1 without one.'),
  })
  .meta({ title: 'Replicas' });

export const Placement = manifest(
  'Placement',
  z.strictObject({
    apps: listOf(Name, 500).min(1, 'must not be empty').describe('Apps of the same namespace.'),
    stages: listOf(Stage)
      .min(1, 'must not be empty')
      .describe('In order; a cluster belongs to the first stage that selects it.'),
    spread: z
      .strictObject({
        topologyKey: Text.describe('A label of clusters.'),
        maxClusters: Count.min(1, 'must be at least 1').describe('How many clusters at most.'),
      })
      .optional()
      .describe('Choose at most so many of the clusters, over as many values of the label as can be.'),
    replicas: listOf(Replicas).default([]).describe('Replica counts shared between the clusters.'),
    onDelete: z
      .enum(['Delete', 'Orphan'])
      .default('Delete')
      .describe('When the App goes, or a cluster leaves the selection.'),
    createNamespaces: Flag.default(false).describe(
      'Make the namespaces that its objects need; they are never deleted.',
    ),
    addOn: Flag.default(false).describe('Settles first on a Joining cluster.'),
    failover: z
      .strictObject({ mode: z.literal('Never').default('Never') })
      .optional()
      .describe('A lost cluster keeps its share.'),
    suspend: Flag.default(false).describe('No writes.'),
  }),
  'Where an App runs, how many of it, and in which order clusters change.',
);
