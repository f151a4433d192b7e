/** What the step of a workflow deploys, by its type. */
import type { z } from 'zod';
import { fieldOf, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import { readWritten, type Written } from '../native/read.ts';
import type { Input, Output } from './loaded.ts';
import * as schema from './schema/policy.ts';
import { unknownStep } from './step-refusal.ts';

/** What one step deploys. */
export type Task =
  | { readonly kind: 'policies'; readonly policies: readonly { readonly name: string; readonly origin: Origin }[] }
  | { readonly kind: 'environment'; readonly policy: string; readonly env: string; readonly origin: Origin }
  /** One component, or all but some, where it says. */
  | {
      readonly kind: 'component';
      /** Of the step: they count as the component's own. */
      readonly inputs: readonly Input[];
      readonly outputs: readonly Output[];
      readonly component: string | undefined;
      readonly except: readonly string[];
      /** Undefined: the hub. */
      readonly clusters: readonly string[] | undefined;
      readonly namespace: string | undefined;
    }
  | {
      readonly kind: 'objects';
      /** As a component of this type has it. */
      readonly type: 'raw' | 'k8s-objects';
      readonly properties: Written;
      readonly to: Target;
    }
  /** Known once its properties have the values that it takes. */
  | { readonly kind: 'unfilled'; readonly type: string; readonly written: Written; readonly context: StepContext };

/** The clusters of a topology policy, or one cluster, or the hub. */
export type Target =
  | { readonly kind: 'topology'; readonly policy: string; readonly origin: Origin }
  | { readonly kind: 'cluster'; readonly cluster: string | undefined };

/** What a step knows of where it stands. */
export type StepContext = {
  readonly step: string;
  readonly app: string;
  readonly namespace: string;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** What the steps before deploy. */
  readonly done: readonly Task[];
};

export type StepTask = { readonly task: Task; readonly isWaiting: boolean };

const all = {
  kind: 'component',
  component: undefined,
  clusters: undefined,
  namespace: undefined,
  inputs: [],
  outputs: [],
} as const;

type Reader = (written: Written, context: StepContext) => Findings<StepTask | undefined>;

const step =
  <Schema extends z.ZodType>(
    given: Schema,
    make: (value: z.output<Schema>, written: Written, context: StepContext) => Task,
    isWaiting: (value: z.output<Schema>) => boolean = () => false,
  ): Reader =>
  (written, context) => {
    const { value, diagnostics } = readWritten(given, written);
    if (value === undefined) return { value: undefined, diagnostics };
    return { value: { task: make(value, written, context), isWaiting: isWaiting(value) }, diagnostics };
  };

const deploy = step(
  schema.Deploy,
  ({ policies }, written) => ({
    kind: 'policies',
    policies: (policies ?? []).map((name, at) => ({ name, origin: written.originAt(['policies', at]) })),
  }),
  ({ auto }) => auto === false,
);

const toEnvironment = step(schema.DeployToEnvironment, ({ policy, env }, written) => ({
  kind: 'environment',
  policy,
  env,
  origin: written.originAt([]),
}));

const component = step(schema.ApplyComponent, ({ component: name, cluster, namespace }, _, { inputs, outputs }) => ({
  kind: 'component',
  inputs,
  outputs,
  component: name,
  except: [],
  clusters: cluster ? [cluster] : undefined,
  namespace: namespace || undefined,
}));

const application: Reader = () => ({ value: { task: { ...all, except: [] }, isWaiting: false }, diagnostics: [] });

/** Of the time before `topology`. */
const toClusters = step(schema.DeployToClusters, ({ clusters }) => ({ ...all, except: [], clusters }));

const remaining = step(schema.ApplyRemaining, ({ exceptions }, _, { done }) => {
  const applied = done.flatMap((task) => (task.kind === 'component' ? (task.component ?? []) : []));
  return { ...all, except: [...(exceptions ?? []), ...applied] };
});

const object = step(schema.ApplyObject, ({ cluster }, { value, called, originAt }) => ({
  kind: 'objects',
  type: 'raw',
  properties: {
    value: placedObject(fieldOf(value, 'value') ?? {}),
    called,
    originAt: (path) => originAt(['value', ...path]),
  },
  to: on(cluster),
}));

/** What says no namespace goes to `default`, not to the Application's: so KubeVela does, and there it is. */
function placedObject(object: Json): Json {
  const metadata = fieldOf(object, 'metadata') ?? {};
  if (!isObject(object) || !isObject(metadata) || metadata.namespace) return object;
  return { ...object, metadata: { ...metadata, namespace: 'default' } };
}

const config = step(schema.ExportConfig, ({ configName, data, namespace, cluster }, written) =>
  made(written, { ...named('v1', 'ConfigMap', configName, namespace), data }, on(cluster)),
);

const secret = step(schema.ExportSecret, ({ secretName, data, type, namespace, cluster }, written) =>
  made(
    written,
    withFields({ ...named('v1', 'Secret', secretName, namespace), stringData: data }, { type: type || undefined }),
    on(cluster),
  ),
);

const exportData = step(schema.ExportData, ({ kind, data, name, namespace, topology }, written, context) => {
  const object = named('v1', kind, name || context.app, namespace || context.namespace);
  const filled = kind === 'Secret' ? { stringData: data } : { data };
  return made(written, { ...object, ...filled }, through(topology, written));
});

const exportService = step(schema.ExportService, ({ ip, port, targetPort, ...place }, written, context) => {
  const [name, namespace] = [place.name || context.app, place.namespace || context.namespace];
  const ports = [{ protocol: 'TCP', port, targetPort }];
  const subsets = [{ addresses: [{ ip }], ports: [{ port: targetPort }] }];
  const objects = [
    { ...named('v1', 'Service', name, namespace), spec: { type: 'ClusterIP', ports } },
    { ...named('v1', 'Endpoints', name, namespace), subsets },
  ];
  return { ...made(written, { objects }, through(place.topology, written)), type: 'k8s-objects' };
});

const deployment = step(schema.ApplyDeployment, ({ image, replicas, cmd, cluster }, written, context) => {
  const labels = { 'workflow.oam.dev/step-name': `${context.app}-${context.step}` };
  const container = withFields({ name: context.step, image }, { command: cmd });
  const spec = {
    selector: { matchLabels: labels },
    replicas,
    template: { metadata: { labels }, spec: { containers: [container] } },
  };
  return made(written, { ...named('apps/v1', 'Deployment', context.step, context.namespace), spec }, on(cluster));
});

const on = (cluster: string | null | undefined): Target => ({ kind: 'cluster', cluster: cluster || undefined });

const through = (policy: string | null | undefined, { originAt }: Written): Target =>
  policy ? { kind: 'topology', policy, origin: originAt(['topology']) } : on(undefined);

const named = (apiVersion: string, kind: string, name: string, namespace: string | null | undefined) => ({
  apiVersion,
  kind,
  metadata: withFields({ name }, { namespace: namespace || undefined }),
});

/** Whatever is wrong with it stands where the step does. */
function made(written: Written, value: JsonObject, to: Target): Extract<Task, { kind: 'objects' }> {
  return { kind: 'objects', type: 'raw', properties: { ...written, value, originAt: () => written.originAt([]) }, to };
}

/** Types whose properties may take values: all of them are of the objects that they make. */
const takers: readonly string[] = [
  'apply-object',
  'export2config',
  'export2secret',
  'export-data',
  'export-service',
  'apply-deployment',
];

/** May values pass into a step of this type, or out of it? */
export const mayPass = (type: string, way: 'inputs' | 'outputs'): boolean =>
  type === 'apply-component' || (way === 'inputs' && takers.includes(type));

const readers: ReadonlyMap<string, Reader> = new Map([
  ['deploy', deploy],
  ['deploy2env', toEnvironment],
  ['apply-component', component],
  ['apply-application', application],
  ['deploy2runtime', toClusters],
  ['apply-remaining', remaining],
  ['apply-object', object],
  ['export2config', config],
  ['export2secret', secret],
  ['export-data', exportData],
  ['export-service', exportService],
  ['apply-deployment', deployment],
]);

const known: readonly string[] = [...readers.keys(), 'suspend', 'step-group', 'depends-on-app', 'check-metrics'];

/** Shape: undefined for what deploys nothing, with a word about it. */
export function taskOf(type: string, written: Written, context: StepContext): Findings<StepTask | undefined> {
  const reader = readers.get(type);
  if (takers.includes(type) && context.inputs.length > 0)
    return { value: { task: { kind: 'unfilled', type, written, context }, isWaiting: false }, diagnostics: [] };
  return reader === undefined
    ? { value: undefined, diagnostics: [unknownStep(type, written, known)] }
    : reader(written, context);
}
