/** One component with its traits, as the objects and copies that it comes to. */
import type { z } from 'zod';
import { applyEdits } from '../../json/edit.ts';
import { isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import type { CopyEdit, CopyRef, DeclaredObject } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import { declaredObject } from '../declared-object.ts';
import { meantBy } from '../misspelt.ts';
import type { Written } from '../native/read.ts';
import { copiesOf } from './component/reference.ts';
import { cronTask, daemon, type Made, schemas, service, task, worker } from './component/workload.ts';
import { type Definitions, redefined, unknownComponent, unknownTrait } from './custom.ts';
import { type Context, type Effect, noEffect, unifiedOutputs } from './effect.ts';
import type { TraitEdit } from './flux.ts';
import type { ToolPart } from './helm.ts';
import type { Component, GivenTrait } from './loaded.ts';
import { problem } from './problem.ts';
import type { Origins } from './repository.ts';
import { auxiliary, type Marks, type Role, stamped, stampsOfCopies } from './stamp.ts';
import { toolComponents, toolOf } from './tool.ts';
import { onlyFor, traits } from './trait/table.ts';
import { readParameters } from './written.ts';

export type RenderedObject = DeclaredObject & {
  readonly role: Role;
  /** The one cluster that the object itself asks for. */
  readonly pinnedTo: string | undefined;
};

export type Rendered = {
  readonly objects: readonly RenderedObject[];
  readonly copies: readonly CopyRef[];
  readonly edits: readonly CopyEdit[];
  /** Makes all its objects, where there is one. */
  readonly tool?: ToolPart;
};

type Workload = (given: Written, context: Context) => Findings<Made | undefined>;

const workload =
  <Schema extends z.ZodType>(schema: Schema, make: (value: z.output<Schema>, context: Context) => Made): Workload =>
  (given, context) => {
    const { value, diagnostics } = readParameters(schema, given);
    return { value: value === undefined ? undefined : make(value, context), diagnostics };
  };

const workloads: ReadonlyMap<string, Workload> = new Map([
  ['webservice', workload(schemas.Service, service('Deployment', 'webserviceExpose'))],
  ['daemon', workload(schemas.Daemon, daemon)],
  ['statefulset', workload(schemas.StatefulService, service('StatefulSet', 'statefulsetsExpose'))],
  ['worker', workload(schemas.Worker, worker)],
  ['task', workload(schemas.Task, task)],
  ['cron-task', workload(schemas.CronTask, cronTask)],
]);

export const componentTypes: readonly string[] = [
  ...workloads.keys(),
  'k8s-objects',
  'raw',
  'ref-objects',
  ...toolComponents,
];

/** `namespace`: where all of its objects go, whatever they say themselves; undefined leaves them where they say. */
export function renderComponent(
  component: Component,
  context: Context,
  namespace: string | undefined,
  marks: Marks,
  origins: Origins,
): Findings<Rendered> {
  const { type, properties, name, replicaKey } = component;
  const effects = component.traits.map((trait) => effectOf(trait, type, context, origins.definitions));
  const diagnostics: Diagnostic[] = effects.flatMap((each) => each.diagnostics);
  if (componentTypes.includes(type))
    diagnostics.push(...redefined('ComponentDefinition', type, component.origin, origins.definitions));
  const edits = effects.flatMap(({ value }, index) => {
    const { given, type: trait = '' } = component.traits[index] ?? {};
    return value.edits.map(
      (edit): TraitEdit => ({ edit, origin: given?.originAt([]) ?? component.origin, type: trait }),
    );
  });
  const tool = toolComponents.includes(type) ? toolOf(component, context, edits, origins) : undefined;
  const base =
    tool === undefined
      ? baseOf(component, context, origins.definitions)
      : { value: nothing, diagnostics: tool.diagnostics };
  diagnostics.push(...base.diagnostics);
  const [main, ...others] = base.value.objects;
  const first = main === undefined || diagnostics.some(isError) ? main : withEdits(main, edits, component, diagnostics);
  const marked = { name, type, replicaKey, marks, isOfStep: component.isOfStep === true };
  const outputs = effects.flatMap(({ value }, index) => {
    const given = component.traits[index];
    const origin = given?.given.originAt([]) ?? component.origin;
    const { value: once, diagnostics: clashes } = unifiedOutputs(value.objects, origin);
    diagnostics.push(...clashes);
    return once.map(
      ({ key, object }): Draft => ({
        object,
        originAt: () => origin,
        role: { kind: 'trait', type: given?.type ?? '', key },
      }),
    );
  });
  const drafts = [...(first === undefined ? [] : [first]), ...others, ...outputs];
  const objects = drafts.flatMap((draft): readonly RenderedObject[] => {
    const whole = inNamespace(stamped(draft.object, marked, draft.role), namespace);
    const { value, diagnostics: found } = declaredObject(whole, draft.originAt([]), draft.originAt);
    diagnostics.push(...found);
    return value === undefined ? [] : [{ ...value, role: draft.role, pinnedTo: draft.pinnedTo }];
  });
  const { copies } = base.value;
  const stamps = copies.length === 0 ? [] : stampsOfCopies(marked, properties.originAt([]));
  const changes =
    copies.length === 0 ? [] : edits.map(({ edit, origin }): CopyEdit => ({ origin, to: 'first', edits: [edit] }));
  const made = tool?.value === undefined || diagnostics.some(isError) ? {} : { tool: tool.value };
  return { value: { objects, copies, edits: [...changes, ...stamps], ...made }, diagnostics };
}

type Draft = {
  readonly object: JsonObject;
  readonly originAt: (path: Path) => Origin;
  readonly role: Role;
  readonly pinnedTo?: string | undefined;
};

type Base = { readonly objects: readonly Draft[]; readonly copies: readonly CopyRef[] };

const nothing: Base = { objects: [], copies: [] };

/** Without its traits. The first object is the one that traits change. */
function baseOf(component: Component, context: Context, definitions: Definitions): Findings<Base> {
  const { type, properties, name, origin } = component;
  if (type === 'ref-objects') {
    const { value, diagnostics } = copiesOf(properties, name);
    return { value: { ...nothing, copies: value }, diagnostics };
  }
  if (type === 'k8s-objects' || type === 'raw') {
    const written = type === 'raw' ? [{ value: properties.value, path: [] }] : listed(properties);
    if (written.length === 0)
      return { value: nothing, diagnostics: [problem('A1313', origin, `component ${name} has no objects`)] };
    const objects = written.map(({ value, path }, index): Draft => {
      const object = isObject(value) ? value : {};
      const role: Role =
        index === 0 ? { kind: 'workload' } : { kind: 'trait', type: auxiliary, key: `objects-${index}` };
      return {
        object: withName(object, index === 0 ? name : `${name}-objects-${index}`),
        originAt: (inside) => properties.originAt([...path, ...inside]),
        role,
        pinnedTo: pinOf(object),
      };
    });
    return { value: { ...nothing, objects }, diagnostics: [] };
  }
  const make = workloads.get(type);
  if (make === undefined)
    return { value: nothing, diagnostics: [unknownComponent(component, componentTypes, definitions)] };
  const { value: made, diagnostics } = make(properties, context);
  if (made === undefined) return { value: nothing, diagnostics };
  const at = (): Origin => origin;
  const objects: readonly Draft[] = [
    { object: withName(made.workload, name), originAt: at, role: { kind: 'workload' } },
    ...made.objects.map(
      ({ key, object }): Draft => ({ object, originAt: at, role: { kind: 'trait', type: auxiliary, key } }),
    ),
  ];
  return { value: { ...nothing, objects }, diagnostics };
}

function listed({ value }: Written): readonly { readonly value: Json; readonly path: Path }[] {
  const objects = isObject(value) ? value.objects : undefined;
  return isArray(objects) ? objects.map((each, index) => ({ value: each, path: ['objects', index] })) : [];
}

/** With the fields that every object has first, as people write them. */
function withName({ apiVersion, kind, metadata: given, ...rest }: JsonObject, name: string): JsonObject {
  const metadata = isObject(given) ? given : {};
  const isSlip = Object.keys(metadata).some((key) => meantBy(key, metadata, ['name']) !== undefined);
  const isNamed = isSlip || (metadata.name !== undefined && metadata.name !== null && metadata.name !== '');
  const own = isNamed ? metadata : withFields({ name }, metadata);
  return withFields({}, { apiVersion, kind, metadata: own, ...rest });
}

function pinOf({ metadata }: JsonObject): string | undefined {
  const labels = isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
  const pin = labels['app.oam.dev/cluster'];
  return typeof pin === 'string' && pin !== '' ? pin : undefined;
}

/** Kinds without namespaces lose it again, once their kind is known. */
function inNamespace(object: JsonObject, namespace: string | undefined): JsonObject {
  if (namespace === undefined) return object;
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return withFields(object, { metadata: withFields(metadata, { namespace }) });
}

function effectOf(
  { type, given }: GivenTrait,
  component: string,
  context: Context,
  definitions: Definitions,
): Findings<Effect> {
  const known = traits.get(type);
  const only = onlyFor.get(type) ?? component;
  if (known !== undefined && only === component) {
    const { value, diagnostics } = known(given, context);
    return {
      value,
      diagnostics: [...diagnostics, ...redefined('TraitDefinition', type, given.originAt([]), definitions)],
    };
  }
  if (known !== undefined) {
    const message = `trait ${type} is for components of type ${only}`;
    return { value: noEffect, diagnostics: [problem('A1511', given.originAt([]), message)] };
  }
  const unknown = unknownTrait(type, given.originAt([]), [...traits.keys()], definitions);
  return { value: noEffect, diagnostics: [unknown] };
}

function withEdits(draft: Draft, edits: readonly TraitEdit[], { name }: Component, diagnostics: Diagnostic[]): Draft {
  let object: Json = draft.object;
  for (const { edit, origin } of edits) {
    const outcome = applyEdits(object, [edit]);
    if (outcome.kind === 'edited') object = outcome.value;
    else diagnostics.push(problem('A1515', origin, `component ${name}: ${outcome.message}`));
  }
  return isObject(object) ? { ...draft, object } : draft;
}
