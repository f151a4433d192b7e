/** What looking at a gate has told, and the checks that look. */
import type { GateEvidence } from '../../core/rollout/gate-state.ts';
import type { PlacedAsk } from './gate-view.ts';

export type Answer = Pick<GateEvidence, 'result' | 'text'> & {
  /** Nothing will change it. */
  readonly isFinal?: true;
};

export const pass = (text: string): Answer => ({ result: 'pass', text });
export const fail = (text: string): Answer => ({ result: 'fail', text });
export const pending = (text: string): Answer => ({ result: 'pending', text });
export const unknown = (text: string): Answer => ({ result: 'unknown', text });

/** What is to be found out, with its check, narrowed to one kind. */
export type AskOf<Kind extends PlacedAsk['ask']['gate']['check']['kind']> = {
  readonly asked: PlacedAsk;
  readonly check: Extract<PlacedAsk['ask']['gate']['check'], { readonly kind: Kind }>;
};

/** Errors: FaultError: nobody knows. */
export type Check<Kind extends PlacedAsk['ask']['gate']['check']['kind']> = (
  ask: AskOf<Kind>,
  signal: AbortSignal,
) => Promise<Answer>;
