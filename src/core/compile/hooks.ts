/** Helm's hooks, as far as a state can have them: what comes before and after is ordering, the rest is told. */
import type { DeclaredObject, Part } from '../model/intent.ts';
import { describeObject, type KubeObject, textMapOf } from '../model/object.ts';

/** `main`: no hook. `apart`: nothing that a cluster should hold. */
type Phase = 'before' | 'main' | 'after' | 'apart';

const before: readonly string[] = ['pre-install', 'crd-install'];
const after: readonly string[] = ['post-install'];
/** Helm runs them when somebody asks; tests of a chart are no part of what it installs. */
const tests: readonly string[] = ['test', 'test-success', 'test-failure'];

/**
 * The parts that a part with hooks comes to: those before an installation are healthy first, by their weights, those after
 * it follow. The part itself keeps its name, so that whoever waits for it waits for what it runs.
 *
 * Shape: one part where there are no hooks. Source: https://helm.sh/docs/topics/charts_hooks/
 */
export function hookedParts(part: Part, objects: readonly DeclaredObject[]): readonly Part[] {
  const byPhase = Map.groupBy(objects, ({ object }) => phaseOf(object));
  const made = (name: string, dependsOn: readonly string[], of: readonly DeclaredObject[]): Part => ({
    ...part,
    name,
    dependsOn,
    source: { kind: 'objects', objects: of },
  });
  const parts: Part[] = [];
  const chain = (hooks: readonly DeclaredObject[], phase: string, start: readonly string[]): readonly string[] => {
    let needed = start;
    for (const [weight, group] of byWeight(hooks)) {
      const name = `${part.name}.${phase}${weight === 0 ? '' : `.${weight}`}`;
      parts.push(made(name, needed, group));
      needed = [name];
    }
    return needed;
  };
  const needed = chain(byPhase.get('before') ?? [], 'pre-install', part.dependsOn);
  parts.push(made(part.name, [...new Set([...part.dependsOn, ...needed])], byPhase.get('main') ?? []));
  chain(byPhase.get('after') ?? [], 'post-install', [part.name]);
  return parts;
}

/** What of the hooks is done in another way than Helm's, or not at all. */
export function hookWarnings(objects: readonly KubeObject[]): readonly string[] {
  return objects.flatMap((object) => {
    const hooks = hooksOf(object);
    if (hooks.length === 0 || hooks.every((hook) => tests.includes(hook))) return [];
    const what = `${describeObject(object)} is a hook (${hooks.join(', ')})`;
    if (phaseOf(object) === 'apart') return [`${what} and is left out: there is no such moment here`];
    if (object.kind !== 'Job' && object.kind !== 'Pod') return [];
    return [`${what}: it runs once, and again only when it is deleted`];
  });
}

function phaseOf(object: KubeObject): Phase {
  const hooks = hooksOf(object);
  if (hooks.length === 0) return 'main';
  if (hooks.some((hook) => before.includes(hook))) return 'before';
  return hooks.some((hook) => after.includes(hook)) ? 'after' : 'apart';
}

const hooksOf = (object: KubeObject): readonly string[] =>
  (textMapOf(object, 'annotations')['helm.sh/hook'] ?? '')
    .split(',')
    .map((hook) => hook.trim())
    .filter((hook) => hook !== '');

/** Lowest first. */
function byWeight(hooks: readonly DeclaredObject[]): readonly (readonly [number, readonly DeclaredObject[]])[] {
  const groups = Map.groupBy(hooks, ({ object }) => {
    const weight = Number(textMapOf(object, 'annotations')['helm.sh/hook-weight'] ?? '0');
    return Number.isSafeInteger(weight) ? weight : 0;
  });
  return [...groups].toSorted(([a], [b]) => a - b);
}
