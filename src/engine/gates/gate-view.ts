/** What is known of gates, as decisions look at it. */
import type { AppId } from '../../core/model/id.ts';
import type { Placement } from '../../core/model/placement.ts';
import { askKey, type GateAsk, type GateEvidence } from '../../core/rollout/gate-state.ts';

/** An ask, of one App in its placement. */
export type PlacedAsk = { readonly app: AppId; readonly placement: Placement; readonly ask: GateAsk };

export type GateView = {
  /** Shape: undefined while nobody has looked. */
  readonly evidenceOf: (asked: PlacedAsk) => GateEvidence | undefined;
};

export const nothingKnown: GateView = { evidenceOf: () => undefined };

export const placedKey = ({ app, placement, ask }: PlacedAsk): string => `${app} ${placement.id} ${askKey(ask)}`;
