/** The components of a native App: objects from files, from the App itself, from a tool, or from another cluster. */
import { valueAt } from '../../json/pointer.ts';
import { isArray, isObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import { clusterId } from '../../model/id.ts';
import type { CopyRef, DeclaredObject, Part, PartSource } from '../../model/intent.ts';
import { locateEach } from '../../model/locate.ts';
import { circleFrom } from '../circle.ts';
import { declaredObject } from '../declared-object.ts';
import { type Files, problemsOf } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import { type Component, nameOf } from './component-name.ts';
import { selectorOf } from './matching.ts';
import { readToolSource } from './tool-component.ts';

export function readPart(component: Component, index: number, placed: Placed, files: Files): Findings<Part> {
  const { value: source, diagnostics } = readSource(component, index, placed, files);
  const part: Part = {
    name: nameOf(component, index),
    origin: originAt(placed, ['spec', 'components', index]),
    namespace: component.namespace,
    dependsOn: component.dependsOn,
    clusters: undefined,
    source,
  };
  return { value: part, diagnostics };
}

function readSource(component: Component, index: number, placed: Placed, files: Files): Findings<PartSource> {
  if (component.copy !== undefined)
    return { value: { kind: 'copy', copies: copiesOf(component, index, placed) }, diagnostics: [] };
  const tool = readToolSource(component, index, placed, files);
  if (tool !== undefined) return tool;
  const found =
    component.path === undefined ? inlineObjects(index, placed) : objectsUnder(component.path, index, placed, files);
  return { value: { kind: 'objects', objects: found.value }, diagnostics: found.diagnostics };
}

/** As written, not as the schema gives them: a field named `__proto__` stays one. */
function inlineObjects(index: number, placed: Placed): Findings<readonly DeclaredObject[]> {
  const path = ['spec', 'components', index, 'objects'];
  const objects = valueAt(placed.document.value, path.map(String));
  const places = locateEach(placed.document, path);
  const found = (isArray(objects) ? objects : []).map((object, at) => {
    const origin = { ...placed.origin, ...places[at] };
    return declaredObject(isObject(object) ? object : {}, origin, (inside) =>
      originAt(placed, [...path, at, ...inside]),
    );
  });
  return gather(found);
}

function objectsUnder(path: string, index: number, placed: Placed, files: Files): Findings<readonly DeclaredObject[]> {
  const origin = originAt(placed, ['spec', 'components', index, 'path']);
  const refused = files.refuse(path, origin);
  if (refused !== undefined) return { value: [], diagnostics: [refused] };
  const found = files.under(path);
  const objects = found.flatMap((file) => files.objectsOf(file));
  const problems = found.flatMap((file) => problemsOf(file, placed.origin.repository));
  if (objects.length === 0 && problems.length === 0) return { value: [], diagnostics: [nothingUnder(path, origin)] };
  return gather([
    // A file with a syntax error breaks the App: half of it must not look like the whole of it.
    { value: undefined, diagnostics: problems },
    ...objects.map((object) =>
      declaredObject(object.document.value, object.origin, (inside) => originAt(object, inside)),
    ),
  ]);
}

/** An emptied folder is more often a slip than a wish, and would delete all that the component had. */
function nothingUnder(path: string, origin: Diagnostic['origin']): Diagnostic {
  const message = `there are no objects under ${excerpt(path)}`;
  return { code: 'A1313', severity: 'error', origin, message, hint: 'to remove them all, remove the component' };
}

function gather(found: readonly Findings<DeclaredObject | undefined>[]): Findings<readonly DeclaredObject[]> {
  return {
    value: found.flatMap(({ value }) => (value === undefined ? [] : [value])),
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
  };
}

function copiesOf(component: Component, index: number, placed: Placed): readonly CopyRef[] {
  return (component.copy ?? []).map((copy, at) => ({
    origin: originAt(placed, ['spec', 'components', index, 'copy', at]),
    cluster: clusterId(copy.cluster),
    resource: copy.resource,
    group: copy.group,
    namespace: copy.namespace,
    which:
      copy.labelSelector === undefined
        ? { kind: 'name', name: copy.name ?? '' }
        : { kind: 'selector', selector: selectorOf(copy.labelSelector) },
  }));
}

/** Also of an App that is broken elsewhere: its files stay its own. */
export function componentPathsOf(spec: unknown): readonly string[] {
  const components = isObject(spec) ? spec.components : undefined;
  if (!Array.isArray(components)) return [];
  return components.flatMap((component) =>
    isObject(component) && typeof component.path === 'string' ? [component.path] : [],
  );
}

/** Names given twice, needed and not given, or in a circle. */
export function componentProblems(components: readonly Component[], placed: Placed): readonly Diagnostic[] {
  const names = components.map(nameOf);
  const first = new Map(names.map((name, index) => [name, index] as const).toReversed());
  const known = new Map(components.map((component, index) => [nameOf(component, index), component.dependsOn]));
  return components.flatMap((component, index) => {
    const problem = (
      code: Diagnostic['code'],
      path: readonly (string | number)[],
      message: string,
      hint?: string,
    ): Diagnostic => ({
      code,
      severity: 'error',
      origin: originAt(placed, ['spec', 'components', index, ...path]),
      message,
      ...(hint === undefined ? {} : { hint }),
    });
    const name = nameOf(component, index);
    const isDouble = first.get(name) !== index;
    const doubles = isDouble ? [problem('A1202', ['name'], `two components are named ${JSON.stringify(name)}`)] : [];
    const missing = component.dependsOn.flatMap((needed, at): readonly Diagnostic[] =>
      known.has(needed) ? [] : [problem('A1203', ['dependsOn', at], `there is no component ${JSON.stringify(needed)}`)],
    );
    const circle = isDouble ? undefined : circleFrom(name, known);
    const message = `component ${JSON.stringify(name)} waits for itself: ${circle?.join(' > ')}`;
    const circles =
      circle === undefined ? [] : [problem('A1216', ['dependsOn'], message, 'take one of these out of `dependsOn`')];
    return [...doubles, ...missing, ...circles];
  });
}
