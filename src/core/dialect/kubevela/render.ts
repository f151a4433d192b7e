/** One component with its traits, as the objects and copies that it comes to. */
import type { z } from 'zod';
import { applyEdits, type Edit } from '../../json/edit.ts';
import { isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import type { CopyEdit, CopyRef, DeclaredObject } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import { declaredObject } from '../declared-object.ts';
import type { Written } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { copiesOf } from './component/reference.ts';
import { cronTask, type Made, schemas, service, task, worker } from './component/workload.ts';
import type { Context } from './effect.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';
import { auxiliary, type Marks, type Role, stamped, stampsOfCopies } from './stamp.ts';
import { type ToolPart, toolComponents, toolOf } from './tool.ts';
import { traits } from './trait/table.ts';
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
  ['daemon', workload(schemas.Service, service('DaemonSet', 'webserviceExpose'))],
  ['statefulset', workload(schemas.Service, service('StatefulSet', 'statefulsetsExpose'))],
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
): Findings<Rendered> {
  const { type, properties, name, replicaKey } = component;
  if (toolComponents.includes(type)) {
    const { value, diagnostics } = toolOf(component);
    return {
      value: { objects: [], copies: [], edits: [], ...(value === undefined ? {} : { tool: value }) },
      diagnostics,
    };
  }
  const effects = component.traits.map(({ type: trait, given }) => effectOf(trait, given, context));
  const diagnostics: Diagnostic[] = effects.flatMap((each) => each.diagnostics);
  const edits = effects.flatMap(({ value }, index) =>
    value.edits.map((edit) => ({ edit, origin: component.traits[index]?.given.originAt([]) ?? component.origin })),
  );
  const base = baseOf(component, context);
  diagnostics.push(...base.diagnostics);
  const [main, ...others] = base.value.objects;
  const first = main === undefined || diagnostics.some(isError) ? main : withEdits(main, edits, component, diagnostics);
  const marked = { name, type, replicaKey, marks };
  const outputs = effects.flatMap(({ value }, index) =>
    value.objects.map(({ key, object }): Draft => {
      const given = component.traits[index];
      const origin = given?.given.originAt([]) ?? component.origin;
      return { object, originAt: () => origin, role: { kind: 'trait', type: given?.type ?? '', key } };
    }),
  );
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
  return { value: { objects, copies, edits: [...changes, ...stamps] }, diagnostics };
}

type Draft = {
  readonly object: JsonObject;
  readonly originAt: (path: Path) => Origin;
  readonly role: Role;
  readonly pinnedTo?: string | undefined;
};

/** Without its traits. The first object is the one that traits change. */
function baseOf(
  component: Component,
  context: Context,
): Findings<{ readonly objects: readonly Draft[]; readonly copies: readonly CopyRef[] }> {
  const { type, properties, name, origin } = component;
  const nothing = { objects: [], copies: [] };
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
  if (make === undefined) return { value: nothing, diagnostics: [unknownType(component)] };
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
  const isNamed = metadata.name !== undefined && metadata.name !== null && metadata.name !== '';
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
  type: string,
  given: Written,
  context: Context,
): ReturnType<NonNullable<ReturnType<typeof traits.get>>> {
  const known = traits.get(type);
  if (known !== undefined) return known(given, context);
  const guess = nearest(type, [...traits.keys()]);
  const hint =
    guess === undefined ? 'a trait of your own is best a component of `k8s-objects`' : `did you mean \`${guess}\`?`;
  return {
    value: { edits: [], objects: [] },
    diagnostics: [problem('A1511', given.originAt([]), `unknown trait ${type}`, hint)],
  };
}

function withEdits(
  draft: Draft,
  edits: readonly { readonly edit: Edit; readonly origin: Origin }[],
  { name }: Component,
  diagnostics: Diagnostic[],
): Draft {
  let object: Json = draft.object;
  for (const { edit, origin } of edits) {
    const outcome = applyEdits(object, [edit]);
    if (outcome.kind === 'edited') object = outcome.value;
    else diagnostics.push(problem('A1515', origin, `component ${name}: ${outcome.message}`));
  }
  return isObject(object) ? { ...draft, object } : draft;
}

function unknownType({ type, name, origin }: Component): Diagnostic {
  const guess = nearest(type, componentTypes);
  const hint =
    guess === undefined
      ? 'commit what its definition makes, as `k8s-objects` or as plain manifests'
      : `did you mean \`${guess}\`?`;
  return problem('A1510', origin, `component ${name} has the unknown type ${type}`, hint);
}
