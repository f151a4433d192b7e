/** The schemas of components that Helm and Kustomize make. */
import { z } from 'zod';
import { Anything, Text } from '../../native/field.ts';

/** What is said of how often to look, and for how long to wait, is Landfall's own business. */
const Ignored = z.unknown().optional();

/** The definition has a branch alone, which moves; a commit or a tag stays. */
const Git = z.looseObject({
  branch: z.string().optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'must be a whole commit')
    .optional(),
  tag: z
    .string()
    .regex(/^[A-Za-z0-9._/-]+$/, 'must be a tag')
    .optional(),
});

const HeldKind = z.enum(['ConfigMap', 'Secret']);

/** As in a HelmRelease. */
const ReleaseValues = z.strictObject({
  kind: HeldKind,
  name: Text,
  valuesKey: Text.default('values.yaml'),
  targetPath: Text.regex(/^[^[\]]+$/, 'must be names with dots between them: no item of a list').optional(),
  optional: z.boolean().default(false),
});

/** As in a `helmchart` component. */
const ChartValues = z.strictObject({
  kind: HeldKind,
  name: Text,
  key: Text.default('values.yaml'),
  optional: z.boolean().default(false),
});

export const Helm = z.looseObject({
  repoType: z.enum(['helm', 'git', 'oss', 'oci']).default('helm'),
  url: Text.optional(),
  chart: Text,
  version: z.string().optional(),
  targetNamespace: Text.optional(),
  releaseName: Text.optional(),
  values: Anything.optional(),
  valuesFiles: z.array(Text).optional(),
  valuesFrom: z.array(ReleaseValues).default([]),
  git: Git.optional(),
  secretRef: Ignored,
  sourceName: Text.optional(),
});

export const HelmChart = z.looseObject({
  chart: z.looseObject({ source: Text, repoURL: Text.optional(), version: z.string().optional(), auth: Ignored }),
  release: z.looseObject({ name: Text.optional(), namespace: Text.optional() }).optional(),
  values: Anything.optional(),
  valuesFrom: z.array(ChartValues).default([]),
});

export const Kustomize = z.looseObject({
  repoType: z.enum(['git', 'oss']).default('git'),
  url: Text,
  path: Text,
  git: Git.optional(),
  targetNamespace: Text.optional(),
  patches: z.array(Anything).optional(),
  secretRef: Ignored,
  imageRepository: Ignored,
});

const Selector = z.strictObject({
  group: z.string().optional(),
  version: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  annotationSelector: z.string().optional(),
  labelSelector: z.string().optional(),
});

export const KustomizePatch = z.strictObject({
  patches: z.array(z.strictObject({ patch: z.string(), target: Selector.optional() })),
});

export const KustomizeJsonPatch = z.strictObject({
  patchesJson: z.array(z.strictObject({ target: Selector, patch: z.array(Anything) })),
});

export const KustomizeMerge = z.strictObject({ patchesStrategicMerge: z.array(Anything) });

export const HelmLabels = z.strictObject({
  apiVersion: z.string().default('apps/v1'),
  kind: z.string().default('Deployment'),
  name: z.string().optional(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
});
