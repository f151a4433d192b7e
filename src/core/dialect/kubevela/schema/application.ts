/** The schemas of Application, and of Policies and Workflows outside of one. */
import { z } from 'zod';
import { Anything, Labels, listOf, Text } from '../../native/field.ts';

const Properties = Anything.nullish().transform((value) => value ?? undefined);

const Metadata = z.looseObject({
  name: Text,
  namespace: z
    .string()
    .nullish()
    .transform((namespace) => (namespace ? namespace : 'default')),
  labels: Labels.nullish().transform((labels) => labels ?? {}),
  annotations: Labels.nullish().transform((annotations) => annotations ?? {}),
});

const Trait = z.strictObject({ type: Text, name: z.string().optional(), properties: Properties });

/** What passes from one to another. */
const Inputs = listOf(
  z.strictObject({
    from: Text,
    parameterKey: z
      .string()
      .nullish()
      .transform((key) => key || undefined),
  }),
).nullish();
const Outputs = listOf(z.strictObject({ name: Text, valueFrom: Text })).nullish();

export const Component = z.strictObject({
  name: Text,
  type: Text,
  properties: Properties,
  traits: listOf(Trait).nullish(),
  dependsOn: listOf(Text).nullish(),
  inputs: Inputs,
  outputs: Outputs,
  externalRevision: z.string().optional(),
  scopes: z.unknown().optional(),
});

const Policy = z.strictObject({ name: z.string().optional(), type: Text, properties: Properties });

const stepFields = {
  name: z.string().optional(),
  type: Text,
  if: z.string().optional(),
  timeout: z.string().optional(),
  dependsOn: listOf(Text).nullish(),
  inputs: Inputs,
  outputs: Outputs,
  meta: z.unknown().optional(),
  properties: Properties,
};

const Step = z.strictObject({
  ...stepFields,
  mode: z.enum(['StepByStep', 'DAG']).optional(),
  subSteps: listOf(z.strictObject(stepFields)).nullish(),
});

const Steps = listOf(Step, 500);

const Mode = z.strictObject({
  steps: z.enum(['StepByStep', 'DAG']).optional(),
  subSteps: z.enum(['StepByStep', 'DAG']).optional(),
});

export const Application = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Application'),
  metadata: Metadata,
  spec: z.strictObject({
    components: listOf(Component, 500),
    policies: listOf(Policy, 500).nullish(),
    workflow: z.strictObject({ ref: z.string().optional(), mode: Mode.nullish(), steps: Steps.nullish() }).nullish(),
  }),
  status: z.unknown().optional(),
});

export const ExternalPolicy = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Policy'),
  metadata: Metadata,
  type: Text,
  properties: Properties,
});

export const ExternalWorkflow = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Workflow'),
  metadata: Metadata,
  mode: Mode.nullish(),
  steps: Steps,
});

export type Application = z.output<typeof Application>;
export type GivenStep = z.output<typeof Step>;
export type GivenMode = z.output<typeof Mode>;
export type GivenComponent = z.output<typeof Component>;
