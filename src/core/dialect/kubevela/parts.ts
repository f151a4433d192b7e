/** From the components that steps deploy to the parts of an intent. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import type { Part } from '../../model/intent.ts';
import { circleFrom } from '../circle.ts';
import { type Claim, groupOf } from './claim.ts';
import { isNowhere, minus, named, sameMatch, union } from './clusters.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';
import { type Rendered, type RenderedObject, renderComponent } from './render.ts';
import type { Marks } from './stamp.ts';

export type PartInput = {
  readonly app: string;
  readonly namespace: string;
  readonly marks: Marks;
  /** Of the Application, as it is written. */
  readonly components: readonly Component[];
  /** Objects that are left out. */
  readonly isLeftOut: (object: RenderedObject, component: Component) => boolean;
};

/** A component in one form, where it has that form. */
type Form = {
  readonly claim: Claim;
  readonly part: string;
  readonly clusters: ClusterMatch;
};

export type Made = {
  readonly parts: readonly Part[];
  /** For each part what it was made from. */
  readonly sources: readonly { readonly component: Component; readonly rendered: Rendered }[];
  /** Clusters that single objects ask for. */
  readonly pinned: ReadonlyMap<Claim['deploy'], readonly string[]>;
};

export function partsOf(claims: readonly Claim[], input: PartInput): Findings<Made> {
  const diagnostics: Diagnostic[] = [];
  const forms = formsOf(claims);
  const everywhere = union(claims.map(({ clusters }) => clusters));
  const parts: Part[] = [];
  const sources: Made['sources'][number][] = [];
  const pinned = new Map<Claim['deploy'], readonly string[]>();
  const needsOf = needs(forms, input.components, diagnostics);
  const told = new Set<string>();
  for (const form of forms) {
    const { component, namespace, deploy, content } = form.claim;
    const context = { name: component.name, app: input.app, namespace: namespace ?? input.namespace };
    const { value: rendered, diagnostics: found } = renderComponent(component, context, namespace, input.marks);
    // One form in several namespaces has its problems once.
    if (!told.has(content)) diagnostics.push(...found);
    told.add(content);
    sources.push({ component, rendered });
    const made = splitByPin(form, rendered, everywhere, input, needsOf(form));
    parts.push(...made.parts);
    pinned.set(deploy, [...(pinned.get(deploy) ?? []), ...made.pins]);
  }
  diagnostics.push(...circles(parts, forms));
  return { value: { parts, sources, pinned }, diagnostics };
}

/** Of several forms of one component on one cluster, the last one's. */
function formsOf(claims: readonly Claim[]): readonly Form[] {
  const partNames = new Map<string, string>();
  const taken = new Set<string>();
  return [...Map.groupBy(claims, groupOf)].flatMap(([group, members]) => {
    const { component, namespace } = members[0] ?? {};
    const base = component?.name ?? '';
    const part = taken.has(base) ? `${base}.${namespace ?? 'own'}` : base;
    taken.add(base);
    partNames.set(group, part);
    const scoped = members.map((claim, index) => {
      const later = members.slice(index + 1).filter(({ content }) => content !== claim.content);
      return {
        claim,
        clusters: minus(
          claim.clusters,
          later.map(({ clusters }) => clusters),
        ),
      };
    });
    return [...Map.groupBy(scoped, ({ claim }) => claim.content).values()].flatMap((same): readonly Form[] => {
      const [first] = same;
      const clusters = union(same.map((each) => each.clusters).filter((each) => !isNowhere(each)));
      return first === undefined || isNowhere(clusters) ? [] : [{ claim: first.claim, part, clusters }];
    });
  });
}

/** Names of the parts that must be well first: what a component says, and all of the steps before its own. */
function needs(
  forms: readonly Form[],
  components: readonly Component[],
  diagnostics: Diagnostic[],
): (form: Form) => readonly string[] {
  const known = new Set([...components, ...forms.map(({ claim }) => claim.component)].map(({ name }) => name));
  const told = new Set<string>();
  const report = (found: Diagnostic): void => {
    const key = `${found.origin.line}:${found.origin.column} ${found.message}`;
    if (!told.has(key)) diagnostics.push(found);
    told.add(key);
  };
  const sources = (component: string, namespace: string | undefined): readonly string[] => {
    const same = forms.filter(({ claim }) => claim.component.name === component);
    const near = same.filter(({ claim }) => claim.namespace === namespace);
    return (near.length > 0 ? near : same).map(({ part }) => part);
  };
  return ({ claim: { component, namespace, deploy }, part }) => {
    const named = component.dependsOn.flatMap(({ name, origin }) => {
      const found = sources(name, namespace);
      if (!known.has(name)) report(problem('A1203', origin, `there is no component ${name}`));
      else if (found.length === 0) {
        const hint = 'it is waited for in vain: deploy it too, or take it out of `dependsOn`';
        report(problem('A1203', origin, `no step deploys component ${name}, which ${component.name} depends on`, hint));
      }
      return found;
    });
    const earlier = forms.filter(({ claim }) => claim.deploy.level < deploy.level).map((each) => each.part);
    return [...new Set([...named, ...earlier])].filter((name) => name !== part);
  };
}

const pinName = (part: string, cluster: string): string => `${part}.on-${cluster}`;

function splitByPin(
  { claim, part, clusters }: Form,
  rendered: Rendered,
  everywhere: ClusterMatch,
  { isLeftOut }: PartInput,
  dependsOn: readonly string[],
): { readonly parts: readonly Part[]; readonly pins: readonly string[] } {
  const { component, namespace } = claim;
  const common = { origin: component.origin, namespace, dependsOn };
  const scope = sameMatch(clusters, everywhere) ? undefined : clusters;
  const parts: Part[] = [];
  const { copies, edits } = rendered;
  if (copies.length > 0)
    parts.push({ ...common, name: part, clusters: scope, source: { kind: 'copy', copies, edits } });
  const kept = rendered.objects.filter((object) => !isLeftOut(object, component));
  const byPin = Map.groupBy(kept, ({ pinnedTo }) => pinnedTo);
  const own = byPin.get(undefined) ?? [];
  const declared = (objects: readonly RenderedObject[]) => objects.map(({ object, origin }) => ({ object, origin }));
  if (own.length > 0)
    parts.push({
      ...common,
      name: copies.length > 0 ? `${part}.traits` : part,
      dependsOn: copies.length > 0 ? [...dependsOn, part] : dependsOn,
      clusters: scope,
      source: { kind: 'objects', objects: declared(own) },
    });
  const pins = [...byPin.keys()].filter((pin) => pin !== undefined);
  for (const pin of pins)
    parts.push({
      ...common,
      name: pinName(part, pin),
      clusters: named([pin]),
      source: { kind: 'objects', objects: declared(byPin.get(pin) ?? []) },
    });
  return { parts, pins };
}

function circles(parts: readonly Part[], forms: readonly Form[]): readonly Diagnostic[] {
  const graph = new Map(parts.map(({ name, dependsOn }) => [name, dependsOn] as const));
  const seen = new Set<string>();
  return forms.flatMap(({ part, claim }): readonly Diagnostic[] => {
    if (seen.has(part)) return [];
    seen.add(part);
    const circle = circleFrom(part, graph);
    if (circle === undefined) return [];
    const origin = claim.component.dependsOn[0]?.origin ?? claim.component.origin;
    const message = `component ${claim.component.name} waits for itself: ${circle.join(' > ')}`;
    return [problem('A1216', origin, message, 'take one of these out of `dependsOn`, or deploy them in one step')];
  });
}
