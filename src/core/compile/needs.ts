/** What has to be read before compiling: revisions of repositories, and live objects to copy. */
import { type Cluster, matches } from '../model/fleet.ts';
import type { CommitSha, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { type LiveRead, readKey } from '../model/observed.ts';
import type { Placement } from '../model/placement.ts';
import { addressReads, isAsked } from './address-parts.ts';
import { heldReads } from './held-values.ts';
import { revisionsNeeded } from './revision.ts';
import { runningReads } from './running.ts';
import type { Source } from './world.ts';

export type Needs = {
  readonly revisions: ReadonlyMap<RepositoryId, ReadonlySet<CommitSha>>;
  /** One for each source of copies, however many Apps want it. */
  readonly reads: ReadonlyMap<string, LiveRead>;
};

/** Ask once the heads are known, then again once the revisions are: older revisions may want other copies. */
export function needsOf(sources: readonly Source[]): Needs {
  const readings = sources.flatMap(({ head, revisions }) => [
    head.value,
    ...[...revisions.values()].map(({ value }) => value),
  ]);
  const parts = readings
    .flatMap((reading) => reading.intents)
    .flatMap((intent) => intent.parts.map((part) => ({ part, intent })));
  const reads = parts.flatMap(({ part, intent }) =>
    part.source.kind === 'copy'
      ? part.source.copies.map((copy): LiveRead => ({ key: readKey(copy), view: 'copy', copy, app: intent.id }))
      : [],
  );
  const clusters = readings.flatMap((reading) => reading.clusters);
  const reached = parts.flatMap(({ part: { source }, intent }) =>
    source.kind === 'addresses'
      ? clusters
          .filter((cluster) => isAsked(source.record, cluster))
          .flatMap((cluster) => addressReads(source.record, cluster))
          .map((read): LiveRead => ({ ...read, app: intent.id }))
      : [],
  );
  const awaited = readings
    .flatMap((reading) => reading.awaited)
    .flatMap(({ until, reads }) =>
      reads.map((copy): LiveRead => ({ key: readKey(copy), view: 'copy', copy, app: until.intent.id })),
    );
  const placements = readings.flatMap((reading) => reading.placements);
  const held = readings
    .flatMap(({ intents }) => intents)
    .flatMap((intent) =>
      clustersOf(intent, placements, clusters)
        .flatMap(({ id }) => heldReads(intent, id))
        .map((copy): LiveRead => ({ key: readKey(copy), view: 'copy', copy, app: intent.id })),
    );
  const counted = placements.flatMap((each) => countsNeeded(each, clusters));
  return {
    revisions: new Map(sources.map((source) => [source.id, revisionsNeeded(source)])),
    reads: new Map([...reads, ...held, ...reached, ...awaited, ...counted].map((read) => [read.key, read])),
  };
}

/** Where an intent may be. Shape: none when nothing of it asks. */
function clustersOf(
  intent: Intent,
  placements: readonly Placement[],
  clusters: readonly Cluster[],
): readonly Cluster[] {
  if (
    !intent.parts.some(
      ({ source }) => source.kind === 'tool' && source.tool.kind === 'helm' && source.tool.held !== undefined,
    )
  )
    return [];
  const stages = placements.filter(({ apps }) => apps.includes(intent.id)).flatMap((each) => each.stages);
  return clusters.filter((cluster) => stages.some((stage) => matches(stage.clusters, cluster)));
}

/** What runs on every cluster that takes part in a division. */
function countsNeeded({ apps, replicas }: Placement, clusters: readonly Cluster[]): readonly LiveRead[] {
  const [app] = apps;
  if (app === undefined) return [];
  return replicas.flatMap((division): readonly LiveRead[] => {
    if (division.kind === 'weighted') return [];
    return clusters
      .filter((cluster) => matches(division.candidates, cluster))
      .flatMap(({ id }) => runningReads(division, id).map((read): LiveRead => ({ ...read, app })));
  });
}
