/** The schema of the native App. */
import { z } from 'zod';
import {
  Anything,
  ClusterMatch,
  exactlyOneOf,
  Flag,
  Label,
  Labels,
  listOf,
  Name,
  Selector,
  Target,
  Text,
} from '../field.ts';
import { manifest } from './manifest.ts';
import { toolFields } from './tool.ts';

const Copy = exactlyOneOf(
  z.strictObject({
    cluster: Name.default('hub').describe('Where the original is: `hub`, or a cluster by name.'),
    resource: Text.describe('Plural, singular or short name: secret, configmaps, deploy.'),
    group: z.string().optional().describe('API group, when the name alone is not clear.'),
    namespace: Label.optional().describe("The App's own when absent."),
    name: Text.optional().describe('One object by name.'),
    labelSelector: Selector.optional().describe('Several objects by their labels.'),
  }),
  'name',
  'labelSelector',
).meta({ title: 'Copy' });

const Component = exactlyOneOf(
  z.strictObject({
    name: Name.optional().describe('For `dependsOn` and messages.'),
    namespace: Text.optional().describe(
      'For objects that name none, and for copies, which keep their own without it. May hold ${name}, ${region} and variables.',
    ),
    dependsOn: listOf(Name).default([]).describe('Components of this App that must be healthy first.'),
    path: Text.optional().describe("A folder or file of manifests, from the repository's root."),
    objects: z.array(Anything).min(1, 'must not be empty').optional().describe('Kubernetes objects, written here.'),
    copy: listOf(Copy)
      .min(1, 'must not be empty')
      .optional()
      .describe('Existing objects, copied from one cluster to where the App is placed.'),
    ...toolFields,
  }),
  'path',
  'helm',
  'kustomize',
  'objects',
  'copy',
)
  .superRefine((component, context) => {
    for (const field of ['values', 'valuesFiles'] as const)
      if (component[field] !== undefined && component.helm === undefined)
        context.addIssue({ code: 'custom', message: `\`${field}\` needs \`helm\``, path: [field] });
  })
  .meta({ title: 'Component', dependencies: { values: ['helm'], valuesFiles: ['helm'] } });

const Image = z
  .strictObject({
    name: Text.describe('The image without tag and digest, as written in the manifest.'),
    newName: Text.optional().describe('Another image; the tag stays.'),
    newTag: Text.optional().describe('Another tag.'),
    digest: z
      .string()
      .startsWith('sha256:', 'must begin with sha256:')
      .optional()
      .describe('Instead of a tag: `sha256:…`.'),
  })
  .refine((image) => image.newName !== undefined || image.newTag !== undefined || image.digest !== undefined, {
    message: 'give `newName`, `newTag` or `digest`',
  })
  .meta({
    title: 'Image',
    anyOf: [{ required: ['newName'] }, { required: ['newTag'] }, { required: ['digest'] }],
  });

const Variant = exactlyOneOf(
  z.strictObject({
    ...ClusterMatch,
    images: listOf(Image).default([]).describe('Other images, in all containers that run the named one.'),
    patches: listOf(
      z.strictObject({
        target: Target.prefault({}).describe('Which objects; all of them when absent.'),
        patch: z
          .union([Anything, z.array(Anything)], 'must be an object (a merge patch) or a list of objects (a JSON patch)')
          .describe('A merge patch (an object) or a JSON patch (a list of operations).'),
      }),
    )
      .default([])
      .describe('Changes to objects; strings in them may hold ${name}, ${region} and variables.'),
  }),
  'clusterNames',
  'clusterSelector',
).meta({ title: 'Variant' });

const Dependency = z.strictObject({
  name: Name.describe('An App.'),
  namespace: Label.optional().describe("This App's own when absent."),
  scope: z.enum(['SameCluster', 'AllClusters']).default('SameCluster').describe('Where it must be healthy first.'),
});

export const App = manifest(
  'App',
  z.strictObject({
    components: listOf(Component, 500).min(1, 'must not be empty').describe('What it is made of.'),
    variants: listOf(Variant, 500)
      .default([])
      .describe('Differences per cluster; every match applies in order, the last wins.'),
    variables: Labels.default({}).describe("Defaults for `${…}`; a cluster's own variables win."),
    dependsOn: listOf(Dependency).default([]).describe('Apps that must be synced and healthy first.'),
    ignore: listOf(
      z.strictObject({
        target: Target.prefault({}).describe('Which objects; all of them when absent.'),
        paths: listOf(z.string().startsWith('/', 'must begin with /'))
          .min(1, 'must not be empty')
          .describe('JSON pointers.'),
      }),
    )
      .default([])
      .describe('Fields left to others, as JSON pointers: /spec/replicas.'),
    movedFrom: listOf(z.strictObject({ name: Name, namespace: Label.optional() }))
      .default([])
      .describe('Names that this App had before: ownership moves, nothing is deleted.'),
    adopt: listOf(z.enum(['any', 'argocd', 'flux', 'helm', 'kubectl', 'kubefed', 'kubeservice', 'kubevela']))
      .default([])
      .describe('Take over objects that exist already and that these tools made.'),
    suspend: Flag.default(false).describe('No writes.'),
  }),
  'What to run.',
);
