/**
 * Answers made small on the way: Brotli or gzip, as the client takes it.
 *
 * Compressed answers tell by their length what in them is alike (BREACH), which matters where a secret stands in the same
 * answer as something that others can choose. No answer of ours holds a secret: tokens and sessions travel in headers, which
 * are not compressed, no form holds a token against forgery, and values of Secrets are shown nowhere.
 */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** Shorter ones fit into one packet as they are. */
const bytesMin = 1_024;
/** Small enough for a page of half a megabyte, and fast enough that nobody waits for it. */
const quality = { br: 4, gzip: 6 } as const;

const types = /^(?:text\/(?!event-stream)|application\/(?:json|openmetrics-text)|image\/svg\+xml)/;

/** What to send, and how it is encoded. Shape: as it is when that is best, or when the client takes nothing else. */
export async function encoded(
  bytes: Uint8Array,
  contentType: string,
  acceptEncoding: string | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly encoding: Encoding | undefined }> {
  const encoding = isEncodable(bytes.length, contentType) ? encodingIn(acceptEncoding ?? '') : undefined;
  switch (encoding) {
    case 'br':
      return { bytes: await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality.br } }), encoding };
    case 'gzip':
      return { bytes: await zip(bytes, { level: quality.gzip }), encoding };
    default:
      return { bytes, encoding };
  }
}

export const isEncodable = (length: number, contentType: string): boolean =>
  length >= bytesMin && types.test(contentType);

/** The best of those that the client takes; `br;q=0` is one that it does not. */
export function encodingIn(accepted: string): Encoding | undefined {
  const taken = accepted.split(',').flatMap((part) => {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    return parameters.some((each) => /^q=0(?:\.0*)?$/.test(each)) ? [] : [name];
  });
  return (['br', 'gzip'] as const).find((each) => taken.includes(each));
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
