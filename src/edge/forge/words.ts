/** A forge's word for a state, read back. */
import type { ForgeState } from './forge.ts';

const states = ['pending', 'success', 'failure', 'error'] as const;

/** Shape: `pending` for words that are nobody's, as `running` and `warning`: it asks to be told anew. */
export const stateOf = (words: Readonly<Record<ForgeState, string>>, word: string | undefined): ForgeState =>
  states.find((state) => words[state] === word) ?? 'pending';
