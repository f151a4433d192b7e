/** Cuts a stream of bytes into lines. */
import { FaultError } from '../../core/model/fault.ts';
import { textOf } from './answer.ts';

/** Takes chunks as they come; gives the lines that are whole. What is left without a line's end is never given. */
export class LineSplitter {
  readonly #bytesMax: number;
  /** Pieces of the line that has begun; joined only when it ends, so that a long line costs no more than its length. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Is the line that has begun longer than any may be? */
  get isTooLong(): boolean {
    return this.#begunBytes > this.#bytesMax;
  }

  /** Shape: the lines that end in `chunk`, without their ends, empty ones left out. */
  *take(chunk: Uint8Array): Generator<string> {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const piece = chunk.subarray(from, end);
      from = end + 1;
      const line = this.#begunBytes === 0 ? piece : Buffer.concat([...this.#begun, piece]);
      this.#begun = [];
      this.#begunBytes = 0;
      if (line.length > 0) yield textOf(line);
    }
    if (from === chunk.length) return;
    this.#begun.push(chunk.subarray(from));
    this.#begunBytes += chunk.length - from;
  }
}

const newline = 0x0a;

/**
 * Reads a stream to its end, line by line. While it waits it holds nothing of what it has read.
 *
 * Errors: what the stream or `onLine` throws, and protocol for a line longer than `bytesMax`; the stream is left then.
 */
export async function readLines(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
  onLine: (line: string) => void,
  onBytes: () => void,
): Promise<void> {
  const chunks = body[Symbol.asyncIterator]();
  const lines = new LineSplitter(bytesMax);
  // A function of its own: the variables of a loop would keep the last chunk and line alive while it waits.
  const step = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done === true) return false;
    onBytes();
    for (const line of lines.take(next.value)) onLine(line);
    if (lines.isTooLong) throw new FaultError({ kind: 'protocol', detail: 'a line without an end' });
    return true;
  };
  try {
    while (await step());
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
}
