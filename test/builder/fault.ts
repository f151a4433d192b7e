/** Checks on faults. */
import { equal, match, ok } from 'node:assert/strict';
import { type Fault, FaultError, type FaultKind } from '../../src/core/model/fault.ts';

/** For `rejects`: a fault of this kind whose detail matches. */
export const isFault =
  (kind: FaultKind, detail = /./) =>
  (error: unknown): true => {
    ok(error instanceof FaultError, `not a fault: ${error}`);
    equal(error.fault.kind, kind, error.fault.detail);
    match(error.fault.detail, detail);
    return true;
  };

/** The fault that a promise rejects with. */
export async function faultIn(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    ok(error instanceof FaultError, `not a fault: ${error}`);
    return error.fault;
  }
  throw new Error('nothing went wrong');
}
