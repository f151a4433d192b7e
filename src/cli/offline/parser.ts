/** Reads manifests in this very process. */
import { readManifests } from '../../core/yaml/read.ts';
import type { Parser } from '../../seam/parse.ts';

/** These are the user's own files, read once: a process apart, as a controller has, would only cost time. */
export const ownParser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};
