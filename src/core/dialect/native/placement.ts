/** The native Placement. */
import type { z } from 'zod';
import { isObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { appId } from '../../model/id.ts';
import type { IntOrShare, Placement, Stage } from '../../model/placement.ts';
import { originAt, type Placed } from '../placed.ts';
import { clusterMatchOf, targetOf } from './matching.ts';
import { readNative } from './read.ts';
import { Placement as Schema } from './schema/placement.ts';

type Spec = z.output<typeof Schema>['spec'];

/** Shape: a placement with `isBroken` when anything of it is wrong, so that its apps stay where they are. */
export function readPlacement(placed: Placed): Findings<Placement> {
  const { value, diagnostics } = readNative(Schema, placed);
  if (value === undefined) return { value: brokenPlacement(placed), diagnostics };
  const { metadata, spec } = value;
  const problems = placementProblems(spec, placed);
  const placement: Placement = {
    id: `${metadata.namespace}/${metadata.name}`,
    repository: placed.origin.repository,
    origin: placed.origin,
    apps: spec.apps.map((name) => appId(metadata.namespace, name)),
    stages: spec.stages.map((stage, index) => stageOf(stage, index, placed)),
    spread: spec.spread,
    replicas: spec.replicas.map(({ target, total, minPerCluster, maxPerCluster, weights }, index) => ({
      kind: 'weighted',
      origin: originAt(placed, ['spec', 'replicas', index]),
      target: targetOf(target),
      total,
      minPerCluster,
      maxPerCluster,
      weights: weights.map((each) => ({ clusters: clusterMatchOf(each), weight: each.weight })),
    })),
    onDelete: spec.onDelete,
    isCreatingNamespaces: spec.createNamespaces,
    isMakingFirst: false,
    isAddOn: spec.addOn,
    isSuspended: spec.suspend,
    isBroken: problems.length > 0,
  };
  return { value: placement, diagnostics: problems };
}

function stageOf(stage: Spec['stages'][number], index: number, placed: Placed): Stage {
  return {
    name: stage.name,
    origin: originAt(placed, ['spec', 'stages', index]),
    clusters: clusterMatchOf(stage),
    revision: stage.revision,
    soakMs: stage.soak,
    waves:
      stage.waves === undefined
        ? undefined
        : { topologyKey: stage.waves.topologyKey, order: stage.waves.order, soakMs: stage.waves.soak },
    maxUnavailable: intOrShare(stage.maxUnavailable),
    maxFailures: stage.maxFailures,
    progressDeadlineMs: stage.progressDeadline,
  };
}

function intOrShare(value: number | string): IntOrShare {
  if (typeof value === 'number') return { kind: 'count', count: value };
  return { kind: 'share', percent: Number(value.slice(0, -1)) };
}

function placementProblems(spec: Spec, placed: Placed): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const report = (code: Diagnostic['code'], path: readonly (string | number)[], message: string): void => {
    problems.push({ code, severity: 'error', origin: originAt(placed, ['spec', ...path]), message });
  };
  const names = spec.stages.map((stage) => stage.name);
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) report('A1205', ['stages', index, 'name'], `two stages are named ${JSON.stringify(name)}`);
    seen.add(name);
  }
  for (const [index, { minPerCluster, maxPerCluster }] of spec.replicas.entries()) {
    if (maxPerCluster !== undefined && maxPerCluster < minPerCluster) {
      report(
        'A1206',
        ['replicas', index, 'maxPerCluster'],
        `maxPerCluster ${maxPerCluster} is below minPerCluster ${minPerCluster}`,
      );
    }
  }
  return problems;
}

function brokenPlacement(placed: Placed): Placement {
  const { metadata, spec } = placed.document.value;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  const space = typeof namespace === 'string' ? namespace : 'default';
  const apps = isObject(spec) && Array.isArray(spec.apps) ? spec.apps : [];
  return {
    id: `${space}/${String(name)}`,
    repository: placed.origin.repository,
    origin: placed.origin,
    apps: apps.flatMap((app) => (typeof app === 'string' ? [appId(space, app)] : [])),
    stages: [],
    spread: undefined,
    replicas: [],
    onDelete: 'Orphan',
    isCreatingNamespaces: false,
    isMakingFirst: false,
    isAddOn: false,
    isSuspended: false,
    isBroken: true,
  };
}
