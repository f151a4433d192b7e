/** The native App: components, and what differs on some clusters. */
import type { z } from 'zod';
import { digestOf, digestOfText } from '../../json/digest.ts';
import { isArray, isObject, type JsonObject } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { appId, clusterId, digest } from '../../model/id.ts';
import type { CopyRef, DeclaredObject, Intent, Part, PartSource } from '../../model/intent.ts';
import type { SourceFile } from '../../model/source.ts';
import { declaredObject } from '../declared-object.ts';
import { type Files, problemsOf } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import { selectorOf, targetOf } from './matching.ts';
import { readNative } from './read.ts';
import { App } from './schema/app.ts';
import { readVariant } from './variant.ts';

type Spec = z.output<typeof App>['spec'];
type Component = Spec['components'][number];

/** Shape: an intent with `isBroken` when anything of it is wrong, so that what runs is kept. */
export function readApp(placed: Placed, files: Files): Findings<Intent> {
  const { value: app, diagnostics } = readNative(App, placed);
  if (app === undefined) return { value: brokenIntent(placed), diagnostics };
  const { metadata, spec } = app;
  const parts = spec.components.map((component, index) => readPart(component, index, placed, files));
  const variants = spec.variants.map((variant, index) => readVariant(variant, index, placed));
  const problems = [...[...parts, ...variants].flatMap((part) => part.diagnostics), ...componentProblems(spec, placed)];
  const intent: Intent = {
    id: appId(metadata.namespace, metadata.name),
    repository: placed.origin.repository,
    origin: placed.origin,
    parts: parts.map((part) => part.value),
    variants: variants.map(({ value }) => value),
    variables: spec.variables,
    dependsOn: spec.dependsOn.map(({ name, namespace, scope }, index) => ({
      app: appId(namespace ?? metadata.namespace, name),
      scope,
      origin: originAt(placed, ['spec', 'dependsOn', index]),
    })),
    ignore: spec.ignore.map(({ target, paths }) => ({ target: targetOf(target), paths })),
    movedFrom: spec.movedFrom.map(({ name, namespace }) => appId(namespace ?? metadata.namespace, name)),
    adopt: spec.adopt,
    isSuspended: spec.suspend,
    isBroken: problems.some(isError),
    digest: digest(contentDigest(placed, spec, files)),
  };
  return { value: intent, diagnostics: problems };
}

/** Where it runs, when it moved here and whether it is suspended are not content: evidence survives their change. */
function contentDigest(placed: Placed, spec: Spec, files: Files): string {
  const { suspend: _suspend, movedFrom: _movedFrom, adopt: _adopt, ...content } = specOf(placed);
  const read = spec.components.flatMap(({ path }) => (path === undefined ? [] : files.under(path)));
  return digestOfText([digestOf(content), ...read.map((file) => file.digest)].join('\n'));
}

function specOf(placed: Placed): JsonObject {
  const { spec } = placed.document.value;
  return isObject(spec) ? spec : {};
}

function brokenIntent(placed: Placed): Intent {
  const { metadata } = placed.document.value;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  return {
    id: appId(typeof namespace === 'string' ? namespace : 'default', String(name)),
    repository: placed.origin.repository,
    origin: placed.origin,
    parts: [],
    variants: [],
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt: [],
    isSuspended: false,
    isBroken: true,
    digest: digest(digestOf(placed.document.value)),
  };
}

const nameOf = (component: Component, index: number): string => component.name ?? `component-${index + 1}`;

function readPart(component: Component, index: number, placed: Placed, files: Files): Findings<Part> {
  const { value: source, diagnostics } = readSource(component, index, placed, files);
  const part: Part = {
    name: nameOf(component, index),
    origin: originAt(placed, ['spec', 'components', index]),
    namespace: component.namespace,
    dependsOn: component.dependsOn,
    source,
  };
  return { value: part, diagnostics };
}

function readSource(component: Component, index: number, placed: Placed, files: Files): Findings<PartSource> {
  if (component.copy !== undefined)
    return { value: { kind: 'copy', copies: copiesOf(component, index, placed) }, diagnostics: [] };
  const found =
    component.path === undefined ? inlineObjects(index, placed) : objectsUnder(component.path, index, placed, files);
  return { value: { kind: 'objects', objects: found.value }, diagnostics: found.diagnostics };
}

function inlineObjects(index: number, placed: Placed): Findings<readonly DeclaredObject[]> {
  const components = specOf(placed).components;
  const component = isArray(components) ? components[index] : undefined;
  const objects = isObject(component) ? component.objects : undefined;
  const found = (isArray(objects) ? objects : []).map((object, at) =>
    declaredObject(isObject(object) ? object : {}, originAt(placed, ['spec', 'components', index, 'objects', at])),
  );
  return gather(found);
}

function objectsUnder(path: string, index: number, placed: Placed, files: Files): Findings<readonly DeclaredObject[]> {
  const origin = originAt(placed, ['spec', 'components', index, 'path']);
  const refused = files.refuse(path, origin);
  if (refused !== undefined) return { value: [], diagnostics: [refused] };
  const found = files.under(path);
  // A file with a syntax error breaks the App: half of it must not look like the whole of it.
  return gather([
    ...found.map((file) => ({ value: undefined, diagnostics: problemsOf(file, placed.origin.repository) })),
    ...found.flatMap((file) => objectsOf(file, files)),
  ]);
}

function objectsOf(file: SourceFile, files: Files): readonly Findings<DeclaredObject | undefined>[] {
  return files.objectsOf(file).map((placed) => declaredObject(placed.document.value, placed.origin));
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

function componentProblems(spec: Spec, placed: Placed): readonly Diagnostic[] {
  const names = spec.components.map(nameOf);
  return spec.components.flatMap((component, index) => {
    const problems: Diagnostic[] = [];
    const report = (code: Diagnostic['code'], path: readonly (string | number)[], message: string): void => {
      problems.push({
        code,
        severity: 'error',
        origin: originAt(placed, ['spec', 'components', index, ...path]),
        message,
      });
    };
    const name = nameOf(component, index);
    if (names.indexOf(name) !== index) report('A1202', ['name'], `two components are named ${JSON.stringify(name)}`);
    for (const [at, needed] of component.dependsOn.entries()) {
      if (!names.includes(needed))
        report('A1203', ['dependsOn', at], `there is no component ${JSON.stringify(needed)}`);
    }
    return problems;
  });
}
