/** GitHub for an App: statuses as runs of checks, which have a page of their own. */
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import type { ForgeClient, ForgeRequest } from './client.ts';
import type { CommitStatuses, ForgeState, ForgeStatus, Posted } from './forge.ts';
import { type List, listOf, numbered } from './pages.ts';
import type { ForgePlace } from './place.ts';
import { reasonIn } from './reason.ts';

/** One run of a check, as GitHub has it. */
type Run = { readonly id: number; readonly isCompleted: boolean };

/** Commits of which runs are kept in mind; of others they are asked for again. */
const commitsMax = 500;

/**
 * A run that has ended cannot begin again: there is a new one then, and the newest of a name counts.
 *
 * Source: docs.github.com/en/rest/checks/runs.
 */
export const githubChecks =
  (app: number) =>
  (client: ForgeClient, { project }: ForgePlace): CommitStatuses => {
    const home = `/repos/${project}`;
    const known = new Map<string, Map<string, Run>>();

    const read: CommitStatuses['read'] = async (commit, signal) => {
      const list: List<{ readonly run: Run; readonly status: ForgeStatus }> = {
        of: 'check runs',
        ...numbered(100),
        path: (page) => `${home}/commits/${commit}/check-runs?app_id=${app}&filter=latest&per_page=100&page=${page}`,
        items: (page) => at(page, 'check_runs'),
        read: runIn,
      };
      const all = (await listOf(client, list, signal)).toSorted((a, b) => a.run.id - b.run.id);
      if (known.size >= commitsMax) known.clear();
      known.set(commit, new Map(all.map(({ run, status }) => [status.name, run])));
      return all.map(({ status }) => status);
    };

    const post: CommitStatuses['post'] = async (commit, status, signal): Promise<Posted> => {
      if (!known.has(commit)) await read(commit, signal);
      const runs = known.get(commit) ?? new Map<string, Run>();
      const before = runs.get(status.name);
      const isCompleted = status.state !== 'pending';
      const goesOn = before !== undefined && (isCompleted || !before.isCompleted);
      const requests: readonly ForgeRequest[] = [
        ...(goesOn
          ? [{ method: 'PATCH', path: `${home}/check-runs/${before.id}`, body: bodyOf(status) } as const]
          : []),
        { method: 'POST', path: `${home}/check-runs`, body: { ...bodyOf(status), head_sha: commit } },
      ];
      for (const request of requests) {
        const answer = await client.ask(request, signal);
        // Runs are thrown away when they are old.
        if (request.method === 'PATCH' && answer.status === 404) continue;
        if (answer.status === 422 && /no commit found/i.test(reasonIn(answer.text))) return 'gone';
        const id = numberOf(at(client.jsonOf(answer), 'id'));
        if (id === undefined) throw client.oddity('does not name the run that it took');
        runs.set(status.name, { id, isCompleted });
        return 'taken';
      }
      throw client.oddity('has lost the run that it began');
    };

    return { read, post };
  };

/** An error says nothing against the commit, and yet it must let nobody merge: of GitHub's words only this one does both. */
const conclusions: Readonly<Record<Exclude<ForgeState, 'pending'>, string>> = {
  success: 'success',
  failure: 'failure',
  error: 'cancelled',
};

function bodyOf({ name, state, text, url, details = [] }: ForgeStatus): { readonly [field: string]: Json } {
  return {
    name,
    ...(state === 'pending' ? { status: 'in_progress' } : { status: 'completed', conclusion: conclusions[state] }),
    ...(url === undefined ? {} : { details_url: url }),
    output: { title: text, summary: summaryOf(details, text) },
  };
}

function runIn(json: Json): { readonly run: Run; readonly status: ForgeStatus } | undefined {
  const id = numberOf(at(json, 'id'));
  const name = textOf(at(json, 'name'));
  if (id === undefined || name === undefined) return undefined;
  const isCompleted = at(json, 'status') === 'completed';
  const word = textOf(at(json, 'conclusion'));
  const state = (['success', 'failure', 'error'] as const).find((each) => conclusions[each] === word) ?? 'pending';
  const text = textOf(at(json, 'output', 'title')) ?? '';
  return { run: { id, isCompleted }, status: { name, state: isCompleted ? state : 'pending', text } };
}

/** GitHub takes 65535 characters. */
const summaryMax = 60_000;

/** Markdown: one line for each cluster that is not well, or what is said anyway. */
function summaryOf(details: readonly string[], text: string): string {
  if (details.length === 0) return plain(text);
  const lines: string[] = [];
  let size = 0;
  for (const detail of details) {
    const line = `- ${plain(detail)}`;
    size += line.length + 1;
    if (size > summaryMax) return [...lines, `- and ${details.length - lines.length} more`].join('\n');
    lines.push(line);
  }
  return lines.join('\n');
}

/** Names and messages come from anybody: they are text, whatever Markdown would make of them. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
