/** Programs that make objects from files: Helm and Kustomize. */
import type { FileRef } from '../core/model/file-ref.ts';
import type { ToolName, ToolResult, ToolRun } from '../core/model/tool.ts';

export type Tools = {
  /** Those that are here by now, with what they say of themselves. */
  readonly versions: ReadonlyMap<ToolName, string>;
  /**
   * Runs the tool on files of its own, without our environment and without a network unless the settings grant it.
   *
   * Never rejects for what is in the files, nor for a tool that is not here, cannot go on or takes too long: that is a
   * result. Errors: what `read` throws; the signal's reason.
   */
  readonly make: (run: ToolRun, read: ReadFiles, signal: AbortSignal) => Promise<ToolResult>;
};

/** The bytes of files, in the order asked. Errors: FaultError. */
export type ReadFiles = (files: readonly FileRef[], signal: AbortSignal) => Promise<readonly Uint8Array[]>;

/** Where no tool is. */
export const noTools: Tools = {
  versions: new Map(),
  make: async ({ kind }) => ({ kind: 'failed', message: `there is no ${kind} here`, hint: undefined }),
};
