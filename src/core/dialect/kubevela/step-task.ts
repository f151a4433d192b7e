/** What the step of a workflow deploys, by its type. */
import type { z } from 'zod';
import { type JsonObject, withFields } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import { readWritten, type Written } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { caution, problem } from './problem.ts';
import * as schema from './schema/policy.ts';

/** What one step deploys. */
export type Task =
  | { readonly kind: 'policies'; readonly policies: readonly { readonly name: string; readonly origin: Origin }[] }
  | { readonly kind: 'environment'; readonly policy: string; readonly env: string; readonly origin: Origin }
  /** One component, or all but some, where it says. */
  | {
      readonly kind: 'component';
      readonly component: string | undefined;
      readonly except: readonly string[];
      readonly cluster: string | undefined;
      readonly namespace: string | undefined;
    }
  | { readonly kind: 'object'; readonly written: Written; readonly cluster: string | undefined };

export type StepTask = { readonly task: Task; readonly isWaiting: boolean };

const all = { kind: 'component', component: undefined, cluster: undefined, namespace: undefined } as const;

type Reader = (written: Written, done: readonly Task[]) => Findings<StepTask | undefined>;

const step =
  <Schema extends z.ZodType>(
    given: Schema,
    make: (value: z.output<Schema>, written: Written, done: readonly Task[]) => Task,
    isWaiting: (value: z.output<Schema>) => boolean = () => false,
  ): Reader =>
  (written, done) => {
    const { value, diagnostics } = readWritten(given, written);
    if (value === undefined) return { value: undefined, diagnostics };
    return { value: { task: make(value, written, done), isWaiting: isWaiting(value) }, diagnostics };
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

const component = step(schema.ApplyComponent, ({ component: name, cluster, namespace }) => ({
  kind: 'component',
  component: name,
  except: [],
  cluster: cluster || undefined,
  namespace: namespace || undefined,
}));

const application: Reader = () => ({ value: { task: { ...all, except: [] }, isWaiting: false }, diagnostics: [] });

const remaining = step(schema.ApplyRemaining, ({ exceptions }, _, done) => {
  const applied = done.flatMap((task) => (task.kind === 'component' ? (task.component ?? []) : []));
  return { ...all, except: [...(exceptions ?? []), ...applied] };
});

const object = step(schema.ApplyObject, ({ cluster }, written) => ({
  kind: 'object',
  written,
  cluster: cluster || undefined,
}));

const config = step(schema.ExportConfig, ({ configName, data, ...place }, written) =>
  exported({ kind: 'ConfigMap', data }, configName, place, written),
);

const secret = step(schema.ExportSecret, ({ secretName, data, type, ...place }, written) =>
  exported(withFields({ kind: 'Secret', stringData: data }, { type: type || undefined }), secretName, place, written),
);

type Place = { readonly namespace?: string | null | undefined; readonly cluster?: string | null | undefined };

function exported(fields: JsonObject, name: string, { namespace, cluster }: Place, written: Written): Task {
  const metadata = withFields({ name }, { namespace: namespace || undefined });
  const value = { value: { apiVersion: 'v1', ...fields, metadata } };
  const originAt = () => written.originAt([]);
  return { kind: 'object', written: { ...written, value, originAt }, cluster: cluster || undefined };
}

const readers: ReadonlyMap<string, Reader> = new Map([
  ['deploy', deploy],
  ['deploy2env', toEnvironment],
  ['apply-component', component],
  ['apply-application', application],
  ['apply-remaining', remaining],
  ['apply-object', object],
  ['export2config', config],
  ['export2secret', secret],
]);

/** `done`: what the steps before deploy. Shape: undefined for what deploys nothing, with a word about it. */
export function taskOf(type: string, written: Written, done: readonly Task[]): Findings<StepTask | undefined> {
  const reader = readers.get(type);
  return reader === undefined ? { value: undefined, diagnostics: [unknown(type, written)] } : reader(written, done);
}

/** Steps that tell somebody something and change no cluster. */
const telling: readonly string[] = [
  'notification',
  'webhook',
  'print-message-in-status',
  'collect-service-endpoints',
  'generate-jdbc-connection',
  'check-metrics',
  'list-config',
  'clean-jobs',
];

const known: readonly string[] = [...readers.keys(), 'suspend', 'step-group', 'depends-on-app'];

/** What does the same here. */
const waysOut: Readonly<Record<string, string>> = {
  'addon-operation': 'what an addon installs is an App of its own',
  'apply-deployment': 'make it a `webservice` component, and apply that',
  'build-push-image': 'build in CI, and let it commit the new image',
  'canary-rollout': 'deploy to one cluster first, in a step of its own',
  'create-config': 'commit the Secret, encrypted with SOPS',
  'delete-config': 'delete its manifest instead',
  'deploy-cloud-resource': 'apply the cloud resource as a `k8s-objects` component',
  'export-data': 'commit the ConfigMap, as a `k8s-objects` component with a topology',
  'export-service': 'commit the Service and its Endpoints, as a `k8s-objects` component',
  'read-config': 'write what is read into the manifest, or refer to the ConfigMap or Secret that holds it',
  'read-object': 'write what is read into the manifest, or refer to the ConfigMap or Secret that holds it',
  'restart-workflow': 'a commit starts it',
  'rollout-wait-succeed': 'take it out: every step waits until what it deployed is well',
  'share-cloud-resource': 'copy the Secret with a `ref-objects` component',
  'vela-cli': 'what a command should change is written into manifests',
  deploy2runtime: 'use `deploy` with a `topology` policy',
  request: 'a gate of a Placement asks somebody else before a stage',
};

function unknown(type: string, { originAt }: Written): Diagnostic {
  const origin = originAt([]);
  if (telling.includes(type)) {
    const hint = 'commit statuses and alerts tell what happens';
    return caution('A1518', origin, `a step of type ${type} is not run`, hint);
  }
  const way = Object.hasOwn(waysOut, type) ? waysOut[type] : undefined;
  const guess = nearest(type, known);
  const other =
    guess === undefined ? 'take it out of the workflow; what runs is kept until then' : `did you mean \`${guess}\`?`;
  return problem('A1513', origin, `a step of type ${type} cannot be run`, way ?? other);
}
