/** Bytes of files to manifests. The real one does it where a runaway parser cannot take the controller down. */
import type { SourceFile } from '../core/model/source.ts';

export type FileBytes = { readonly path: string; readonly bytes: Uint8Array };

export type Parser = {
  /**
   * Reads manifests, in the order given.
   *
   * Never rejects for what is in a file: a file that cannot be read, or whose reading had to be stopped, comes back with
   * a problem and no documents.
   */
  readonly parse: (files: readonly FileBytes[], signal: AbortSignal) => Promise<readonly SourceFile[]>;
  readonly close: () => Promise<void>;
};
