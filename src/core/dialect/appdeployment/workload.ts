/** The workload types of KubeVela 1.0: what its templates made of a component's properties. */
import { z } from 'zod';
import type { Json, JsonObject } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import { Count, Text } from '../native/field.ts';
import type { Placed } from '../placed.ts';
import { label } from './labels.ts';
import { readProperties } from './properties.ts';
import { mountsOf, Volume, volumesOf } from './volume.ts';

export type WorkloadContext = { readonly revision: string };

/** A type with its properties read. */
export type WorkloadKind = {
  readonly read: (properties: JsonObject, placed: Placed, path: Path) => Findings<unknown>;
  readonly render: (properties: unknown, name: string, context: WorkloadContext) => JsonObject;
};

const kindOf = <Schema extends z.ZodObject>(
  schema: Schema,
  render: (properties: z.output<Schema>, name: string, context: WorkloadContext) => JsonObject,
): WorkloadKind => ({
  read: (properties, placed, path) => readProperties(schema, properties, placed, path),
  // Only what the same schema has read comes here.
  render: (properties, name, context) => render(schema.parse(properties), name, context),
});

const Env = z.object({
  name: Text,
  value: z.string().optional(),
  valueFrom: z.object({ secretKeyRef: z.object({ name: Text, key: Text }) }).optional(),
});

const worker = {
  image: Text,
  cmd: z.array(z.string()).optional(),
  volumes: z.array(Volume).optional(),
};

const WebService = z.object({
  ...worker,
  port: z.int().min(1, 'must be a port').max(65_535, 'must be a port').default(80),
  env: z.array(Env).optional(),
  cpu: z.string().optional(),
  addRevisionLabel: z.boolean().default(false),
});

const Task = z.object({
  image: Text,
  count: Count.default(1),
  restart: z.string().default('Never'),
  cmd: z.array(z.string()).optional(),
});

export const workloads: Readonly<Record<string, WorkloadKind>> = {
  webservice: kindOf(WebService, (properties, name, { revision }) => {
    const { image, cmd, env, cpu, port, addRevisionLabel, volumes = [] } = properties;
    const labels = {
      [label.component]: name,
      ...(addRevisionLabel ? { [label.revision]: revision } : {}),
    };
    return deployment(labels, volumes, {
      name,
      image,
      ...(cmd === undefined ? {} : { command: cmd }),
      ...(env === undefined ? {} : { env: env.map(envOf) }),
      ports: [{ containerPort: port }],
      ...(cpu === undefined ? {} : { resources: { limits: { cpu }, requests: { cpu } } }),
    });
  }),
  worker: kindOf(z.object(worker), ({ image, cmd, volumes = [] }, name) =>
    deployment({ [label.component]: name }, volumes, { name, image, ...(cmd === undefined ? {} : { command: cmd }) }),
  ),
  task: kindOf(Task, ({ image, count, restart, cmd }, name) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    spec: {
      parallelism: count,
      completions: count,
      template: {
        spec: { restartPolicy: restart, containers: [{ name, image, ...(cmd === undefined ? {} : { command: cmd }) }] },
      },
    },
  })),
};

function envOf({ name, value, valueFrom }: z.output<typeof Env>): Json {
  return { name, ...(value === undefined ? {} : { value }), ...(valueFrom === undefined ? {} : { valueFrom }) };
}

function deployment(
  labels: Readonly<Record<string, string>>,
  volumes: readonly z.output<typeof Volume>[],
  container: JsonObject,
): JsonObject {
  const hasVolumes = volumes.length > 0;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [hasVolumes ? { ...container, volumeMounts: mountsOf(volumes) } : container],
          ...(hasVolumes ? { volumes: volumesOf(volumes) } : {}),
        },
      },
    },
  };
}
