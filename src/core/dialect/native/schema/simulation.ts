/** The schema of the native Simulation. */
import { z } from 'zod';
import { ClusterMatch, Count, Duration, exactlyOneOf, Instant, Label, listOf, Name, Text } from '../field.ts';
import { manifest } from './manifest.ts';

const App = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
    'must be <namespace>/<name> of an App',
  )
  .describe('An App, as <namespace>/<name>.');

const TopologyKey = Text.describe('A label of clusters: its values are counted instead of clusters.');

/** At least one: of nothing there is nothing to say. */
const Positive = Count.min(1, 'must be at least 1');

const rules = {
  minReady: z
    .strictObject({ app: App, replicas: Positive.describe('Ready at any moment, on all clusters together.') })
    .optional()
    .describe('So many replicas are ready at any moment.'),
  minClusters: z
    .strictObject({
      app: App,
      count: Positive.describe('At least so many.'),
      topologyKey: TopologyKey.optional(),
    })
    .optional()
    .describe('The App is ready on so many clusters, or regions, at any moment.'),
  maxChanging: z
    .strictObject({
      app: App.optional(),
      count: Count.describe('At most so many.'),
      topologyKey: TopologyKey.optional(),
    })
    .optional()
    .describe('So many clusters, or regions, change at once at most; of one App, or of all together.'),
  noDeletes: z.strictObject({ app: App.optional() }).optional().describe('No object is deleted.'),
  order: z
    .strictObject({
      app: App,
      topologyKey: TopologyKey.optional(),
      values: listOf(Text, 1_000).min(2, 'must name at least two').describe('Clusters, or values of the label.'),
    })
    .optional()
    .describe('They begin to change one after the other, each when the one before is well again.'),
  placement: z
    .strictObject({
      app: App,
      clusters: listOf(Name, 10_000).optional().describe('It is on these clusters, and on no others.'),
      replicas: z.record(z.string(), Count).optional().describe('So many replicas on each cluster, and on no others.'),
    })
    .superRefine(({ clusters, replicas }, context) => {
      if ((clusters === undefined) === (replicas === undefined))
        context.addIssue({ code: 'custom', message: 'give one of `clusters`, `replicas`' });
    })
    .meta({ oneOf: [{ required: ['clusters'] }, { required: ['replicas'] }] })
    .optional()
    .describe('Where the App is in the end.'),
  settles: z
    .strictObject({
      app: App.optional(),
      within: Duration.optional().describe('By then at the latest.'),
    })
    .optional()
    .describe('In the end all is as wanted, and healthy, on every cluster that answers.'),
};

export const ruleNames = Object.keys(rules) as readonly (keyof typeof rules)[];

const Policy = exactlyOneOf(
  z.strictObject({ ...rules, because: Text.optional().describe('For people: shown when it does not hold.') }),
  ...ruleNames,
).meta({ title: 'Policy' });

const onClusters = (about: string) =>
  exactlyOneOf(z.strictObject(ClusterMatch), 'clusterNames', 'clusterSelector').optional().describe(about);

const ofApp = (about: string) =>
  z
    .strictObject({ app: App, clusterNames: ClusterMatch.clusterNames, clusterSelector: ClusterMatch.clusterSelector })
    .superRefine(({ clusterNames, clusterSelector }, context) => {
      if (clusterNames !== undefined && clusterSelector !== undefined)
        context.addIssue({ code: 'custom', message: 'give only one of `clusterNames`, `clusterSelector`' });
    })
    .meta({ not: { required: ['clusterNames', 'clusterSelector'] } })
    .optional()
    .describe(about);

const actions = {
  lose: onClusters('These clusters do not answer any more.'),
  return: onClusters('These clusters answer again.'),
  drain: onClusters('Their lifecycle becomes Draining: make before break, then empty.'),
  cordon: onClusters('Their lifecycle becomes Cordoned: nothing new.'),
  activate: onClusters('Their lifecycle becomes Active.'),
  label: exactlyOneOf(
    z.strictObject({
      ...ClusterMatch,
      labels: z.record(z.string(), z.string().nullable()).describe('What they are set to; null takes one away.'),
    }),
    'clusterNames',
    'clusterSelector',
  )
    .optional()
    .describe('Labels of these clusters change.'),
  add: z
    .strictObject({ path: Text.describe('A file, or a folder, from where the simulation is.') })
    .optional()
    .describe('Manifests are laid over those that are there, as a commit would add or change them.'),
  remove: z
    .strictObject({ paths: listOf(Text).min(1, 'must not be empty').describe('Files and folders of the manifests.') })
    .optional()
    .describe('Manifests are taken away.'),
  checkout: z
    .strictObject({ revision: Text.describe('A branch, a tag or a commit of the repository.') })
    .optional()
    .describe('All manifests become what another commit has.'),
  change: z.strictObject({ app: App }).optional().describe('A new version of the App, whatever is new in it.'),
  promote: z
    .strictObject({
      placement: App.describe('A Placement, as <namespace>/<name>.'),
      stage: Label.describe('A stage of it that is pinned.'),
    })
    .optional()
    .describe("The stage's pin is moved to what the manifests say now."),
  break: ofApp('What is applied of the App there from now on does not become healthy.'),
  mend: ofApp('What is applied of the App there becomes healthy again.'),
  wait: z.strictObject({}).optional().describe('Nothing but time passes.'),
};

export const actionNames = Object.keys(actions) as readonly (keyof typeof actions)[];

const Step = exactlyOneOf(
  z.strictObject({
    ...actions,
    name: Text.optional().describe('For people.'),
    for: Duration.optional().describe('How long until the next step. Default: until nothing moves any more.'),
    expect: listOf(Policy).default([]).describe('What has to hold from this step to the next.'),
  }),
  ...actionNames,
).meta({ title: 'Step' });

export const Simulation = manifest(
  'Simulation',
  z.strictObject({
    from: z
      .enum(['Settled', 'Empty'])
      .default('Settled')
      .describe('What runs at first: all that is wanted, or nothing.'),
    startAt: Instant.optional().describe('The moment it begins at, for windows and freezes. Default: now.'),
    readyAfter: Duration.prefault('30s').describe('How long what was applied takes to become healthy.'),
    expect: listOf(Policy).default([]).describe('What has to hold from the first step to the end.'),
    steps: listOf(Step, 1_000).default([]).describe('What happens, one after the other.'),
  }),
  'What would happen, for `landfall simulate --script`; a running Landfall takes no notice of it.',
);
