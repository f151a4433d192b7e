/** Why a server did not take a push. */
import { FaultError } from '../../../core/model/fault.ts';
import { shown } from './remote.ts';

const losers = /fetch first|non-fast-forward|stale info|failed to (?:update|lock)|cannot lock|incorrect old value/i;

/** `stale` when another push was faster. Errors: `forbidden`, when it is a rule of the server's. */
export function refusalOf(reason: string): 'stale' {
  if (losers.test(reason)) return 'stale';
  throw new FaultError({ kind: 'forbidden', detail: `the server refuses the push: ${shown(reason)}` });
}
