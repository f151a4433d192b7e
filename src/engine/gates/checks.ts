/** Looking at one gate: whichever check it has, with a deadline, and trouble as an answer. */
import { unreachable } from '../../core/model/invariant.ts';
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { Net } from '../../seam/net.ts';
import { describeFault, faultOf } from '../fault-text.ts';
import { type Answer, type AskOf, unknown } from './answer.ts';
import { type ApprovalDeps, approvalCheck } from './approval-check.ts';
import type { PlacedAsk } from './gate-view.ts';
import { httpCheck } from './http-check.ts';
import { type JobDeps, jobCheck } from './job-check.ts';
import { prometheusCheck } from './prometheus-check.ts';
import { type ReadStatuses, statusCheck } from './status-check.ts';

/** What checks touch the world with. */
export type CheckDeps = {
  readonly net: Net;
  /** URLs that checks may ask, and all below them. */
  readonly allow: readonly string[];
  readonly readStatuses: ReadStatuses;
};

export const noChecks: CheckDeps = {
  net: { connect: () => ({ request: () => Promise.reject(new Error('nothing is allowed')), close: () => {} }) },
  allow: [],
  readStatuses: async () => undefined,
};

export type Checks = {
  /** Finds out, and does what that takes. Shape: never rejects but with the signal's reason. */
  readonly ask: (asked: PlacedAsk, signal: AbortSignal) => Promise<Answer>;
  /** The same, and nothing is changed for it. */
  readonly look: (asked: PlacedAsk, signal: AbortSignal) => Promise<Answer>;
  /** Takes away what asking left. */
  readonly clear: (asked: PlacedAsk, signal: AbortSignal) => Promise<void>;
};

const timeoutMs = 30_000;

export function openChecks(deps: CheckDeps & JobDeps & ApprovalDeps & { readonly clock: Clock }): Checks {
  const [http, prometheus, status, job] = [httpCheck(deps), prometheusCheck(deps), statusCheck(deps), jobCheck(deps)];

  const approval = approvalCheck(deps);

  const go = (asked: PlacedAsk, isLooking: boolean, signal: AbortSignal): Promise<Answer> | Answer => {
    const { check } = asked.ask.gate;
    switch (check.kind) {
      case 'http':
        return http({ asked, check }, signal);
      case 'prometheus':
        return prometheus({ asked, check }, signal);
      case 'status':
        return status({ asked, check }, signal);
      case 'job':
        return (isLooking ? job.look : job.run)({ asked, check } satisfies AskOf<'job'>, signal);
      case 'approval':
        return approval({ asked, check }, signal);
      case 'window':
        return unknown('nobody has to look at this');
      default:
        return unreachable(check);
    }
  };

  const withDeadline = async (asked: PlacedAsk, isLooking: boolean, signal: AbortSignal): Promise<Answer> => {
    using deadline = deadlineOf(deps.clock, timeoutMs, signal);
    try {
      return await go(asked, isLooking, deadline.signal);
    } catch (error) {
      signal.throwIfAborted();
      return unknown(describeFault(faultOf(error)));
    }
  };

  return {
    ask: (asked, signal) => withDeadline(asked, false, signal),
    look: (asked, signal) => withDeadline(asked, true, signal),
    clear: async (asked, signal) => {
      const { check } = asked.ask.gate;
      if (check.kind !== 'job') return;
      using deadline = deadlineOf(deps.clock, timeoutMs, signal);
      await job.clear({ asked, check }, deadline.signal);
    },
  };
}
