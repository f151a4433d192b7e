/** What each step of an Application deploys, and where: the workflow that is written, or the one that follows from it. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Dependency } from '../../model/intent.ts';
import type { Origin } from '../../model/source.ts';
import type { Beside } from './beside.ts';
import { named, union } from './clusters.ts';
import { inEnvironment } from './environment.ts';
import type { Component } from './loaded.ts';
import { override } from './override.ts';
import { type Evaluate, filledStep, passed, Scope } from './passing.ts';
import type { Policy } from './policies.ts';
import { problem } from './problem.ts';
import { replicate } from './replication.ts';
import { type Target, type Task, taskOf } from './step-task.ts';
import { here, type Place, placesOf } from './topology.ts';
import type { Schedule, ScheduledStep } from './workflow.ts';

export type Deploy = Omit<ScheduledStep, 'task'> & {
  readonly places: readonly (Place & { readonly components: readonly Component[] })[];
};

export type Deploys = { readonly deploys: readonly Deploy[]; readonly dependsOn: readonly Dependency[] };

type Known = {
  readonly components: readonly Component[];
  readonly policies: readonly Policy[];
  readonly beside: Beside;
  readonly namespace: string;
  /** What an output of a component is that goes to a namespace, or to its own. */
  readonly valueAt: (namespace: string | undefined) => Evaluate;
};

export function deploysOf({ steps, dependsOn }: Schedule, known: Known): Findings<Deploys> {
  const problems: Diagnostic[] = [];
  // What steps give to later ones.
  const scope = new Scope();
  const deploys = steps.flatMap(({ task, ...step }): readonly Deploy[] => {
    const found = whatOf(task, step.name, step.origin, known, scope, problems);
    if (found === undefined) return [];
    const isGiving = task.kind === 'component';
    const places = found.places.map((place) => {
      const inner = isGiving ? scope : new Scope(scope);
      const { value, diagnostics } = passed(found.components, inner, known.valueAt(place.namespace));
      problems.push(...diagnostics.filter((each) => !problems.some((other) => isSame(each, other))));
      return { ...place, components: value };
    });
    return [{ ...step, places }];
  });
  return { value: { deploys, dependsOn }, diagnostics: problems };
}

/** One thing that is wrong in several places is told once. */
const isSame = (a: Diagnostic, b: Diagnostic): boolean =>
  a.message === b.message && a.origin.line === b.origin.line && a.origin.column === b.origin.column;

type What = { readonly components: readonly Component[]; readonly places: readonly Place[] };

function whatOf(
  task: Task,
  name: string,
  origin: Origin,
  known: Known,
  scope: Scope,
  problems: Diagnostic[],
): What | undefined {
  switch (task.kind) {
    case 'policies':
      return byPolicies(task.policies, known, problems);
    case 'component': {
      const { component, except, clusters, namespace } = task;
      const components = known.components
        .filter(({ name: each }) => (component === undefined ? !except.includes(each) : each === component))
        .map((each) => ({
          ...each,
          inputs: [...each.inputs, ...task.inputs],
          outputs: [...each.outputs, ...task.outputs],
        }));
      if (components.length === 0 && component !== undefined)
        problems.push(problem('A1203', origin, `there is no component ${component}`));
      return {
        components,
        places: [{ clusters: clusters === undefined ? here.clusters : named(clusters), namespace }],
      };
    }
    case 'environment':
      return inEnvironment(task, known, problems);
    case 'unfilled': {
      const { value: filled, diagnostics } = whole(task, scope);
      problems.push(...diagnostics);
      return filled === undefined ? undefined : whatOf(filled, name, origin, known, scope, problems);
    }
    case 'objects': {
      const { type, properties, to } = task;
      const component: Component = {
        name,
        type,
        origin,
        properties,
        traits: [],
        dependsOn: [],
        replicaKey: undefined,
        inputs: [],
        outputs: [],
        isOfStep: true,
      };
      return { components: [component], places: placesFor(to, known, problems) };
    }
  }
}

/** A step of which the properties are not whole yet. */
function whole(
  { type, written, context }: Extract<Task, { kind: 'unfilled' }>,
  scope: Scope,
): Findings<Task | undefined> {
  const { value, diagnostics } = filledStep(written, context.inputs, scope, context.step);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const read = taskOf(type, value, { ...context, inputs: [] });
  return { value: read.value?.task, diagnostics: read.diagnostics };
}

/** Objects of a step say themselves which namespace they go to. */
function placesFor(to: Target, known: Known, problems: Diagnostic[]): readonly Place[] {
  if (to.kind === 'cluster')
    return [to.cluster === undefined ? here : { clusters: named([to.cluster]), namespace: undefined }];
  const policy = policyNamed(to.policy, to.origin, known, problems);
  if (policy === undefined) return [];
  const { value, diagnostics } = placesOf([policy]);
  problems.push(...diagnostics);
  return [{ clusters: union(value.map(({ clusters }) => clusters)), namespace: undefined }];
}

function policyNamed(
  name: string,
  origin: Origin,
  { policies, beside, namespace }: Known,
  problems: Diagnostic[],
): Policy | undefined {
  const policy = policies.findLast((each) => each.name === name) ?? beside.policy(namespace, name);
  if (policy === undefined)
    problems.push(problem('A1516', origin, `policy ${name} not found`, beside.guessPolicy(namespace, name, policies)));
  return policy;
}

/** First where, then what: overrides in order, replication last. */
function byPolicies(
  names: Extract<Task, { kind: 'policies' }>['policies'],
  known: Known,
  problems: Diagnostic[],
): What {
  const chosen = names.flatMap(({ name, origin }) => policyNamed(name, origin, known, problems) ?? []);
  const of = (type: string): readonly Policy[] => chosen.filter((policy) => policy.type === type);
  const { value: places, diagnostics } = placesOf(of('topology'));
  problems.push(...diagnostics);
  const take = (found: Findings<readonly Component[]>): readonly Component[] => {
    problems.push(...found.diagnostics);
    return found.value;
  };
  const overridden = of('override').reduce((all, { properties }) => take(override(all, properties)), known.components);
  const replicated = of('replication').reduce(
    (all, { properties, name }) => take(replicate(all, properties, name)),
    overridden,
  );
  return { components: replicated, places };
}

/** Without a workflow: one deployment for each topology, none of which waits for another; all overrides are in each. */
export function scheduleWithoutWorkflow(policies: readonly Policy[], origin: Origin): Schedule {
  const reference = ({ name, origin: at }: Policy) => ({ name, origin: at });
  const overrides = policies.filter(({ type }) => type === 'override').map(reference);
  const topologies = policies.filter(({ type }) => type === 'topology');
  const common = { level: 0, isWaiting: false, pauseMs: 0, timeoutMs: undefined, gates: [] } as const;
  if (topologies.length === 0)
    return {
      steps: [{ name: 'deploy', origin, task: { kind: 'policies', policies: overrides }, ...common }],
      dependsOn: [],
    };
  return {
    steps: topologies.map((topology) => ({
      name: `deploy-${topology.name}`,
      origin: topology.origin,
      task: { kind: 'policies', policies: [...overrides, reference(topology)] },
      ...common,
    })),
    dependsOn: [],
  };
}
