/** The native Placement. */
import type { z } from 'zod';
import { isArray, isObject } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import type { FieldCopy } from '../../model/field-copy.ts';
import type { Promotion } from '../../model/gate.ts';
import { appId } from '../../model/id.ts';
import type { IntOrShare, Placement, Stage } from '../../model/placement.ts';
import type { Files } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import { readFieldCopy } from './field-copy.ts';
import { readGate } from './gate.ts';
import { clusterMatchOf, targetOf } from './matching.ts';
import { readNative } from './read.ts';
import { Placement as Schema } from './schema/placement.ts';
import { stageProblems } from './stage-order.ts';

type Spec = z.output<typeof Schema>['spec'];

/** Shape: a placement with `isBroken` when anything of it is wrong, so that its apps stay where they are. */
export function readPlacement(placed: Placed, files: Files): Findings<Placement> {
  const { value, diagnostics } = readNative(Schema, placed);
  if (value === undefined) return { value: brokenPlacement(placed), diagnostics };
  const { metadata, spec } = value;
  const id = `${metadata.namespace}/${metadata.name}`;
  const stages = spec.stages.map((stage, index) => readStage(stage, index, id, placed, files));
  const problems = [...placementProblems(spec, placed), ...stages.flatMap((each) => each.diagnostics)];
  const placement: Placement = {
    id,
    repository: placed.origin.repository,
    origin: placed.origin,
    apps: spec.apps.map((name) => appId(metadata.namespace, name)),
    stages: stages.map((each) => each.value),
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
    isBroken: problems.some(isError),
  };
  return { value: placement, diagnostics: problems };
}

function readStage(
  written: Spec['stages'][number],
  index: number,
  placement: string,
  placed: Placed,
  files: Files,
): Findings<Stage> {
  const { name, revision, after, promotion, soak, waves, maxUnavailable, maxFailures, progressDeadline } = written;
  const path = ['spec', 'stages', index];
  const gates = written.gates.map((gate, at) => readGate(gate, [...path, 'gates', at], placed, files));
  const copy =
    promotion?.copy === undefined
      ? undefined
      : readFieldCopy(promotion.copy, [...path, 'promotion', 'copy'], { name, revision, placement }, placed, files);
  const stage: Stage = {
    name,
    origin: originAt(placed, path),
    clusters: clusterMatchOf(written),
    revision,
    ...(after === undefined ? {} : { after }),
    ...(gates.length === 0 ? {} : { gates: gates.map(({ value }) => value) }),
    ...(promotion === undefined ? {} : { promotion: promotionOf(promotion, copy?.value) }),
    soakMs: soak,
    waves: waves === undefined ? undefined : { topologyKey: waves.topologyKey, order: waves.order, soakMs: waves.soak },
    maxUnavailable: intOrShare(maxUnavailable),
    maxFailures,
    progressDeadlineMs: progressDeadline,
  };
  const diagnostics = [...gates.flatMap((gate) => gate.diagnostics), ...(copy?.diagnostics ?? [])];
  return { value: stage, diagnostics };
}

const promotionOf = (
  { policy, merge }: NonNullable<Spec['stages'][number]['promotion']>,
  copy: FieldCopy | undefined,
): Promotion => ({ policy, merge, ...(copy === undefined ? {} : { copy }) });

function intOrShare(value: number | string): IntOrShare {
  if (typeof value === 'number') return { kind: 'count', count: value };
  return { kind: 'share', percent: Number(value.slice(0, -1)) };
}

function placementProblems(spec: Spec, placed: Placed): readonly Diagnostic[] {
  const limits = spec.replicas.flatMap(({ minPerCluster, maxPerCluster }, index): readonly Diagnostic[] => {
    if (maxPerCluster === undefined || maxPerCluster >= minPerCluster) return [];
    const origin = originAt(placed, ['spec', 'replicas', index, 'maxPerCluster']);
    const message = `maxPerCluster ${maxPerCluster} is below minPerCluster ${minPerCluster}`;
    return [{ code: 'A1206', severity: 'error', origin, message }];
  });
  return [...stageProblems(spec.stages, placed), ...limits];
}

/** Manifests of gates, also of a Placement that is broken elsewhere: they belong to nobody else. */
export function gatePathsOf(spec: unknown): readonly string[] {
  const stages = isObject(spec) && isArray(spec.stages) ? spec.stages : [];
  const gates = stages.flatMap((stage) => (isObject(stage) && isArray(stage.gates) ? stage.gates : []));
  return gates.flatMap((gate) =>
    isObject(gate) && isObject(gate.job) && typeof gate.job.path === 'string' ? [gate.job.path] : [],
  );
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
