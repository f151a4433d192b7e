/** The schemas of traits that newer ones have taken the place of. */
import { z } from 'zod';
import { Labels, Text } from '../../native/field.ts';
import { claim } from './storage.ts';
import { VolumeAlone } from './workload.ts';

const Texts = z.array(z.string());

/** Of the time before `storage`. */
export const ConfigMaps = z.strictObject({
  volumes: z.array(
    z.strictObject({
      name: Text,
      mountPath: Text,
      readOnly: z.boolean().default(false),
      data: Labels.optional(),
    }),
  ),
});

const stored = z.looseObject({ storage: Text });

/** Of the time before `storage`, too. */
export const Claim = z
  .strictObject({
    ...claim,
    claimName: Text,
    accessModes: Texts.optional(),
    resources: z.looseObject({ requests: stored, limits: stored.optional() }),
    volumesToMount: z.array(
      z.strictObject({ name: Text, mountPath: z.string().optional(), devicePath: z.string().optional() }),
    ),
  })
  .superRefine(({ volumeMode, volumesToMount }, { addIssue }) => {
    const field = volumeMode === 'Block' ? 'devicePath' : 'mountPath';
    for (const [index, each] of volumesToMount.entries())
      if (each[field] === undefined)
        addIssue({ code: 'custom', path: ['volumesToMount', index], message: `must have a \`${field}\`` });
  });

export const Volumes = z.strictObject({ volumes: z.array(VolumeAlone).default([]) });

/** The older form of a gateway. */
export const PureIngress = z.strictObject({ domain: Text, http: z.record(z.string(), z.int()) });

/** Of Kubernetes since 1.20. */
export const ClassedIngress = z.strictObject({ ...PureIngress.shape, class: z.string().default('nginx') });

/** Of the time before `affinity`. */
export const NodeAffinity = z.strictObject({
  affinity: z.record(z.string(), Texts).optional(),
  tolerations: z.record(z.string(), z.string()).optional(),
});
