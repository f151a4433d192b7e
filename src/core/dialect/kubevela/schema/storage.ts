/** The schema of the trait that gives pods something to keep files in. */
import { z } from 'zod';
import { Anything, Text } from '../../native/field.ts';

const Texts = z.array(z.string());
const Items = z.array(z.strictObject({ key: z.string(), path: z.string(), mode: z.int().default(511) })).optional();
/** Of a claim of a volume. */
export const claim = {
  volumeMode: z.string().default('Filesystem'),
  volumeName: z.string().optional(),
  storageClassName: z.string().optional(),
  dataSourceRef: Anything.optional(),
  dataSource: Anything.optional(),
  selector: Anything.optional(),
};
const mount = { name: Text, mountOnly: z.boolean().default(false), subPath: z.string().optional() };
const file = {
  ...mount,
  mountPath: z.string().optional(),
  defaultMode: z.int().default(420),
  readOnly: z.boolean().default(false),
  items: Items,
};
const forConfigMap = z.strictObject({ envName: Text, configMapKey: Text });
const forSecret = z.strictObject({ envName: Text, secretKey: Text });

export const Storage = z.strictObject({
  pvc: z
    .array(
      z.strictObject({
        ...mount,
        ...claim,
        mountPath: Text,
        accessModes: Texts.default(['ReadWriteOnce']),
        resources: Anything.optional(),
      }),
    )
    .optional(),
  configMap: z
    .array(
      z.strictObject({
        ...file,
        mountToEnv: forConfigMap.optional(),
        mountToEnvs: z.array(forConfigMap).optional(),
        data: Anything.optional(),
      }),
    )
    .optional(),
  secret: z
    .array(
      z.strictObject({
        ...file,
        mountToEnv: forSecret.optional(),
        mountToEnvs: z.array(forSecret).optional(),
        data: Anything.optional(),
        stringData: Anything.optional(),
      }),
    )
    .optional(),
  emptyDir: z
    .array(z.strictObject({ ...mount, mountPath: Text, medium: z.enum(['', 'Memory']).default('') }))
    .optional(),
  hostPath: z
    .array(z.strictObject({ ...mount, mountPath: Text, path: Text, type: z.string().default('Directory') }))
    .optional(),
});
