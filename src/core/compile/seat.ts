/** Every place that an App takes: which cluster, in which stage of which placement. */

import type { Grant } from '../grant/grant.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { type Cluster, type Fleet, matches } from '../model/fleet.ts';
import type { AppId, CellId, ClusterId } from '../model/id.ts';
import type { Placement, Stage } from '../model/placement.ts';
import type { CellRecord } from '../model/record.ts';
import { chooseClusters } from '../placement/choose.ts';
import type { Gathered } from './gather.ts';

export type Seat = {
  readonly app: AppId;
  readonly placement: Placement;
  readonly stage: Stage;
  readonly cluster: Cluster;
};

/** Shape: in order of placement, stage, cluster. An App has one placement; a second one that names it is refused. */
export function seatsOf(gathered: Gathered, records: ReadonlyMap<CellId, CellRecord>): Findings<readonly Seat[]> {
  const diagnostics: Diagnostic[] = [];
  const holders = clustersByApp(records);
  const placed = new Map<AppId, Placement>();
  const seats = gathered.placements.flatMap((placement): readonly Seat[] => {
    const apps = placement.apps.filter((app) => takes(app, placement, placed, gathered, diagnostics));
    if (placement.isBroken || apps.length === 0) return [];
    const fleet = visibleTo(gathered.grants.get(placement.repository), gathered.fleet);
    diagnostics.push(...unknownClusters(placement, gathered, fleet));
    const current = new Set(apps.flatMap((app) => [...(holders.get(app) ?? [])]));
    const chosen = chooseClusters(placement, fleet, current);
    return apps.flatMap((app) => chosen.map(({ cluster, stage }) => ({ app, placement, stage, cluster })));
  });
  diagnostics.push(...homeless(gathered, placed));
  return { value: seats, diagnostics };
}

function clustersByApp(records: ReadonlyMap<CellId, CellRecord>): ReadonlyMap<AppId, ReadonlySet<ClusterId>> {
  const groups = Map.groupBy(records.values(), (record) => record.app);
  return new Map([...groups].map(([app, members]) => [app, new Set(members.map((record) => record.cluster))]));
}

function takes(
  app: AppId,
  placement: Placement,
  placed: Map<AppId, Placement>,
  { intents }: Gathered,
  diagnostics: Diagnostic[],
): boolean {
  const report = (code: Diagnostic['code'], message: string): void => {
    diagnostics.push({ code, severity: 'error', origin: placement.origin, message });
  };
  const other = placed.get(app);
  if (other !== undefined) {
    report('A1210', `App ${app} is already placed by ${other.id} in ${other.origin.path}:${other.origin.line}`);
    return false;
  }
  placed.set(app, placement);
  const intent = intents.get(app);
  if (intent !== undefined && intent.repository !== placement.repository) {
    report('A1402', `App ${app} belongs to repository ${intent.repository}, so its placement must be there too`);
    return false;
  }
  // Removed at the head, it may still run where a pin says so.
  const isPinned = placement.stages.some((stage) => stage.revision === 'Pinned');
  if (intent === undefined && !isPinned && !placement.isBroken) report('A1211', `there is no App ${app}`);
  return intent !== undefined || isPinned;
}

/** What a selector can select: a tenant sees the clusters that it has a destination on. */
function visibleTo(grant: Grant | undefined, fleet: Fleet): Fleet {
  if (grant?.kind !== 'tenant') return fleet;
  const { destinations } = grant.tenant;
  return new Map([...fleet].filter(([, cluster]) => destinations.some(({ clusters }) => matches(clusters, cluster))));
}

function unknownClusters(
  placement: Placement,
  { fleet, isFleetComplete }: Gathered,
  visible: Fleet,
): readonly Diagnostic[] {
  return placement.stages.flatMap((stage) => {
    if (stage.clusters.kind !== 'names') return [];
    return stage.clusters.names.flatMap((name): readonly Diagnostic[] => {
      if (visible.has(name)) return [];
      const isKnown = fleet.has(name);
      if (!isKnown && !isFleetComplete) return [];
      const message = isKnown ? `this repository has no destination on cluster ${name}` : `there is no cluster ${name}`;
      return [{ code: isKnown ? 'A1403' : 'A1212', severity: 'error', origin: stage.origin, message }];
    });
  });
}

function homeless({ intents }: Gathered, placed: ReadonlyMap<AppId, Placement>): readonly Diagnostic[] {
  return [...intents.values()].flatMap((intent): readonly Diagnostic[] => {
    if (placed.has(intent.id) || intent.isBroken) return [];
    const hint = 'add it to `apps` of a Placement of its namespace';
    return [
      {
        code: 'A1213',
        severity: 'warning',
        origin: intent.origin,
        message: `App ${intent.id} has no Placement, so it runs nowhere`,
        hint,
      },
    ];
  });
}
