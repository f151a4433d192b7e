/** Every place that an App takes: which cluster, in which stage of which placement. */

import { nearest } from '../dialect/nearest.ts';
import type { Grant } from '../grant/grant.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { type Cluster, type Fleet, matches, namesIn } from '../model/fleet.ts';
import type { AppId, CellId, ClusterId } from '../model/id.ts';
import type { Placement, Stage } from '../model/placement.ts';
import type { CellRecord } from '../model/record.ts';
import { chooseClusters, isOpen } from '../placement/choose.ts';
import type { Gathered } from './gather.ts';

export type Seat = {
  readonly app: AppId;
  readonly placement: Placement;
  readonly stage: Stage;
  readonly cluster: Cluster;
};

export type Seating = {
  /** In order of placement, stage, cluster. */
  readonly seats: readonly Seat[];
  /** The one placement of each App. */
  readonly placed: ReadonlyMap<AppId, Placement>;
  /** Apps with more than one: nobody can say which is meant, so they stay where they are. */
  readonly contested: ReadonlySet<AppId>;
};

export function seatsOf(gathered: Gathered, records: ReadonlyMap<CellId, CellRecord>): Findings<Seating> {
  const diagnostics: Diagnostic[] = [];
  const { placed, contested } = assign(gathered, diagnostics);
  const holders = clustersByApp(records);
  const seats = gathered.placements.flatMap((placement): readonly Seat[] => {
    const apps = [...new Set(placement.apps)].filter(
      (app) => placed.get(app) === placement && isThere(app, placement, gathered),
    );
    if (placement.isBroken || apps.length === 0) return [];
    const fleet = visibleTo(gathered.grants.get(placement.repository), gathered.fleet);
    diagnostics.push(...unknownClusters(placement, gathered, fleet));
    const current = new Set(apps.flatMap((app) => [...(holders.get(app) ?? [])]));
    const chosen = chooseClusters(placement, fleet, current);
    // Where one App is still held, another of the same placement is new.
    return apps.flatMap((app) =>
      chosen
        .filter(({ cluster }) => isOpen(cluster, holders.get(app) ?? none))
        .map(({ cluster, stage }) => ({ app, placement, stage, cluster })),
    );
  });
  diagnostics.push(...homeless(gathered, placed, contested));
  return { value: { seats, placed, contested }, diagnostics };
}

const none: ReadonlySet<ClusterId> = new Set();

function clustersByApp(records: ReadonlyMap<CellId, CellRecord>): ReadonlyMap<AppId, ReadonlySet<ClusterId>> {
  const groups = Map.groupBy(records.values(), (record) => record.app);
  return new Map([...groups].map(([app, members]) => [app, new Set(members.map((record) => record.cluster))]));
}

/** Finds the placement of each App that any placement names. */
function assign(
  gathered: Gathered,
  diagnostics: Diagnostic[],
): { readonly placed: ReadonlyMap<AppId, Placement>; readonly contested: ReadonlySet<AppId> } {
  const claims = new Map<AppId, Placement[]>();
  for (const placement of gathered.placements)
    for (const app of new Set(placement.apps)) claims.set(app, [...(claims.get(app) ?? []), placement]);
  const placed = new Map<AppId, Placement>();
  const contested = new Set<AppId>();
  const report = (code: Diagnostic['code'], { origin }: Placement, message: string, guess?: string): void => {
    const hint = guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` };
    diagnostics.push({ code, severity: 'error', origin, message, ...hint });
  };
  for (const [app, placements] of claims) {
    const owner = gathered.intents.get(app)?.repository;
    const isOwn = ({ repository, isBroken }: Placement): boolean =>
      owner === undefined ? !isBroken || placements.every((each) => each.isBroken) : repository === owner;
    for (const other of placements.filter(({ repository }) => owner !== undefined && repository !== owner))
      report('A1402', other, `App ${app} belongs to repository ${owner}, so its placement must be there too`);
    const [first, ...others] = placements.filter(isOwn);
    if (first === undefined) continue;
    for (const other of others)
      report(
        'A1210',
        other,
        `App ${app} is already placed by ${first.id} in ${first.origin.path}:${first.origin.line}`,
      );
    if (others.length > 0) contested.add(app);
    else placed.set(app, first);
    if (others.length === 0 && !first.isBroken && !isThere(app, first, gathered))
      report('A1211', first, `there is no App ${app}`, nearest(app, appsBeside(first, gathered)));
  }
  return { placed, contested };
}

/** A placement names Apps of its own repository. */
const appsBeside = ({ repository }: Placement, { intents }: Gathered): readonly AppId[] =>
  [...intents.values()].filter((intent) => intent.repository === repository).map(({ id }) => id);

/** Removed at the head, an App may still run where a pin says so. */
const isThere = (app: AppId, { stages }: Placement, { intents }: Gathered): boolean =>
  intents.has(app) || stages.some((stage) => stage.revision === 'Pinned');

/** What a selector can select: a tenant sees the clusters that it has a destination on. */
export function visibleTo(grant: Grant | undefined, fleet: Fleet): Fleet {
  if (grant?.kind !== 'tenant') return fleet;
  const { destinations } = grant.tenant;
  return new Map([...fleet].filter(([, cluster]) => destinations.some(({ clusters }) => matches(clusters, cluster))));
}

function unknownClusters(
  placement: Placement,
  { fleet, isFleetComplete, intents }: Gathered,
  visible: Fleet,
): readonly Diagnostic[] {
  // What is said of a component is said where that is written.
  const parts = placement.apps.flatMap((app) => intents.get(app)?.parts ?? []);
  const namedByParts = new Set(parts.flatMap(({ clusters }) => (clusters?.kind === 'needed' ? namesIn(clusters) : [])));
  return placement.stages.flatMap((stage) => {
    const jobsOn = (stage.gates ?? []).flatMap(({ check }) => (check.kind === 'job' ? [check.cluster] : []));
    return [...new Set([...namesIn(stage.clusters), ...jobsOn])].flatMap((name): readonly Diagnostic[] => {
      if (visible.has(name) || namedByParts.has(name)) return [];
      const isKnown = fleet.has(name);
      if (!isKnown && !isFleetComplete) return [];
      const guess = nearest(name, [...visible.keys()]);
      const base = { severity: stage.mayNameAbsent === true ? 'warning' : 'error', origin: stage.origin } as const;
      if (isKnown)
        return [{ ...base, code: 'A1403', message: `this repository has no destination on cluster ${name}` }];
      const hint = guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` };
      return [{ ...base, code: 'A1212', message: `there is no cluster ${name}`, ...hint }];
    });
  });
}

function homeless(
  { intents }: Gathered,
  placed: ReadonlyMap<AppId, Placement>,
  contested: ReadonlySet<AppId>,
): readonly Diagnostic[] {
  return [...intents.values()].flatMap((intent): readonly Diagnostic[] => {
    if (placed.has(intent.id) || contested.has(intent.id) || intent.isBroken) return [];
    const hint = 'add it to `apps` of a Placement of its namespace';
    const message = `App ${intent.id} has no Placement, so it runs nowhere`;
    return [{ code: 'A1213', severity: 'warning', origin: intent.origin, message, hint }];
  });
}
