/** Reads answers whole, and no further than allowed. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { NetResponse } from '../../seam/net.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** A page of a list may be asked for again, smaller. */
export class TooLargeError extends FaultError {
  constructor(doing: string, bytesMax: number) {
    super({ kind: 'protocol', detail: `${doing}: the answer is larger than ${bytesMax} bytes` });
  }
}

const inflate = promisify(gunzip);

/** Errors: FaultError (unreachable, protocol), TooLargeError, or the reason of the request's signal. */
export async function readAnswer(response: NetResponse, doing: string, bytesMax: number): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > bytesMax) throw new TooLargeError(doing, bytesMax);
    chunks.push(chunk);
  }
  const { status, headers } = response;
  const [only] = chunks;
  const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, length);
  const bytes = headers['content-encoding'] === 'gzip' ? await inflated(whole, doing, bytesMax) : whole;
  return { status, headers, text: textOf(bytes) };
}

export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

async function inflated(bytes: Uint8Array, doing: string, bytesMax: number): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw new TooLargeError(doing, bytesMax);
    throw new FaultError({ kind: 'protocol', detail: `${doing}: the answer is not the gzip it says it is` });
  }
}

/** The JSON of a good answer. Errors: protocol, for a page of HTML or text that was cut. */
export function jsonOf(answer: Pick<Answer, 'headers' | 'text'>, doing: string): Json {
  const type = answer.headers['content-type'] ?? '';
  if (!/^application\/(?:[a-z.+-]*\+)?json\b/.test(type)) {
    throw new FaultError({ kind: 'protocol', detail: `${doing}: the answer is ${type || 'of no type'}, not JSON` });
  }
  try {
    return parseJson(answer.text);
  } catch {
    // The parser's message quotes what it read, which may be a Secret.
    throw new FaultError({ kind: 'protocol', detail: `${doing}: the answer is not whole JSON` });
  }
}
