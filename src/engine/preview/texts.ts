/** Texts of files, byte for byte, and the names that Git gives to them. */
import type { GitRepository, TreeFile } from '../../seam/git.ts';

/** In the order asked. Shape: undefined for what is no text, or is longer than is read. Errors: FaultError. */
export type Texts = (files: readonly TreeFile[], signal: AbortSignal) => Promise<readonly (string | undefined)[]>;

export const isText = ({ mode }: TreeFile): boolean => mode === 'file' || mode === 'executable';

/** Where Git looks for a zero to tell what is no text. Units: bytes. */
const lookedAt = 8_000;

export const textsOf =
  (git: Pick<GitRepository, 'blobs'>): Texts =>
  async (files, signal) => {
    const blobs = await git.blobs(
      files.map(({ oid }) => oid),
      signal,
    );
    // One character for each byte, so that what comes out is what went in, whatever it means.
    return blobs.map((blob) => {
      if (blob.kind === 'tooLarge' || blob.bytes.subarray(0, lookedAt).includes(0)) return undefined;
      return Buffer.from(blob.bytes).toString('latin1');
    });
  };

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
