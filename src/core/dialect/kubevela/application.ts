/** One Application: what it runs, and where. */

import { digestOf } from '../../json/digest.ts';
import { isObject, type Json } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { appId, digest } from '../../model/id.ts';
import type { Intent, Part } from '../../model/intent.ts';
import type { Placement } from '../../model/placement.ts';
import type { ToolSource } from '../../model/tool.ts';
import { brokenIntent } from '../broken-intent.ts';
import { readNative } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';
import type { Beside } from './beside.ts';
import { clustersOf, settle } from './claim.ts';
import { union } from './clusters.ts';
import { deploysOf, scheduleWithoutWorkflow } from './deploy.ts';
import type { Context } from './effect.ts';
import { type Component, loadComponents } from './loaded.ts';
import { outputValue } from './output-value.ts';
import { partsOf } from './parts.ts';
import { type Policy, policiesOf } from './policies.ts';
import { problem } from './problem.ts';
import { renderComponent } from './render.ts';
import type { Origins } from './repository.ts';
import { rulesOf } from './resources.ts';
import type { Application } from './schema/application.ts';
import { Application as Schema } from './schema/application.ts';
import { stagesOf } from './stages.ts';
import { marksOf } from './stamp.ts';
import { type Schedule, scheduleOf } from './workflow.ts';

export type Read = { readonly intent: Intent; readonly placement: Placement };

const pauseLabel = 'controller.core.oam.dev/pause';

/** Shape: both are broken when anything is wrong, so that what runs is kept where it is. */
export function readApplication(placed: Placed, beside: Beside, origins: Origins): Findings<Read> {
  const { value: application, diagnostics } = readNative(Schema, placed);
  if (application === undefined) return { value: broken(placed), diagnostics };
  const { metadata } = application;
  const problems: Diagnostic[] = [];
  const take = <Value>({ value, diagnostics: found }: Findings<Value>): Value => {
    problems.push(...found);
    return value;
  };
  const components = take(loadComponents(application, placed));
  const policies = take(policiesOf(application, placed));
  const rules = take(rulesOf(policies));
  const schedule = take(chooseSchedule(application, policies, placed, beside));
  const marks = marksOf(application);
  const contextOf = (name: string, namespace: string | undefined): Context => ({
    name,
    app: metadata.name,
    namespace: namespace ?? metadata.namespace,
    appNamespace: metadata.namespace,
  });
  const known = {
    components,
    policies,
    beside,
    namespace: metadata.namespace,
    valueAt: (namespace: string | undefined) => (valueFrom: string, component: Component) => {
      const context = contextOf(component.name, namespace);
      const { value } = renderComponent(component, context, namespace, marks, origins);
      return outputValue(valueFrom, component, value, context);
    },
  };
  const { deploys, dependsOn } = take(deploysOf(schedule, known));
  if (deploys.length === 0 && !problems.some(isError))
    problems.push(problem('A1513', originAt(placed, ['spec', 'workflow']), 'no step of the workflow deploys anything'));
  const settled = settle(deploys);
  const made = take(
    partsOf(settled.claims, {
      contextOf,
      marks,
      origins,
      components,
      everywhere: union(deploys.map(clustersOf)),
      rules,
    }),
  );
  const stages = take(stagesOf(deploys, settled, made.pinned));
  const objects = made.sources.flatMap(({ component, rendered }) =>
    rendered.objects.map((object) => [object, component] as const),
  );
  const isBroken = problems.some(isError);
  const id = appId(metadata.namespace, metadata.name);
  const isSuspended = metadata.labels[pauseLabel] === 'true';
  const ignore = rules.ignoreOf(objects);
  const intent: Intent = {
    id,
    repository: placed.origin.repository,
    origin: placed.origin,
    parts: made.parts,
    variants: [],
    variables: {},
    dependsOn,
    ignore,
    movedFrom: [],
    adopt: rules.adopt,
    isSuspended,
    isBroken,
    digest: digest(digestOf([...made.parts.map(contentOf), ignore as unknown as Json])),
  };
  return { value: { intent, placement: placementOf(placed, intent, stages) }, diagnostics: problems };
}

/** Where a part is, and where it is written, is not content: evidence survives when a cluster is added. */
function contentOf({ name, namespace, dependsOn, source }: Part): Json {
  return [name, namespace ?? null, [...dependsOn], plain(withoutOrigins(source))];
}

function withoutOrigins(source: Part['source']): unknown {
  switch (source.kind) {
    case 'objects':
      return source.objects.map(({ object }) => object);
    case 'copy':
      return [
        source.copies.map(({ origin: _, ...copy }) => copy),
        (source.edits ?? []).map(({ origin: _, ...edit }) => edit),
      ];
    case 'tool': {
      const tool = toolWithoutOrigins(source.tool);
      return source.edits === undefined ? tool : [tool, source.edits.map(({ origin: _, ...edit }) => edit)];
    }
    case 'addresses':
      return { ...source.record, origin: null };
  }
}

function toolWithoutOrigins(tool: ToolSource): unknown {
  if (tool.kind !== 'helm') return tool;
  const { held, ...rest } = tool;
  return held === undefined ? tool : { ...rest, held: held.map(({ origin: _, ...each }) => each) };
}

/** As JSON has it: without fields that are undefined. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return (value ?? null) as Json;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, part]) => (part === undefined ? [] : [[field, plain(part)]])),
  );
}

function chooseSchedule(
  { spec, metadata }: Application,
  policies: readonly Policy[],
  placed: Placed,
  beside: Beside,
): Findings<Schedule> {
  const { workflow } = spec;
  const none: Schedule = { steps: [], dependsOn: [] };
  const { ref } = workflow ?? {};
  const steps = workflow?.steps ?? [];
  const at = (field: string) => originAt(placed, ['spec', 'workflow', field]);
  const { name: app, namespace } = metadata;
  const inputsBeside = spec.components.flatMap(({ inputs }) => inputs ?? []);
  if (ref !== undefined && ref !== '') {
    if (steps.length > 0)
      return {
        value: none,
        diagnostics: [problem('A1517', at('ref'), 'cannot set steps and ref in workflow at the same time')],
      };
    const found = beside.workflow(namespace, ref);
    if (found === undefined)
      return { value: none, diagnostics: [problem('A1517', at('ref'), `there is no Workflow ${namespace}/${ref}`)] };
    const mode = { ...found.mode, ...workflow?.mode };
    return scheduleOf({
      steps: found.steps,
      mode,
      placed: found.placed,
      path: ['steps'],
      app,
      namespace,
      inputsBeside,
    });
  }
  if (steps.length > 0)
    return scheduleOf({
      steps,
      mode: workflow?.mode ?? {},
      placed,
      path: ['spec', 'workflow', 'steps'],
      app,
      namespace,
      inputsBeside,
    });
  return { value: scheduleWithoutWorkflow(policies, placed.origin), diagnostics: [] };
}

function placementOf(placed: Placed, intent: Intent, stages: Placement['stages']): Placement {
  return {
    id: intent.id,
    repository: placed.origin.repository,
    origin: placed.origin,
    apps: [intent.id],
    stages: intent.isBroken ? [] : stages,
    spread: undefined,
    replicas: [],
    onDelete: 'Delete',
    isCreatingNamespaces: false,
    isMakingFirst: false,
    isAddOn: false,
    isSuspended: false,
    isBroken: intent.isBroken,
  };
}

function broken(placed: Placed): Read {
  const intent = brokenIntent(placed);
  return { intent, placement: placementOf(placed, intent, []) };
}
