/** Statuses as events, for whoever wants to know: each change at least once, under a name that stays the same. */
import { longDigestOfText } from '../../core/json/digest.ts';
import { formatJson, parseJson } from '../../core/json/text.ts';
import { isArray, type Json, textOf } from '../../core/json/value.ts';
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import { type Context, contextOf } from '../../core/report/context.ts';
import { formatEvent } from '../../core/report/event.ts';
import { formatJournal } from '../../core/report/journal.ts';
import { type Status, statusStates, type Told } from '../../core/report/status.ts';
import type { EventReceiver } from '../../edge/forge/receiver.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Store } from '../../seam/store.ts';
import { storedJournal } from './journals.ts';
import type { StatusBatch, StatusSink } from './sink.ts';
import { Trouble } from './trouble.ts';

export type EventSinkSettings = {
  /** Of the store: another one for each receiver of each repository. */
  readonly name: string;
  /** `/landfall/<installation>/<repository>` */
  readonly source: string;
  readonly repository: string;
};

export type EventSinkDeps = {
  readonly receiver: Pick<EventReceiver, 'deliver'>;
  readonly store: Store;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Where a person reads more of a commit. Shape: undefined where nobody may. */
  readonly pageOf: (commit: CommitSha, context: Context) => string | undefined;
};

/** Counts that go up are events as well, and nobody waits for them. */
const refreshMs = 60_000;

/** What was told of a commit under one name, and the event that told it. */
type Sent = Told & { readonly id: string };
type Commits = Map<CommitSha, Map<Context, Sent>>;

/** Nobody can ask a receiver what it was told, so that this is kept in the state folder; where that is lost, some is told again. */
export function eventSink(settings: EventSinkSettings, deps: EventSinkDeps): StatusSink {
  const { receiver, store, clock, pageOf } = deps;
  const { name, source, repository } = settings;
  const journals = storedJournal(store, name);
  const toldName = `${name}-told`;
  let loading: Promise<Commits> | undefined;
  let keptJournal: string | undefined;

  const load = (): Promise<Commits> => {
    loading ??= store.read(toldName).then((text) => parseSent(text ?? ''));
    return loading;
  };

  const deliver = async (
    commit: CommitSha,
    context: Context,
    status: Status,
    before: Sent | undefined,
    signal: AbortSignal,
  ): Promise<Sent> => {
    const { state, text } = status;
    // Of what came before, too: a status that comes back is another event than the first time.
    const id = longDigestOfText(formatJson([source, commit, context, before?.id ?? '', state, text]));
    const event = {
      id,
      source,
      repository,
      commit,
      context,
      status,
      url: pageOf(commit, context),
      atMs: clock.nowMs(),
    };
    await receiver.deliver(formatEvent(event), signal);
    return { state, text, id };
  };

  const write: StatusSink['write'] = async ({ reports, journal }: StatusBatch, onTold, signal) => {
    const told = await load();
    const live = new Set([journal.head, ...journal.open, ...journal.passed, ...reports.map(({ commit }) => commit)]);
    for (const commit of told.keys()) if (!live.has(commit)) told.delete(commit);
    const trouble = new Trouble();
    try {
      for (const { commit, statuses, changed } of reports) {
        const sent = told.get(commit) ?? new Map<Context, Sent>();
        told.set(commit, sent);
        for (const [context, status] of statuses) {
          if (!changed.has(context)) continue;
          const before = sent.get(context);
          const isTold = before?.state === status.state && before.text === status.text;
          const now = isTold
            ? before
            : await trouble.guard(() => deliver(commit, context, status, before, signal), signal);
          if (now === undefined) continue;
          sent.set(context, now);
          onTold(commit, context);
        }
      }
    } finally {
      await store.write(toldName, formatSent(told));
    }
    trouble.end();
    const text = formatJournal(journal);
    if (text !== keptJournal) await journals.keep(journal, signal);
    keptJournal = text;
    return undefined;
  };

  return {
    name: 'events',
    refreshMs,
    recall: (signal) => journals.recall(signal),
    read: async (commits) => {
      const told = await load();
      return new Map(
        commits.flatMap((commit) => {
          const sent = told.get(commit);
          return sent === undefined || sent.size === 0 ? [] : [[commit, sent] as const];
        }),
      );
    },
    write,
  };
}

/** Shape: one entry for each status: commit, context, state, text and the event's id. */
function formatSent(told: Commits): string {
  const rows = [...told].flatMap(([commit, sent]) =>
    [...sent].map(([context, { state, text, id }]): Json => [commit, context, state, text, id]),
  );
  return formatJson(rows);
}

function parseSent(text: string): Commits {
  const told: Commits = new Map();
  const rows = jsonIn(text);
  for (const row of isArray(rows) ? rows : []) {
    if (!isArray(row)) continue;
    const [commit, context, word, said, id] = row.map(textOf);
    const state = statusStates.find((each) => each === word);
    if (commit === undefined || context === undefined || state === undefined) continue;
    if (said === undefined || id === undefined) continue;
    const sent = told.get(commitSha(commit)) ?? new Map<Context, Sent>();
    told.set(commitSha(commit), sent.set(contextOf(context), { state, text: said, id }));
  }
  return told;
}

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
