/** Cells that have a record and are no longer compiled: are they gone, and why? */
import type { Cell, Vanished, VanishReason } from '../model/cell.ts';
import { matches } from '../model/fleet.ts';
import type { CellId } from '../model/id.ts';
import type { Placement } from '../model/placement.ts';
import type { CellRecord } from '../model/record.ts';
import type { Gathered } from './gather.ts';
import type { World } from './world.ts';

export type Vanishing = {
  readonly vanished: readonly Vanished[];
  /** Cells that stay as they are, since it cannot be said whether they are gone. */
  readonly kept: readonly Cell[];
};

/** Absence of evidence is not deletion: whatever may hide the cell's intent keeps it. */
export function vanishingOf(cells: ReadonlyMap<CellId, Cell>, gathered: Gathered, world: World): Vanishing {
  const taken = new Set([...cells.values()].flatMap((cell) => cell.movedFrom));
  const missing = [...world.observed.records.values()].filter(
    (record) => !cells.has(record.cell) && !taken.has(record.cell),
  );
  const vanished: Vanished[] = [];
  const kept: Cell[] = [];
  for (const record of missing) {
    const doubt = doubtOf(record, gathered, world);
    if (doubt === undefined) vanished.push({ record, reason: reasonOf(record, gathered) });
    else kept.push(keptCell(record, doubt));
  }
  return { vanished, kept };
}

function doubtOf(
  record: CellRecord,
  { fleet, intents, placements, isFleetComplete }: Gathered,
  world: World,
): string | undefined {
  const source = world.sources.find(({ id }) => id === record.repository);
  if (source === undefined) {
    return world.unread.has(record.repository)
      ? `repository ${record.repository} has not been read yet`
      : `repository ${record.repository} is not in the settings`;
  }
  if (!source.head.value.isComplete) return 'a file of its repository cannot be read';
  if (!isFleetComplete && !fleet.has(record.cluster)) return 'the inventory of clusters cannot be read whole';
  if (intents.get(record.app)?.isBroken) return 'its manifests have errors';
  if (placements.some((placement) => placement.isBroken && placement.apps.includes(record.app)))
    return 'its placement has errors';
  return undefined;
}

function reasonOf(record: CellRecord, { fleet, intents, placements }: Gathered): VanishReason {
  if (!intents.has(record.app)) return 'appRemoved';
  const placement = placements.find(({ apps }) => apps.includes(record.app));
  if (placement === undefined)
    return placements.some(({ id }) => id === record.placement) ? 'unlisted' : 'placementRemoved';
  const cluster = fleet.get(record.cluster);
  if (cluster?.lifecycle === 'Draining') return 'drained';
  if (cluster !== undefined && placement.stages.some((stage) => matches(stage.clusters, cluster)))
    return respread(placement);
  return record.chosenBy === 'selector' ? 'unselected' : 'unlisted';
}

const respread = (placement: Placement): VanishReason => (placement.spread === undefined ? 'unlisted' : 'respread');

function keptCell(record: CellRecord, reason: string): Cell {
  return {
    id: record.cell,
    app: record.app,
    cluster: record.cluster,
    repository: record.repository,
    placement: record.placement,
    stage: record.stage,
    chosenBy: record.chosenBy,
    onDelete: record.onDelete,
    source: record.source,
    commit: record.commit,
    revision: record.revision,
    isSuspended: false,
    adopt: [],
    movedFrom: [],
    aim: { kind: 'unknown', reason, diagnostics: [] },
  };
}
