/** The schema of what the trait nocalhost says. */
import { z } from 'zod';
import { Text } from '../../native/field.ts';

const Texts = z.array(z.string());

const asked = (memory: string, cpu: string) =>
  z.strictObject({ memory: z.string().default(memory), cpu: z.string().default(cpu) }).prefault({});

export const Nocalhost = z.strictObject({
  port: z.int(),
  serviceType: z.string().default('deployment'),
  gitUrl: z.string().optional(),
  image: Text,
  shell: z.string().default('bash'),
  workDir: z.string().default('/home/nocalhost-dev'),
  storageClass: z.string().optional(),
  command: z
    .strictObject({ run: Texts.default(['sh', 'run.sh']), debug: Texts.default(['sh', 'debug.sh']) })
    .prefault({}),
  debug: z.strictObject({ remoteDebugPort: z.int().optional() }).optional(),
  hotReload: z.boolean().default(true),
  sync: z
    .strictObject({
      type: z.string().default('send'),
      filePattern: Texts.default(['./']),
      ignoreFilePattern: Texts.default(['.git', '.vscode', '.idea', '.gradle', 'build']),
    })
    .prefault({}),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  portForward: Texts.optional(),
  persistentVolumeDirs: z.array(z.strictObject({ path: z.string(), capacity: z.string() })).optional(),
  resources: z.strictObject({ limits: asked('2Gi', '2'), requests: asked('512Mi', '0.5') }).prefault({}),
});
