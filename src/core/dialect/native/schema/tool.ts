/** The schema of components that Helm or Kustomize makes. */
import { z } from 'zod';
import { exactVersion } from '../../tool-source.ts';
import { Anything, exactlyOneOf, Flag, listOf, Text } from '../field.ts';

const notExact = 'must be one exact version, as 4.13.2';
const chartURL = 'must be an https:// or oci:// URL';

export const Helm = exactlyOneOf(
  z.strictObject({
    path: Text.optional().describe("A chart in this repository: its folder, from the repository's root."),
    chart: Text.optional().describe('A chart from elsewhere: its name in `repository`, or an oci:// URL.'),
    repository: z
      .string()
      .regex(/^(?:https|oci):\/\/./, chartURL)
      .optional()
      .describe('The chart repository (https://…) or registry (oci://…) that `chart` is in.'),
    version: z
      .string()
      .regex(exactVersion, notExact)
      .optional()
      .describe('The exact version of `chart`: what runs must not change by itself.'),
    releaseName: z
      .string()
      .regex(
        /^(?:[a-z0-9]|\$\{\w+\})(?:(?:[-a-z0-9.]|\$\{\w+\}){0,51}(?:[a-z0-9]|\$\{\w+\}))?$/,
        'must be lower case letters, digits, `-` and `.`, at most 53',
      )
      .optional()
      .describe(
        "Helm's name of the release. Default: the component's name. May hold ${name}, ${region} and variables.",
      ),
  }),
  'path',
  'chart',
)
  .superRefine(({ chart, repository, version }, context) => {
    const report = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (chart !== undefined && version === undefined) report('chart', '`chart` needs `version`');
    if (version !== undefined && chart === undefined) report('version', '`version` needs `chart`');
    if (repository !== undefined && chart === undefined) report('repository', '`repository` needs `chart`');
    if (chart === undefined) return;
    const isURL = /^oci:\/\/[^/]+\/./.test(chart);
    if (repository === undefined && !isURL) report('chart', 'give its `repository`, or an oci:// URL');
    if (repository !== undefined && chart.includes('://')) report('chart', 'is a URL; then there is no `repository`');
  })
  .meta({
    dependencies: { chart: ['version'], version: ['chart'], repository: ['chart'] },
    if: { required: ['chart'], not: { required: ['repository'] } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: { chart: { pattern: '^oci://[^/]+/.' } } },
    else: { properties: { chart: { not: { pattern: '://' } } } },
    title: 'Helm',
  });

/** Spread into the schema of a component. */
export const toolFields = {
  helm: Helm.optional().describe('A Helm chart, rendered with `helm template` for each cluster.'),
  values: Anything.optional().describe(
    'Values of the chart; they win over `valuesFiles`. Strings in them may hold ${name}, ${region} and variables.',
  ),
  valuesFiles: listOf(
    z.strictObject({
      path: Text.describe("From the repository's root. May hold ${name}, ${region} and variables."),
      optional: Flag.default(false).describe('Some clusters have no such file.'),
    }),
  )
    .optional()
    .describe('Files of values, in order; the last wins.'),
  kustomize: Text.optional().describe("A folder with a kustomization, from the repository's root."),
};
