/** The one thing to do next for a pull request, or for a pin where there are none. */
import type { CommitSha } from '../model/id.ts';
import type { Request } from './aim.ts';
import type { GateLine } from './body.ts';
import type { Trailer } from './trailer.ts';

/** What the pull request should be now. */
export type Offer = {
  readonly title: string;
  readonly body: string;
  readonly trailer: Trailer;
  /** The commit that moves the pin, as the branch should hold it. */
  readonly head: CommitSha;
  readonly gates: readonly GateLine[];
  readonly merge: 'Manual' | 'Automatic';
};

export type Step =
  | { readonly kind: 'open' }
  | { readonly kind: 'edit'; readonly number: number }
  | { readonly kind: 'merge'; readonly number: number; readonly head: CommitSha }
  | { readonly kind: 'wait'; readonly reason: string };

/**
 * Decides the next step.
 *
 * Shape: `merge` only when the pull request shows, word for word, what would be shown now, its branch holds our commit and
 *   nothing else, and every gate is passed: whatever has changed is shown first, and looked at once more.
 */
export function stepOf(offer: Offer, request: Request | undefined): Step {
  if (request === undefined || request.state !== 'open') return { kind: 'open' };
  const { number, title, body, head, trailer } = request;
  if (title !== offer.title || normal(body) !== normal(offer.body)) return { kind: 'edit', number };
  if (head !== offer.head) return { kind: 'wait', reason: 'the forge has not seen its branch move yet' };
  if (trailer?.plan !== offer.trailer.plan) return { kind: 'edit', number };
  const closed = closedGate(offer.gates);
  if (closed !== undefined) return { kind: 'wait', reason: `${closed.name}: ${closed.evidence}` };
  if (offer.merge === 'Manual') return { kind: 'wait', reason: 'a person merges it' };
  return { kind: 'merge', number, head };
}

export const closedGate = (gates: readonly GateLine[]): GateLine | undefined =>
  gates.find(({ state }) => state === 'waiting' || state === 'failed');

/** Forges store line ends, and spaces at the end, as they like. */
const normal = (body: string): string => body.replaceAll('\r\n', '\n').trim();

/** Closed by us, and not by a person: so that it may come again. */
export const withdrawn = (trailer: Trailer): Trailer => ({ ...trailer, isWithdrawn: true });
