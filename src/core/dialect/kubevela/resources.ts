/** Policies about single objects: who else may change them, keep them, share them. */
import { formatPointer } from '../../json/pointer.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { type IgnoreRule, isReleasable } from '../../model/intent.ts';
import { groupOf, type KubeObject, keepAnnotation, readOnlyAnnotation, shareAnnotation } from '../../model/object.ts';
import { readWritten } from '../native/read.ts';
import type { Component } from './loaded.ts';
import type { Policy } from './policies.ts';
import { caution } from './problem.ts';
import type { RenderedObject } from './render.ts';
import * as schema from './schema/policy.ts';

/** An annotation. */
export type Mark = { readonly key: string; readonly value: string };

export type Rules = {
  /** What an object is to say of itself: that it is not written, that it stays when no longer wanted, that others may want it, too. */
  readonly marksOf: (object: RenderedObject, component: Component) => readonly Mark[];
  /** The same for objects that are only known when they are copied: if any rule may mean them. */
  readonly marksOfCopies: (component: Component) => readonly Mark[];
  readonly ignoreOf: (objects: Iterable<readonly [RenderedObject, Component]>) => readonly IgnoreRule[];
  readonly adopt: readonly string[];
};

/** The first that matches counts. */
type KeepRule = { readonly selector: schema.Selector | undefined; readonly isKeeping: boolean };

type ApplyOnceRule = { readonly selector: schema.Selector; readonly paths: readonly string[] };

/** What was deployed before is taken over from the old control plane; more than that only when a policy says so. */
const predecessor = 'kubevela';

export function rulesOf(policies: readonly Policy[]): Findings<Rules> {
  const diagnostics: Diagnostic[] = [];
  const readOnly: schema.Selector[] = [];
  const once: ApplyOnceRule[] = [];
  const keep: KeepRule[] = [];
  const several: schema.Selector[] = [];
  let adopt: readonly string[] = [predecessor];
  for (const policy of policies) {
    const { type, properties, origin } = policy;
    const told = (message: string, hint?: string): void =>
      void diagnostics.push(caution('A1521', origin, message, hint));
    const read = <Schema extends Parameters<typeof readWritten>[0]>(given: Schema) => {
      const { value, diagnostics: found } = readWritten(given, properties);
      diagnostics.push(...found);
      return value;
    };
    if (type === 'read-only') readOnly.push(...(read(schema.Rules)?.rules ?? []).map(({ selector }) => selector));
    if (type === 'take-over') {
      const rules = read(schema.Rules)?.rules ?? [];
      if (rules.length > 0) adopt = [predecessor, 'any'];
    }
    if (type === 'apply-once') once.push(...applyOnce(policy, diagnostics));
    if (type === 'shared-resource') several.push(...(read(schema.Rules)?.rules ?? []).map(({ selector }) => selector));
    if (type === 'garbage-collect') keep.push(...garbageCollect(policy, diagnostics));
    if (type === 'resource-update') {
      const given = read(schema.ResourceUpdate);
      if (given?.rules?.some(({ strategy }) => (strategy?.recreateFields ?? []).length > 0) === true)
        told(
          `policy ${policy.name}: nothing is deleted to be made anew`,
          'delete it by hand; it is made again at once',
        );
    }
  }
  return {
    value: {
      marksOf: (object, component) => [
        ...(readOnly.some((selector) => isSelected(selector, object, component)) ? [readOnlyAnnotation] : []),
        ...(keep.find(({ selector }) => selector === undefined || isSelected(selector, object, component))?.isKeeping
          ? [keepAnnotation]
          : []),
        ...(several.some((selector) => isSelected(selector, object, component)) ? [shareAnnotation] : []),
      ],
      marksOfCopies: (component) => [
        ...(readOnly.some((selector) => mayMeanCopiesOf(component, selector)) ? [readOnlyAnnotation] : []),
        ...(keep.some(({ selector, isKeeping }) => isKeeping && mayMeanCopiesOf(component, selector))
          ? [keepAnnotation]
          : []),
        ...(several.some((selector) => mayMeanCopiesOf(component, selector)) ? [shareAnnotation] : []),
      ],
      ignoreOf: (objects) => ignoreRules(once, objects),
      adopt,
    },
    diagnostics,
  };
}

function garbageCollect({ properties, name, origin }: Policy, diagnostics: Diagnostic[]): readonly KeepRule[] {
  const { value, diagnostics: found } = readWritten(schema.GarbageCollect, properties);
  diagnostics.push(...found);
  if (value === undefined) return [];
  const told = (message: string): void => void diagnostics.push(caution('A1521', origin, `policy ${name}: ${message}`));
  const rules = value.rules ?? [];
  if (value.order) told('objects are deleted in the order of their kinds');
  if (rules.some(({ propagation }) => propagation === 'orphan')) told('what an object made goes with it');
  if (value.keepLegacyResource === true || rules.some(({ strategy }) => strategy === 'onAppDelete'))
    told('what is kept stays when the Application goes, too');
  const kept = rules.map(
    ({ selector, strategy }): KeepRule => ({
      selector,
      isKeeping: strategy === 'never' || strategy === 'onAppDelete',
    }),
  );
  return value.keepLegacyResource === true ? [...kept, { selector: undefined, isKeeping: true }] : kept;
}

function mayMeanCopiesOf({ name, type }: Component, selector: schema.Selector | undefined): boolean {
  if (selector === undefined) return true;
  const may = (values: readonly string[] | null | undefined, value: string): boolean =>
    (values ?? []).length === 0 || values?.includes(value) === true;
  return may(selector.componentNames, name) && may(selector.componentTypes, type);
}

function applyOnce({ properties, name, origin }: Policy, diagnostics: Diagnostic[]): readonly ApplyOnceRule[] {
  const { value, diagnostics: found } = readWritten(schema.ApplyOnce, properties);
  diagnostics.push(...found);
  if (value === undefined || value.enable !== true) return [];
  const rules = value.rules ?? [];
  if (rules.length === 0) {
    const hint = 'name the fields that others change in `rules`';
    diagnostics.push(
      caution('A1521', origin, `policy ${name} names no fields, so all of them are kept as they are in Git`, hint),
    );
  }
  return rules.flatMap(({ selector, strategy }, index): readonly ApplyOnceRule[] => {
    const paths = strategy.path.flatMap((path, at): readonly string[] => {
      const pointer = pointerOf(path);
      if (pointer !== undefined) return [pointer];
      const place = properties.originAt(['rules', index, 'strategy', 'path', at]);
      diagnostics.push(caution('A1521', place, `${path} cannot be left to others as a whole`, 'name its fields'));
      return [];
    });
    return selector && paths.length > 0 ? [{ selector, paths }] : [];
  });
}

/** `spec.containers[0].image`, with keys in quotes where they hold dots; undefined for the whole of an object, or its name. */
export function pointerOf(path: string): string | undefined {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, field]) => quoted ?? index ?? field ?? '',
  );
  return steps.length > 0 && path !== '*' && isReleasable(steps) ? formatPointer(steps) : undefined;
}

/** Every given field must hold; none at all selects nothing. */
export function isSelected(selector: schema.Selector, { object, role }: RenderedObject, component: Component): boolean {
  const trait = role.kind === 'trait' ? role.type : undefined;
  const pairs: readonly (readonly [readonly string[] | null | undefined, string | undefined])[] = [
    [selector.componentNames, component.name],
    [selector.componentTypes, component.type],
    [selector.oamTypes, role.kind === 'workload' ? 'WORKLOAD' : 'TRAIT'],
    [selector.traitTypes, trait],
    [selector.resourceTypes, object.kind],
    [selector.resourceNames, object.metadata.name],
  ];
  const given = pairs.filter(([values]) => (values ?? []).length > 0);
  return given.length > 0 && given.every(([values, value]) => value !== undefined && values?.includes(value) === true);
}

function ignoreRules(
  rules: readonly ApplyOnceRule[],
  objects: Iterable<readonly [RenderedObject, Component]>,
): readonly IgnoreRule[] {
  const found = new Map<string, IgnoreRule>();
  for (const [object, component] of objects) {
    for (const { selector, paths } of rules) {
      if (!isSelected(selector, object, component)) continue;
      const target = targetOf(object.object);
      found.set(JSON.stringify([target, paths]), { target, paths, since: 'creation' });
    }
  }
  return [...found.values()];
}

const targetOf = (object: KubeObject): IgnoreRule['target'] => ({
  group: groupOf(object.apiVersion),
  version: undefined,
  kind: object.kind,
  namespace: undefined,
  name: object.metadata.name,
  selector: [],
});
