/** What of an engine is shown: nothing that can change it. */
import type { Engine } from '../engine.ts';

export type LookedEngine = Pick<
  Engine,
  'fleet' | 'judgement' | 'ledger' | 'listen' | 'repositories' | 'revision' | 'steering'
>;
