/** The program of a parsing process: bytes of files in, manifests and problems out. */

import type { SourceFile } from '../../core/model/source.ts';
import type { ReadLimits } from '../../core/yaml/limits.ts';
import { readManifests } from '../../core/yaml/read.ts';
import type { FileBytes } from '../../seam/parse.ts';
import { serveAsks } from '../child/serve.ts';

/** One ask, as `parser.ts` sends it. Its answers come as parts, each with the files that follow the part before. */
export type ParseAsk = { readonly files: readonly FileBytes[]; readonly limits: ReadLimits };
export type ParsePart = readonly SourceFile[];

// Long enough to be cheap, short enough that a file that never ends takes few others along.
const partMs = 20;

serveAsks(async (message, { part, signal }) => {
  // The other end is this program too: see ParseAsk.
  const { files, limits } = message as ParseAsk;
  let done: SourceFile[] = [];
  let flushedAtMs = performance.now();
  for (const { path, bytes } of files) {
    done.push(readManifests(path, bytes, limits));
    if (performance.now() - flushedAtMs < partMs) continue;
    part(done);
    done = [];
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return undefined;
    flushedAtMs = performance.now();
  }
  part(done);
  return undefined;
});
