/** Volumes as a webservice or worker of KubeVela 1.0 names them. */
import { z } from 'zod';
import type { Json } from '../../json/value.ts';
import { Count, Text } from '../native/field.ts';

const Item = z.object({ key: Text, path: Text, mode: Count.default(511) });
const place = { name: Text, mountPath: Text };
const files = { defaultMode: Count.default(420), items: z.array(Item).optional() };

export const Volume = z.discriminatedUnion('type', [
  z.object({ ...place, type: z.literal('pvc'), claimName: Text }),
  z.object({ ...place, type: z.literal('configMap'), cmName: Text, ...files }),
  z.object({ ...place, type: z.literal('secret'), secretName: Text, ...files }),
  z.object({ ...place, type: z.literal('emptyDir'), medium: z.enum(['', 'Memory']).default('') }),
]);
type Volume = z.output<typeof Volume>;

export const mountsOf = (volumes: readonly Volume[]): readonly Json[] =>
  volumes.map(({ name, mountPath }) => ({ mountPath, name }));

export const volumesOf = (volumes: readonly Volume[]): readonly Json[] =>
  volumes.map((volume): Json => ({ name: volume.name, ...sourceOf(volume) }));

function sourceOf(volume: Volume): { readonly [field: string]: Json } {
  switch (volume.type) {
    case 'pvc':
      return { persistentVolumeClaim: { claimName: volume.claimName } };
    case 'configMap':
      return { configMap: { name: volume.cmName, ...filesOf(volume) } };
    case 'secret':
      return { secret: { secretName: volume.secretName, ...filesOf(volume) } };
    default:
      return { emptyDir: { medium: volume.medium } };
  }
}

const filesOf = ({ defaultMode, items }: Extract<Volume, { type: 'configMap' | 'secret' }>) => ({
  defaultMode,
  ...(items === undefined ? {} : { items }),
});
