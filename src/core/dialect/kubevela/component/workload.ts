/** Components that run containers: webservice, worker, daemon, statefulset, task, cron-task. */
import type { z } from 'zod';
import { type JsonObject, withFields } from '../../../json/value.ts';
import type { Context, Output } from '../effect.ts';
import { CronTask, Daemon, Service, StatefulService, Task, Worker } from '../schema/workload.ts';
import { labelsOf, podOf, portName, templateOf } from './pod.ts';

/** A workload, and objects beside it. */
export type Made = { readonly workload: JsonObject; readonly objects: readonly Output[] };

const selectorOf = ({ name }: Context): JsonObject => ({ 'app.oam.dev/component': name });

const controller = (kind: string, spec: JsonObject): JsonObject => ({ apiVersion: 'apps/v1', kind, spec });

type Serving = Omit<Service, 'args' | 'limit' | 'ports'> & Pick<Service, 'args' | 'limit'>;

/** `output` is what the Service is called among the objects of the component. */
export const service =
  (kind: 'Deployment' | 'StatefulSet', output: string) =>
  (given: Service, context: Context): Made => {
    const exposed = (given.ports ?? []).filter(({ expose }) => expose);
    const ports = exposed.map((port) =>
      withFields(
        { port: port.port, targetPort: port.containerPort ?? port.port, name: nameOf(port) },
        { nodePort: given.exposeType === 'NodePort' ? port.nodePort : undefined, protocol: port.protocol },
      ),
    );
    return serving(kind, output, given, containerPorts(given), ports, context);
  };

/** Its definition is the older one: a port is called by its number alone, and is exposed for TCP whatever it speaks. */
export function daemon(given: z.output<typeof Daemon>, context: Context): Made {
  const called = ({ name, port }: { readonly name?: string | undefined; readonly port: number }): string =>
    name ?? `port-${port}`;
  const inside = given.ports?.map((each) => ({
    containerPort: each.port,
    protocol: each.protocol,
    name: called(each),
  }));
  const exposed = (given.ports ?? []).filter(({ expose }) => expose);
  const ports = exposed.map((each) => ({ port: each.port, targetPort: each.port, name: called(each) }));
  return serving(
    'DaemonSet',
    'webserviceExpose',
    given,
    inside ?? containerPorts({ port: given.port }),
    ports,
    context,
  );
}

function serving(
  kind: 'Deployment' | 'DaemonSet' | 'StatefulSet',
  output: string,
  given: Serving,
  inside: readonly JsonObject[] | undefined,
  ports: readonly JsonObject[],
  context: Context,
): Made {
  const spec = {
    selector: { matchLabels: selectorOf(context) },
    template: templateOf(given, context, podOf(given, context, inside)),
  };
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: context.name },
    spec: { selector: selectorOf(context), ports, type: given.exposeType },
  };
  return { workload: controller(kind, spec), objects: ports.length === 0 ? [] : [{ key: output, object }] };
}

type Port = NonNullable<Service['ports']>[number];

const nameOf = ({ name, port, containerPort, protocol }: Port): string =>
  name ?? portName(containerPort ?? port, protocol);

function containerPorts({ port, ports }: Partial<Pick<Service, 'port' | 'ports'>>): readonly JsonObject[] | undefined {
  if (ports !== undefined)
    return ports.map((each) => ({
      containerPort: each.containerPort ?? each.port,
      protocol: each.protocol,
      name: nameOf(each),
    }));
  return port === undefined ? undefined : [{ containerPort: port }];
}

export function worker(given: z.output<typeof Worker>, context: Context): Made {
  const spec = {
    selector: { matchLabels: selectorOf(context) },
    template: templateOf(given, context, podOf(given, context, undefined)),
  };
  return { workload: controller('Deployment', spec), objects: [] };
}

const jobSpec = (given: z.output<typeof Task>, context: Context): JsonObject => ({
  parallelism: given.count,
  completions: given.count,
  template: templateOf(given, context, { restartPolicy: given.restart, ...podOf(given, context, undefined) }),
});

export function task(given: z.output<typeof Task>, context: Context): Made {
  const workload = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${context.app}-${context.name}` },
    spec: jobSpec(given, context),
  };
  return { workload, objects: [] };
}

export function cronTask(given: z.output<typeof CronTask>, context: Context): Made {
  const { ttlSecondsAfterFinished, activeDeadlineSeconds, backoffLimit } = given;
  const labels = { ...given.labels, ...labelsOf(context) };
  const spec = withFields(
    {
      schedule: given.schedule,
      concurrencyPolicy: given.concurrencyPolicy,
      suspend: given.suspend,
      successfulJobsHistoryLimit: given.successfulJobsHistoryLimit,
      failedJobsHistoryLimit: given.failedJobsHistoryLimit,
    },
    {
      startingDeadlineSeconds: given.startingDeadlineSeconds,
      jobTemplate: {
        metadata: withFields({ labels }, { annotations: given.annotations }),
        spec: withFields(jobSpec(given, context), { ttlSecondsAfterFinished, activeDeadlineSeconds, backoffLimit }),
      },
    },
  );
  return { workload: { apiVersion: 'batch/v1', kind: 'CronJob', spec }, objects: [] };
}

export const schemas = { Service, StatefulService, Daemon, Worker, Task, CronTask } as const;
