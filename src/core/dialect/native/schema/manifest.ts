/** What all native manifests have in common. */
import { z } from 'zod';
import { Metadata } from '../field.ts';

export const apiVersion = 'landfall.dev/v1alpha1';

export const manifest = <Spec extends z.ZodType>(kind: string, spec: Spec, about: string) =>
  z
    .strictObject({
      apiVersion: z.literal(apiVersion),
      kind: z.literal(kind),
      metadata: Metadata,
      spec,
      status: z.unknown().optional().describe('Ignored.'),
    })
    .meta({ title: kind, description: about });
