/** What one sink was told of one commit, for whoever looks. */
import type { CommitSha } from '../../core/model/id.ts';
import type { Context } from '../../core/report/context.ts';
import type { StatusState } from '../../core/report/status.ts';
import type { Publisher } from './publisher.ts';

export type ToldStatus = {
  readonly sink: string;
  readonly context: Context;
  /** What was told last; undefined: nothing yet. */
  readonly told: { readonly state: StatusState; readonly text: string } | undefined;
  /** Undefined: an earlier process told it. Units: milliseconds since 1970. */
  readonly toldAtMs: number | undefined;
  /** What is to be told next; undefined: all of it was told. */
  readonly next: { readonly state: StatusState; readonly text: string } | undefined;
  /** One line for each cluster that is not well. */
  readonly details: readonly string[];
};

/** Shape: in order of context. Cost: one request to the sink for a commit that this process has told nothing of. */
export async function toldBy(
  publisher: Pick<Publisher, 'pageOf' | 'sink'>,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<readonly ToldStatus[]> {
  const { sink } = publisher;
  const page = publisher.pageOf(commit);
  if (page === undefined) {
    const told = (await sink.read([commit], signal)).get(commit) ?? new Map();
    return inOrder(
      [...told].map(([context, { state, text }]) => ({
        sink: sink.name,
        context,
        told: { state, text },
        toldAtMs: undefined,
        next: undefined,
        details: [],
      })),
    );
  }
  return inOrder(
    [...page].map(([context, { status, posted }]) => {
      const { state, text } = status;
      const isTold = posted?.state === state && posted.text === text;
      return {
        sink: sink.name,
        context,
        told: posted && { state: posted.state, text: posted.text },
        // Read back when this process began, so it is older than that.
        toldAtMs: posted?.cause === undefined ? undefined : posted.atMs,
        next: isTold ? undefined : { state, text },
        details: status.details,
      };
    }),
  );
}

const inOrder = (all: readonly ToldStatus[]): readonly ToldStatus[] =>
  all.toSorted((a, b) => (a.context < b.context ? -1 : 1));
