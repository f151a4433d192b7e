/** Statuses where a forge has a list of them to read and one request to write one. */
import type { Json } from '../../core/json/value.ts';
import type { ForgeClient } from './client.ts';
import type { ForgeAnswer } from './faults.ts';
import type { CommitStatuses, ForgeStatus, Posted } from './forge.ts';
import type { ForgePlace } from './place.ts';
import { jsonIn } from './text.ts';

export type StatusTable = {
  /** Pages begin with 1. */
  readonly pagePath: (project: string, commit: string, page: number) => string;
  /** A page with fewer statuses is the last. */
  readonly pageFull: number;
  /** Shape: older before newer; undefined for what is no such answer. An empty answer comes as null. */
  readonly statusesIn: (page: Json) => readonly ForgeStatus[] | undefined;
  readonly postPath: (project: string, commit: string) => string;
  readonly postBody: (status: ForgeStatus) => Json;
  /** Where another answer than 201 says that it has been taken. */
  readonly isTaken?: (answer: ForgeAnswer) => boolean;
  /** Refusals that are no failure. Shape: undefined for all others. */
  readonly refusal: (status: number, message: string) => Posted | undefined;
};

const pagesMax = 50;

export const statusesBy =
  (table: StatusTable) =>
  (client: ForgeClient, { project }: ForgePlace): CommitStatuses => {
    const pageOf = async (commit: string, page: number, signal: AbortSignal): Promise<readonly ForgeStatus[]> => {
      const answer = await client.ask({ method: 'GET', path: table.pagePath(project, commit, page) }, signal);
      if (answer.status !== 200) {
        if (table.refusal(answer.status, answer.text) === 'gone') return [];
        throw client.faultOf(answer);
      }
      const json = answer.text === '' ? null : jsonIn(answer.text);
      const statuses = json === undefined ? undefined : table.statusesIn(json);
      if (statuses === undefined) throw client.oddity('answers something that is no list of statuses');
      return statuses;
    };
    return {
      read: async (commit, signal) => {
        const statuses: ForgeStatus[] = [];
        for (let page = 1; page <= pagesMax; page += 1) {
          const found = await pageOf(commit, page, signal);
          statuses.push(...found);
          if (found.length < table.pageFull) return statuses;
        }
        throw client.oddity(`has more than ${pagesMax} pages of statuses of one commit`);
      },
      post: async (commit, status, signal) => {
        const body = table.postBody(status);
        const answer = await client.ask({ method: 'POST', path: table.postPath(project, commit), body }, signal);
        // A page that asks people to log in says 200, too.
        if (answer.status === 201 || (answer.status < 300 && table.isTaken?.(answer) === true)) return 'taken';
        const refused = table.refusal(answer.status, answer.text);
        if (refused === undefined) throw client.faultOf(answer);
        return refused;
      },
    };
  };
