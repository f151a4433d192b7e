/** What a component gives to others: as far as it is what Git says, and no cluster has to be asked. */
import { valueAt } from '../../json/pointer.ts';
import type { Json, JsonObject } from '../../json/value.ts';
import type { Context } from './effect.ts';
import type { Component } from './loaded.ts';
import type { Rendered, RenderedObject } from './render.ts';
import { toolComponents } from './tool.ts';
import { parsePath, type ValuePath } from './value-path.ts';

/** Shape: undefined when only a running cluster knows it. Texts that are joined by `+` are one text. */
export function outputValue(
  valueFrom: string,
  component: Component,
  rendered: Rendered,
  context: Context,
): Json | undefined {
  const terms = termsOf(valueFrom);
  if (terms === undefined) return undefined;
  const values = terms.map((term) =>
    term.kind === 'text' ? term.text : fieldOf(term.path, component, rendered, context),
  );
  if (values.length === 1) return values[0];
  return values.every((value) => typeof value === 'string') ? values.join('') : undefined;
}

type Term = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'path'; readonly path: ValuePath };

const termShape = /\s*(?:"([^"\\]*)"|([^\s"+][^\s+]*))\s*(\+|$)/y;

function termsOf(text: string): readonly Term[] | undefined {
  const terms: Term[] = [];
  termShape.lastIndex = 0;
  for (;;) {
    const [, quoted, path, sign] = termShape.exec(text) ?? [];
    const steps = path === undefined ? undefined : parsePath(path);
    if (quoted !== undefined) terms.push({ kind: 'text', text: quoted });
    else if (steps !== undefined) terms.push({ kind: 'path', path: steps });
    else return undefined;
    if (sign !== '+') return terms;
  }
}

/** Shape: one value that is written. What is more than one, a server may have added to. */
function fieldOf(
  [root, ...path]: ValuePath,
  component: Component,
  rendered: Rendered,
  context: Context,
): Json | undefined {
  if (root === 'output') return scalarIn(mainOf(component, rendered, context), path);
  const [key, ...inside] = path;
  if (root !== 'outputs') return undefined;
  const found = rendered.objects.find(({ role }) => role.kind === 'trait' && role.key === key);
  return scalarIn(found === undefined ? undefined : asApplied(found, component, context), inside);
}

/** Of a release or a Kustomization that KubeVela would make, what it is called: the rest is no part of it here. */
function mainOf(component: Component, { objects }: Rendered, context: Context): JsonObject | undefined {
  const { type, name } = component;
  if (type === 'helm' || type === 'kustomize') return { metadata: { name, namespace: context.namespace } };
  if (toolComponents.includes(type)) return undefined;
  const found = objects.find(({ role }) => role.kind === 'workload');
  return found === undefined ? undefined : asApplied(found, component, context);
}

/** Shape: without values of a Secret, which pass to nobody. */
function asApplied({ object }: RenderedObject, { type }: Component, { namespace }: Context): JsonObject {
  const { apiVersion, kind, metadata } = object;
  // What a person wrote without a namespace may be of a kind that has none.
  const isWritten = ['k8s-objects', 'raw'].includes(type);
  const isWithout = isWritten || kind.startsWith('Cluster') || metadata.namespace !== undefined;
  const named: JsonObject = isWithout ? { ...metadata } : { ...metadata, namespace };
  return kind === 'Secret' ? { apiVersion, kind, metadata: named } : { ...object, metadata: named };
}

function scalarIn(object: JsonObject | undefined, path: ValuePath): Json | undefined {
  const value = valueAt(object, path.map(String));
  return value === null || typeof value === 'object' ? undefined : value;
}
