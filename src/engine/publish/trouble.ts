/** What goes wrong while many are told something: one of them may be refused for what it is. */
import { FaultError, type FaultKind } from '../../core/model/fault.ts';

/** Several in a row are a server that is not well. */
const failuresMax = 3;

/** Trouble with one status or one commit. After anything else there is no use in asking for more. */
const passing: readonly FaultKind[] = ['serverError', 'protocol', 'missing', 'stale'];

/** Goes on after what is wrong with one status, and says at the end what it was. */
export class Trouble {
  #first: FaultError | undefined;
  #inARow = 0;

  /** Shape: undefined when it did not work. Errors: what there is no use in going on after. */
  async guard<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      const result = await work();
      this.#inARow = 0;
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FaultError)) throw error;
      this.#inARow += 1;
      if (!passing.includes(error.fault.kind) || this.#inARow >= failuresMax) throw error;
      this.#first ??= error;
      return undefined;
    }
  }

  end(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}
