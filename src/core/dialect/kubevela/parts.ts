/** From the components that steps deploy to the parts of an intent. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import type { DeclaredObject, Part, PartSource } from '../../model/intent.ts';
import { circleFrom } from '../circle.ts';
import { type Claim, groupOf } from './claim.ts';
import { isNowhere, minus, named, sameMatch, union } from './clusters.ts';
import type { Context } from './effect.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';
import { type Rendered, renderComponent } from './render.ts';
import type { Origins } from './repository.ts';
import type { Mark, Rules } from './resources.ts';
import { annotationsOfCopies, annotationsOfMade, type Marks, withAnnotations } from './stamp.ts';

export type PartInput = {
  readonly contextOf: (component: string, namespace: string | undefined) => Context;
  readonly marks: Marks;
  readonly origins: Origins;
  /** Of the Application, as it is written. */
  readonly components: readonly Component[];
  /** All clusters that any step leads to. */
  readonly everywhere: ClusterMatch;
  readonly rules: Pick<Rules, 'marksOf' | 'marksOfCopies'>;
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
  const told = new Set<string>();
  const rendered = forms.map((form) => {
    const { component, namespace, content } = form.claim;
    const context = input.contextOf(component.name, namespace);
    const { value, diagnostics: found } = renderComponent(component, context, namespace, input.marks, input.origins);
    // One form in several namespaces has its problems once.
    if (!told.has(content)) diagnostics.push(...found);
    told.add(content);
    return { form, rendered: value, pins: pinsIn(value) };
  });
  // While an object asks for a cluster of its own, the Application is at more places than its steps say.
  const isPinning = rendered.some(({ pins }) => pins.length > 0);
  const everywhere = isPinning ? undefined : input.everywhere;
  const needsOf = needs(forms, input.components, diagnostics);
  const parts = rendered.flatMap((each) => partsOfForm(each, everywhere, input, needsOf(each.form)));
  const byDeploy = Map.groupBy(rendered, ({ form }) => form.claim.deploy);
  diagnostics.push(...circles(parts, forms));
  return {
    value: {
      parts,
      sources: rendered.map((each) => ({ component: each.form.claim.component, rendered: each.rendered })),
      pinned: new Map([...byDeploy].map(([deploy, members]) => [deploy, members.flatMap(({ pins }) => pins)])),
    },
    diagnostics,
  };
}

const pinsIn = ({ objects }: Rendered): readonly string[] => [
  ...new Set(objects.flatMap(({ pinnedTo }) => pinnedTo ?? [])),
];

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
  // A part that a later step has too is not waited for: on some cluster the later form is the one that is there.
  const levels = new Map<string, number>();
  for (const { part, claim } of forms) levels.set(part, Math.max(levels.get(part) ?? 0, claim.deploy.level));
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
    const earlier = [...levels].flatMap(([name, level]) => (level < deploy.level ? [name] : []));
    return [...new Set([...named, ...earlier])].filter((name) => name !== part);
  };
}

const pinName = (part: string, cluster: string): string => `${part}.on-${cluster}`;

function partsOfForm(
  { form, rendered, pins }: { readonly form: Form; readonly rendered: Rendered; readonly pins: readonly string[] },
  everywhere: ClusterMatch | undefined,
  { rules }: PartInput,
  dependsOn: readonly string[],
): readonly Part[] {
  const { claim, part, clusters } = form;
  const { component, namespace } = claim;
  const common = { origin: component.origin, namespace, dependsOn };
  const scope = everywhere !== undefined && sameMatch(clusters, everywhere) ? undefined : clusters;
  const { tool } = rendered;
  const declared = (pin: string | undefined): readonly DeclaredObject[] =>
    rendered.objects
      .filter(({ pinnedTo }) => pinnedTo === pin)
      .map((each) => ({
        object: withAnnotations(each.object, rules.marksOf(each, component)),
        origin: each.origin,
      }));
  const marks = rules.marksOfCopies(component);
  const source = ofOthers(rendered, marks, component.origin);
  const first: readonly Part[] =
    source === undefined
      ? []
      : [{ ...common, name: part, namespace: namespace ?? tool?.namespace, clusters: scope, source }];
  const isBeside = source !== undefined;
  const own: Part = {
    ...common,
    name: isBeside ? `${part}.traits` : part,
    dependsOn: isBeside ? [...dependsOn, part] : dependsOn,
    clusters: scope,
    source: { kind: 'objects', objects: declared(undefined) },
  };
  const others = pins.map(
    (pin): Part => ({
      ...common,
      name: pinName(part, pin),
      clusters: named([pin]),
      source: { kind: 'objects', objects: declared(pin) },
    }),
  );
  return [...first, own, ...others].filter(({ source }) => source.kind !== 'objects' || source.objects.length > 0);
}

/** What is not written here: copies, or what a tool makes. Rules for objects of the component mean all of it. */
function ofOthers(
  { copies, edits, tool }: Rendered,
  marks: readonly Mark[],
  origin: Component['origin'],
): PartSource | undefined {
  if (copies.length > 0) return { kind: 'copy', copies, edits: [...edits, ...annotationsOfCopies(marks, origin)] };
  if (tool === undefined) return undefined;
  const all = [...tool.edits, ...annotationsOfMade(marks, origin)];
  return { kind: 'tool', tool: tool.tool, ...(all.length === 0 ? {} : { edits: all }) };
}

function circles(parts: readonly Part[], forms: readonly Form[]): readonly Diagnostic[] {
  const byName = Map.groupBy(parts, ({ name }) => name);
  const graph = new Map([...byName].map(([name, same]) => [name, same.flatMap(({ dependsOn }) => dependsOn)] as const));
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
