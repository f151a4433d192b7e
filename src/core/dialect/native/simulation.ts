/** The native Simulation. */
import type { z } from 'zod';
import type { Findings } from '../../model/diagnostic.ts';
import { appIdOf, clusterId } from '../../model/id.ts';
import type { Path } from '../../model/locate.ts';
import type { Policy, PolicyRule, Simulation, SimulationStep, StepAction } from '../../model/simulation.ts';
import { originAt, type Placed } from '../placed.ts';
import { clusterMatchOf } from './matching.ts';
import { readNative } from './read.ts';
import { actionNames, ruleNames, Simulation as Schema } from './schema/simulation.ts';

type Spec = z.output<typeof Schema>['spec'];
type WrittenPolicy = Spec['expect'][number];
type WrittenStep = Spec['steps'][number];

export function readSimulation(placed: Placed): Findings<Simulation | undefined> {
  const { value, diagnostics } = readNative(Schema, placed);
  if (value === undefined) return { value: undefined, diagnostics };
  const { metadata, spec } = value;
  const simulation: Simulation = {
    name: metadata.name,
    origin: placed.origin,
    isStartingEmpty: spec.from === 'Empty',
    startMs: spec.startAt,
    readyAfterMs: spec.readyAfter,
    policies: policiesOf(spec.expect, placed, ['spec', 'expect']),
    steps: spec.steps.map((step, index) => stepOf(step, placed, ['spec', 'steps', index])),
  };
  return { value: simulation, diagnostics: [] };
}

function stepOf(written: WrittenStep, placed: Placed, path: Path): SimulationStep {
  const action = actionOf(written);
  return {
    origin: originAt(placed, path),
    name: written.name ?? describeAction(action),
    action,
    forMs: written.for,
    policies: policiesOf(written.expect, placed, [...path, 'expect']),
  };
}

function actionOf(written: WrittenStep): StepAction {
  const kind = actionNames.find((name) => written[name] !== undefined) ?? 'wait';
  switch (kind) {
    case 'lose':
    case 'return':
    case 'drain':
    case 'cordon':
    case 'activate':
      return { kind, clusters: clusterMatchOf(written[kind] ?? {}) };
    case 'label': {
      const { labels = {}, ...clusters } = written.label ?? {};
      const wanted = Object.entries(labels).map(([key, value]) => [key, value ?? undefined]);
      return { kind, clusters: clusterMatchOf(clusters), labels: Object.fromEntries(wanted) };
    }
    case 'add':
      return { kind, path: written.add?.path ?? '' };
    case 'remove':
      return { kind, paths: written.remove?.paths ?? [] };
    case 'checkout':
      return { kind, revision: written.checkout?.revision ?? '' };
    case 'change':
      return { kind, app: appIdOf(written.change?.app ?? '') };
    case 'promote':
      return { kind, placement: written.promote?.placement ?? '', stage: written.promote?.stage ?? '' };
    case 'break':
    case 'mend': {
      const { app = '', clusterNames, clusterSelector } = written[kind] ?? { app: '' };
      const isEverywhere = clusterNames === undefined && clusterSelector === undefined;
      const clusters = isEverywhere
        ? ({ kind: 'every', of: [] } as const)
        : clusterMatchOf({ clusterNames, clusterSelector });
      return { kind, app: appIdOf(app), clusters };
    }
    case 'wait':
      return { kind };
  }
}

const words: Readonly<Record<StepAction['kind'], string>> = {
  lose: 'lose',
  return: 'return',
  drain: 'drain',
  cordon: 'cordon',
  activate: 'activate',
  label: 'label',
  add: 'add',
  remove: 'remove',
  checkout: 'check out',
  change: 'change',
  promote: 'promote',
  break: 'break',
  mend: 'mend',
  wait: 'wait',
};

/** As a person would say it in a few words. */
export function describeAction(action: StepAction): string {
  const word = words[action.kind];
  switch (action.kind) {
    case 'add':
      return `${word} ${action.path}`;
    case 'remove':
      return `${word} ${action.paths.join(', ')}`;
    case 'checkout':
      return `${word} ${action.revision}`;
    case 'change':
      return `${word} ${action.app}`;
    case 'promote':
      return `${word} ${action.placement} to ${action.stage}`;
    case 'break':
    case 'mend':
      return `${word} ${action.app}`;
    case 'wait':
      return word;
    default:
      return `${word} ${clustersText(action.clusters)}`;
  }
}

function clustersText(clusters: Extract<StepAction, { kind: 'lose' | 'label' }>['clusters']): string {
  if (clusters.kind === 'names') return clusters.names.join(', ');
  if (clusters.kind !== 'selector' || clusters.selector.length === 0) return 'every cluster';
  const terms = clusters.selector.map((each) =>
    'values' in each
      ? `${each.key}${each.operator === 'In' ? '=' : '!='}${each.values.join('|')}`
      : `${each.operator === 'Exists' ? '' : '!'}${each.key}`,
  );
  return terms.join(', ');
}

const policiesOf = (written: readonly WrittenPolicy[], placed: Placed, path: Path): readonly Policy[] =>
  written.map((policy, index) => {
    const name = ruleNames.find((each) => policy[each] !== undefined) ?? 'settles';
    return {
      origin: originAt(placed, [...path, index]),
      because: policy.because,
      rule: ruleOf(policy, name),
    };
  });

const appOf = (app: string | undefined) => (app === undefined ? undefined : appIdOf(app));

function ruleOf(written: WrittenPolicy, name: (typeof ruleNames)[number]): PolicyRule {
  switch (name) {
    case 'minReady':
      return { kind: name, app: appIdOf(written.minReady?.app ?? ''), replicas: written.minReady?.replicas ?? 0 };
    case 'minClusters': {
      const { app = '', count = 0, topologyKey } = written.minClusters ?? {};
      return { kind: name, app: appIdOf(app), count, topologyKey };
    }
    case 'maxChanging': {
      const { app, count = 0, topologyKey } = written.maxChanging ?? {};
      return { kind: name, app: appOf(app), count, topologyKey };
    }
    case 'noDeletes':
      return { kind: name, app: appOf(written.noDeletes?.app) };
    case 'order': {
      const { app = '', topologyKey, values = [] } = written.order ?? {};
      return { kind: name, app: appIdOf(app), topologyKey, values };
    }
    case 'placement': {
      const { app = '', clusters = [], replicas = {} } = written.placement ?? {};
      const counts = [
        ...clusters.map((cluster) => [clusterId(cluster), undefined] as const),
        ...Object.entries(replicas).map(([cluster, count]) => [clusterId(cluster), count] as const),
      ];
      return { kind: name, app: appIdOf(app), replicas: new Map(counts) };
    }
    case 'settles':
      return { kind: name, app: appOf(written.settles?.app), withinMs: written.settles?.within };
  }
}
