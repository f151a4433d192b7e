/** What keeps a loop from its work, and when it is tried again: less and less often, and always once more. */
import { FaultError } from '../core/model/fault.ts';
import { type Clock, DeadlineError } from '../seam/clock.ts';
import { describeFault, faultOf, stackOf } from './fault-text.ts';

const retryMinMs = 5_000;
const retryMaxMs = 600_000;

export type Noted = {
  /** For people. */
  readonly reason: string;
  /** It is not what it was the last time. */
  readonly isNew: boolean;
  /** For the log, of what is no fault but a bug of ours. */
  readonly bug: string | undefined;
};

export class Trouble {
  readonly #clock: Clock;
  #reason: string | undefined;
  #failures = 0;
  #retryAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Nothing is tried before. Units: milliseconds since 1970; 0 when all is well. */
  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  note(error: unknown): Noted {
    const isBug = !(error instanceof FaultError || error instanceof DeadlineError);
    const reason = isBug ? 'B9001 a bug of Landfall' : describeFault(faultOf(error));
    const isNew = reason !== this.#reason;
    this.#reason = reason;
    // Who says when to come back is asked then, neither before nor much later.
    this.#retryAtMs = this.#clock.nowMs() + waitMsAfter(error, this.#failures);
    this.#failures += 1;
    return { reason, isNew, bug: isBug ? stackOf(error) : undefined };
  }

  /** All is well. Shape: what was the matter until now, if anything was. */
  end(): string | undefined {
    const reason = this.#reason;
    this.#reason = undefined;
    this.#failures = 0;
    this.#retryAtMs = 0;
    return reason;
  }
}

/** How long to wait after so many failures before this one. */
export function waitMsAfter(error: unknown, failures: number): number {
  const asked = error instanceof FaultError ? error.fault.retryAfterMs : undefined;
  return asked ?? Math.min(retryMinMs * 2 ** failures, retryMaxMs);
}
