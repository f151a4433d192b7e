/** Cells that have a record and are no longer compiled: are they gone, and why? */
import type { Cell, Vanished, VanishReason } from '../model/cell.ts';
import { type ClusterMatch, matches, namesIn } from '../model/fleet.ts';
import type { CellId } from '../model/id.ts';
import type { Placement } from '../model/placement.ts';
import type { CellRecord } from '../model/record.ts';
import type { Gathered } from './gather.ts';
import { type Seating, visibleTo } from './seat.ts';
import { unplacedParts } from './unplaced.ts';
import type { Source, World } from './world.ts';

export type Vanishing = {
  readonly vanished: readonly Vanished[];
  /** Cells that stay as they are, since it cannot be said whether they are gone, or since nothing may be written. */
  readonly kept: readonly Cell[];
};

type Known = { readonly gathered: Gathered; readonly seating: Seating; readonly world: World };

/** Absence of evidence is not deletion: whatever may hide the cell's intent keeps it. */
export function vanishingOf(cells: ReadonlyMap<CellId, Cell>, known: Known): Vanishing {
  const taken = new Set([...cells.values()].flatMap((cell) => cell.movedFrom));
  const vanished: Vanished[] = [];
  const kept: Cell[] = [];
  for (const record of known.world.observed.records.values()) {
    if (cells.has(record.cell) || taken.has(record.cell)) continue;
    // Forgotten, without contact.
    if (known.gathered.fleet.get(record.cluster)?.lifecycle === 'Retired') continue;
    const reason = reasonOf(record, known);
    const doubt = doubtOf(record, reason, known);
    if (doubt === undefined) vanished.push({ record, reason });
    else kept.push(keptCell(record, doubt));
  }
  return { vanished, kept };
}

function doubtOf(record: CellRecord, reason: VanishReason, known: Known): string | undefined {
  const { gathered, world } = known;
  const source = world.sources.find(({ id }) => id === record.repository);
  if (source === undefined) {
    return world.unread.has(record.repository)
      ? `repository ${record.repository} has not been read yet`
      : `repository ${record.repository} is not in the settings`;
  }
  if (!gathered.isFleetComplete && !gathered.fleet.has(record.cluster))
    return 'the inventory of clusters cannot be read whole';
  return (
    unreadDoubt(record, reason, source) ??
    brokenDoubt(record, known) ??
    strangerDoubt(record, reason, known) ??
    suspension(record, known)
  );
}

/** Might a file that cannot be read say that it is wanted? */
function unreadDoubt({ source: path }: CellRecord, reason: VanishReason, { head }: Source): string | undefined {
  const { isComplete, doubtful } = head.value;
  if (!isComplete) return 'a file of its repository cannot be read';
  const isHidden = doubtful.some((place) => place === '' || path === place || path.startsWith(`${place}/`));
  if (isHidden) return 'the file that it was last seen in has errors';
  // Where a Placement was, nobody has written down.
  if (reason === 'placementRemoved' && doubtful.length > 0) return 'a file of its repository cannot be read';
  return undefined;
}

/** Is what wants it there, with errors? */
function brokenDoubt(record: CellRecord, { gathered, seating }: Known): string | undefined {
  const { intents, placements, fleet } = gathered;
  const intent = intents.get(record.app);
  if (intent?.waits !== undefined) return intent.waits;
  if (intent?.isBroken) return 'its manifests have errors';
  const [homeless] = intent === undefined ? [] : unplacedParts(intent, fleet);
  if (homeless !== undefined) return `there is no cluster for component ${homeless.name}`;
  if (seating.contested.has(record.app)) return 'more than one Placement names its App';
  const isBroken = placements.some(
    (placement) =>
      placement.isBroken &&
      placement.repository === record.repository &&
      (placement.id === record.placement || placement.apps.includes(record.app)),
  );
  return isBroken ? 'its placement has errors' : undefined;
}

/** Might a cluster that is named and not there be this one, misspelt? */
function strangerDoubt(
  { app, repository }: CellRecord,
  reason: VanishReason,
  { gathered: { fleet, grants }, seating }: Known,
): string | undefined {
  if (reason === 'drained') return undefined;
  const unknownIn = (all: readonly { readonly clusters: ClusterMatch }[]): string | undefined =>
    all.flatMap(({ clusters }) => namesIn(clusters)).find((name) => !fleet.has(name));
  const stages = seating.placed.get(app)?.stages ?? [];
  // An App that is removed at the head runs where a pin says so, and nowhere else.
  const stranger = unknownIn(stages.filter(({ revision }) => reason !== 'appRemoved' || revision === 'Pinned'));
  if (stranger !== undefined) return `its placement names ${stranger}, and there is no such cluster`;
  const grant = grants.get(repository);
  const ungranted = grant?.kind === 'tenant' ? unknownIn(grant.tenant.destinations) : undefined;
  if (ungranted === undefined || reason === 'appRemoved') return undefined;
  return `a destination of its tenant names ${ungranted}, and there is no such cluster`;
}

function suspension(record: CellRecord, { gathered }: Known): string | undefined {
  const isSuspended =
    gathered.fleet.get(record.cluster)?.isSuspended === true ||
    gathered.intents.get(record.app)?.isSuspended === true ||
    gathered.placements.some(({ id, isSuspended }) => isSuspended && id === record.placement);
  return isSuspended ? 'suspended: nothing is written' : undefined;
}

function reasonOf(record: CellRecord, { gathered, seating }: Known): VanishReason {
  const { fleet, intents, placements } = gathered;
  if (!intents.has(record.app)) return 'appRemoved';
  const placement = seating.placed.get(record.app);
  if (placement === undefined)
    return placements.some(({ id }) => id === record.placement) ? 'unlisted' : 'placementRemoved';
  const cluster = fleet.get(record.cluster);
  if (cluster?.lifecycle === 'Draining') return 'drained';
  if (cluster !== undefined && placement.stages.some((stage) => matches(stage.clusters, cluster))) {
    const isVisible = visibleTo(gathered.grants.get(placement.repository), fleet).has(cluster.id);
    return isVisible ? respread(placement) : 'unselected';
  }
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
