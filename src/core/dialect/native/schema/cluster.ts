/** The schema of the native Cluster. */
import { z } from 'zod';
import { lifecycles } from '../../../model/fleet.ts';
import { exactlyOneOf, Flag, Label, Labels, listOf, Name, Text } from '../field.ts';
import { manifest } from './manifest.ts';

const Access = exactlyOneOf(
  z.strictObject({
    secretRef: z
      .strictObject({ name: Name, namespace: Label.optional() })
      .optional()
      .describe('A Secret on the hub with a kubeconfig under the key `kubeconfig` or `value`.'),
    file: Text.optional().describe('A kubeconfig file; relative paths start at the settings file, ~/ at home.'),
    context: Text.optional().describe('A context of `file`; its current one when absent.'),
    inCluster: z.literal(true).optional().describe('The cluster Landfall runs on.'),
    exec: z
      .strictObject({ provider: Text })
      .optional()
      .describe("A credential plugin from the operator's settings, by name."),
    proxyURL: z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .meta({ pattern: '^https?://' })
      .optional()
      .describe('An HTTP proxy on the way to the API server.'),
  }),
  'secretRef',
  'file',
  'inCluster',
  'exec',
).describe('References to credentials, never their values.');

export const Cluster = manifest(
  'Cluster',
  z.strictObject({
    clusterID: z
      .uuid('must be a UUID: the uid of the namespace kube-system')
      .optional()
      .describe('The uid of its namespace kube-system; learnt on first contact when absent.'),
    access: Access,
    lifecycle: z
      .enum(lifecycles)
      .default('Active')
      .describe(
        'Joining: add-ons settle first. Cordoned: takes nothing new. Draining: left as soon as others have taken over. Retired: forgotten without contact.',
      ),
    suspend: Flag.default(false).describe('No writes.'),
    variables: Labels.default({}).describe(
      'For `${…}` in component namespaces and patches of variants. Never secrets.',
    ),
    movedFrom: listOf(z.strictObject({ name: Name }))
      .default([])
      .describe('Names that this cluster had before.'),
  }),
  'A cluster of the fleet and how to reach it.',
);
