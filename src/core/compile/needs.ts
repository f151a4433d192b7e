/** What has to be read before compiling: revisions of repositories, and live objects to copy. */
import type { CommitSha, RepositoryId } from '../model/id.ts';
import { type LiveRead, readKey } from '../model/observed.ts';
import { revisionsNeeded } from './revision.ts';
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
      ? part.source.copies.map((copy): LiveRead => ({ key: readKey(copy), copy, app: intent.id }))
      : [],
  );
  return {
    revisions: new Map(sources.map((source) => [source.id, revisionsNeeded(source)])),
    reads: new Map(reads.map((read) => [read.key, read])),
  };
}
