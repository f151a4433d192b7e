/** What one credential may still post: a bucket that fills slowly, and is shut while the forge wants to hear nothing. */
import type { Clock } from '../../seam/clock.ts';

export type BudgetSettings = {
  /** How much it holds; it begins full. */
  readonly burst: number;
  readonly perHour: number;
};

const hourMs = 3_600_000;

/** One for each credential, whatever repositories it is used for. */
export class Budget {
  readonly settings: BudgetSettings;
  readonly #clock: Pick<Clock, 'nowMs'>;
  #left: number;
  #atMs: number;
  #restsUntilMs = 0;

  constructor(settings: BudgetSettings, clock: Pick<Clock, 'nowMs'>) {
    this.settings = settings;
    this.#clock = clock;
    this.#left = settings.burst;
    this.#atMs = clock.nowMs();
  }

  /** Posts that may be made now. Shape: whole ones; none while it rests. */
  get left(): number {
    if (this.restMs !== undefined) return 0;
    this.#fill();
    return Math.floor(this.#left);
  }

  /** How much longer the forge wants to hear nothing, reading included; undefined when it listens. */
  get restMs(): number | undefined {
    const restMs = this.#restsUntilMs - this.#clock.nowMs();
    return restMs > 0 ? restMs : undefined;
  }

  spend(): void {
    this.#fill();
    this.#left -= 1;
  }

  rest(durationMs: number): void {
    this.#restsUntilMs = Math.max(this.#restsUntilMs, this.#clock.nowMs() + durationMs);
  }

  /** When there will be so many, if nobody spends any. */
  atMsOf(wanted: number): number {
    this.#fill();
    const missing = Math.max(0, Math.min(wanted, this.settings.burst) - this.#left);
    return Math.max(this.#restsUntilMs, this.#atMs + Math.ceil((missing / this.settings.perHour) * hourMs));
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs();
    // A clock that is set back fills nothing, and takes nothing away.
    const gained = (Math.max(0, nowMs - this.#atMs) / hourMs) * this.settings.perHour;
    this.#left = Math.min(this.settings.burst, this.#left + gained);
    this.#atMs = nowMs;
  }
}
