/** Which pull requests are to be planned, and which next: the newest first, and each again only when its plan may be another. */
import type { Outcome } from '../../core/preview/preview.ts';
import type { Clock } from '../../seam/clock.ts';
import type { PullRequest } from '../../seam/pull-request.ts';

/** What a plan that was told was made for. */
export type Made = { readonly key: string; readonly liveKey: () => string; readonly situation: string };

export type WaitingRequest = {
  readonly request: PullRequest;
  /** Of the plan that was told last; undefined: none was. */
  readonly toldKey: string | undefined;
  /** A plan that was made, and could not be told. */
  readonly untold: Untold | undefined;
  readonly tries: number;
};

export type Untold = { readonly key: string; readonly outcome: Outcome };

type Entry = {
  request: PullRequest;
  made: Made | undefined;
  untold: Untold | undefined;
  /** As it was when the plan was made. */
  madeLive: string;
  madeAtMs: number;
  isDue: boolean;
  tries: number;
  notBeforeMs: number;
};

/** Nobody plans more than that; those that were opened last count. */
const requestsMax = 200;
/** A plan that is there is not made again sooner, whatever the fleet does meanwhile. */
const againMs = 60_000;

export class Waiting {
  readonly #clock: Pick<Clock, 'nowMs'>;
  /** By number, the newest first. */
  #entries = new Map<number, Entry>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** Takes what is open now; forgets all others. Shape: those whose head is new. */
  take(open: readonly PullRequest[], situation: string): readonly PullRequest[] {
    const fresh: PullRequest[] = [];
    const entries = new Map<number, Entry>();
    const inTurn = open.toSorted((a, b) => b.number - a.number).slice(0, requestsMax);
    for (const request of inTurn) {
      const known = this.#entries.get(request.number);
      const isSame = known?.request.head.commit === request.head.commit && known.request.base === request.base;
      if (known === undefined || !isSame) {
        fresh.push(request);
        entries.set(request.number, entryOf(request));
        continue;
      }
      const { made, madeLive } = known;
      const isOther = made !== undefined && (made.situation !== situation || made.liveKey() !== madeLive);
      if (isOther && !known.isDue) {
        known.isDue = true;
        known.notBeforeMs = Math.max(known.notBeforeMs, known.madeAtMs + againMs);
      }
      known.request = request;
      entries.set(request.number, known);
    }
    this.#entries = entries;
    return fresh;
  }

  /** Is it open still, at the same head? */
  has({ request }: WaitingRequest): boolean {
    return this.#entries.get(request.number)?.request.head.commit === request.head.commit;
  }

  next(): WaitingRequest | undefined {
    const nowMs = this.#clock.nowMs();
    const due = [...this.#entries.values()].filter(({ isDue, notBeforeMs }) => isDue && notBeforeMs <= nowMs);
    // A head that nobody has heard of goes before a plan that is there and may be another by now.
    const first = due.find(({ made }) => made === undefined) ?? due[0];
    return first === undefined
      ? undefined
      : { request: first.request, toldKey: first.made?.key, untold: first.untold, tries: first.tries };
  }

  /** Units: milliseconds until something is due; undefined when nothing waits. */
  dueInMs(): number | undefined {
    const due = [...this.#entries.values()].filter(({ isDue }) => isDue).map(({ notBeforeMs }) => notBeforeMs);
    return due.length === 0 ? undefined : Math.max(1, Math.min(...due) - this.#clock.nowMs());
  }

  done(of: WaitingRequest, made: Made): void {
    const entry = this.#at(of);
    if (entry === undefined) return;
    Object.assign(entry, {
      made,
      madeLive: made.liveKey(),
      madeAtMs: this.#clock.nowMs(),
      isDue: false,
      tries: 0,
      untold: undefined,
    });
  }

  /** What it was to be told, so that it need not be planned again. */
  keep(of: WaitingRequest, untold: Untold): void {
    const entry = this.#at(of);
    if (entry !== undefined) entry.untold = untold;
  }

  putOff(of: WaitingRequest, waitMs: number): void {
    const entry = this.#at(of);
    if (entry === undefined) return;
    Object.assign(entry, { tries: entry.tries + 1, notBeforeMs: this.#clock.nowMs() + waitMs });
  }

  #at(of: WaitingRequest): Entry | undefined {
    return this.has(of) ? this.#entries.get(of.request.number) : undefined;
  }
}

const entryOf = (request: PullRequest): Entry => ({
  request,
  made: undefined,
  untold: undefined,
  madeLive: '',
  madeAtMs: 0,
  isDue: true,
  tries: 0,
  notBeforeMs: 0,
});
