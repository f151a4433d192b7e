/** Telling the world about commits, beside an engine that knows nothing of it. */
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import type { Engine } from '../engine.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { PublishLoop } from './loop.ts';
import { OlderCommits } from './older.ts';
import { Publisher } from './publisher.ts';
import type { StatusSink } from './sink.ts';
import { type ToldStatus, toldBy } from './told.ts';
import { type AdviceFor, Truth } from './truth.ts';

export type PublishDeps = {
  /** Who is told about a repository's commits; nobody, for a repository that is only to be read. */
  readonly sinksOf: (repository: FollowedRepository) => readonly StatusSink[];
  /** What a person is to do next for an App; absent: nobody knows. */
  readonly adviceFor?: AdviceFor;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

export type Publishing = {
  /** Resolves when all is told that can be told now; a sink that does not answer is not waited for. */
  readonly flush: () => Promise<void>;
  /** Something has happened that no event of the engine tells. */
  readonly wake: () => void;
  /** What was told of a commit, sink by sink. Errors: FaultError, when a sink has to be asked and does not answer. */
  readonly told: (repository: RepositoryId, commit: CommitSha, signal: AbortSignal) => Promise<readonly ToldStatus[]>;
  /** Resolves when the signal has fired and nothing is under way any more. Never rejects. */
  readonly ended: Promise<void>;
};

/**
 * Tells about every commit of every repository of an engine, until the signal fires.
 *
 * Shape: it reads the engine and never waits for it, nor the engine for this. Begin it before `engine.run`.
 */
export function startPublishing(engine: Engine, deps: PublishDeps, signal: AbortSignal): Publishing {
  const { clock, log, metrics } = deps;
  const isStandby = (): boolean => isHeldByOthers(engine);
  const loops = engine.repositories.flatMap((repository) => {
    const sinks = deps.sinksOf(repository);
    if (sinks.length === 0) return [];
    const { id } = repository.settings;
    const truth = new Truth(id, engine, clock, deps.adviceFor);
    const headOf = () => engine.revision?.world.sources.find((source) => source.id === id)?.head.value.commit;
    return sinks.map((sink) => {
      const older = new OlderCommits(repository, engine);
      const publisher = new Publisher(repository, sink, { engine, truth, older, clock });
      const loop = new PublishLoop({ repository: id, sink: sink.name }, { publisher, isStandby, clock, log, metrics });
      const unlisten = engine.listen(() => loop.stir(headOf() !== publisher.head));
      const wake = (): void => loop.stir(false);
      return { id, publisher, wake, flush: () => loop.flush(), ended: loop.run(signal).finally(unlisten) };
    });
  });
  return {
    wake: () => {
      for (const { wake } of loops) wake();
    },
    flush: async () => void (await Promise.all(loops.map(({ flush }) => flush()))),
    told: async (repository, commit, until) => {
      const here = loops.filter((each) => each.id === repository);
      return (await Promise.all(here.map(({ publisher }) => toldBy(publisher, commit, until)))).flat();
    },
    ended: Promise.all(loops.map(({ ended }) => ended)).then(() => undefined),
  };
}

/** Another process holds the leases, so it works, and tells what becomes of it. Shape: false while none was looked at. */
export function isHeldByOthers({ fleet }: Pick<Engine, 'fleet'>): boolean {
  const leases = fleet.workers.flatMap(({ member }) => (member.isRead ? [member.session.lease] : []));
  return leases.some(({ otherHolder }) => otherHolder !== undefined) && !leases.some(({ isFresh }) => isFresh);
}
