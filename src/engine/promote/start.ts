/** Moving pins, beside an engine that knows nothing of it. */
import type { AppId, RepositoryId } from '../../core/model/id.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import type { Engine } from '../engine.ts';
import { isHeldByOthers } from '../publish/start.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { PromoteLoop } from './loop.ts';
import { Promoter } from './promoter.ts';
import type { PromotionState } from './promotion-state.ts';
import type { Requests } from './requests.ts';
import type { PlanStage } from './stage-plan.ts';

export type PromoteDeps = {
  /** Undefined: the repository has no forge that knows pull requests. */
  readonly requestsOf: (repository: FollowedRepository) => Requests | undefined;
  readonly planStage: PlanStage;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What people are to do has changed. */
  readonly onAdvice?: () => void;
};

export type Promoting = {
  /** How it is with every pinned stage. */
  readonly states: () => readonly PromotionState[];
  /** What a person is to do next for an App, where there is no pull request to say so. */
  readonly adviceFor: (app: AppId) => string | undefined;
  /** Somebody has done something on the forge: it is looked at now, not in a minute. */
  readonly wake: (repository?: RepositoryId) => void;
  /** Resolves when the signal has fired and nothing is under way any more. Never rejects. */
  readonly ended: Promise<void>;
};

/**
 * Moves the pins of every repository of an engine, until the signal fires.
 *
 * Shape: it reads the engine and never waits for it, nor the engine for this. Begin it before `engine.run`.
 */
export function startPromoting(engine: Engine, deps: PromoteDeps, signal: AbortSignal): Promoting {
  const { clock, log, metrics, planStage } = deps;
  const isStandby = (): boolean => isHeldByOthers(engine);
  const loops = engine.repositories.map((repository) => {
    const requests = deps.requestsOf(repository);
    const promoter = new Promoter(repository, { engine, requests, planStage, clock, onAdvice: deps.onAdvice });
    const { id, timeoutMs } = repository.settings;
    const loop = new PromoteLoop({ repository: id, timeoutMs }, { promoter, isStandby, clock, log, metrics });
    const unlisten = engine.listen(() => loop.stir());
    const wake = (): void => {
      requests?.forget();
      loop.stir();
    };
    return { id, promoter, wake, ended: loop.run(signal).finally(unlisten) };
  });
  const states = (): readonly PromotionState[] => loops.flatMap(({ promoter }) => promoter.states);
  return {
    states,
    adviceFor: (app) => {
      const texts = states().flatMap(({ advice }) => (advice?.apps.includes(app) ? [advice.text] : []));
      return texts.length === 0 ? undefined : texts.join('; ');
    },
    wake: (repository) => {
      for (const { id, wake } of loops) if (repository === undefined || id === repository) wake();
    },
    ended: Promise.all(loops.map(({ ended }) => ended)).then(() => undefined),
  };
}
