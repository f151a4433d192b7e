/** A real Gitea as the place of a story: Landfall as one of its users, Ann as another, and what both can see there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, isArray, type Json, textOf } from '../../../src/core/json/value.ts';
import type { RunningGitea } from '../gitea/serve.ts';
import type { GitHost } from './host.ts';

export type GiteaStage = {
  readonly openHost: (folder: string, name: string) => Promise<GitHost>;
  /** Tells Landfall of pushes and pull requests. `origin`: where it listens. */
  readonly addHook: (origin: string, secret: string) => Promise<void>;
  /** By Ann. Shape: its number. */
  readonly openPull: (branch: string, title: string) => Promise<number>;
  /** By Ann; tried again while the forge is still finding out whether it merges. Shape: what main is then. */
  readonly merge: (number: number) => Promise<string>;
  readonly pull: (number: number) => Promise<Json>;
  /** Titles of those that are open, by number. */
  readonly openPulls: () => Promise<ReadonlyMap<number, string>>;
  /** Bodies, oldest first. */
  readonly comments: (number: number) => Promise<readonly string[]>;
  /** `state context text` of the newest of each context. */
  readonly statuses: (commit: string) => Promise<readonly string[]>;
};

const owner = 'team';
const retryMs = 200;
const triesMax = 100;

export async function giteaStage(gitea: RunningGitea): Promise<GiteaStage> {
  const ann = await gitea.addUser('ann');
  let project = '';
  const api = (method: string, path: string, body?: Json, by = ann): Promise<Json> =>
    gitea.api(by, method, `/repos/${project}${path}`, body);
  const listOf = async (path: string): Promise<readonly Json[]> => {
    const list = await api('GET', path);
    return isArray(list) ? list : [];
  };
  return {
    openHost: async (folder, name) => {
      project = await gitea.addProject(owner, name);
      await api('PUT', '/collaborators/ann', { permission: 'write' }, gitea.user);
      const tokenFile = join(folder, 'forge-token');
      writeFileSync(tokenFile, `${gitea.user.token}\n`, { mode: 0o600 });
      return {
        url: `${gitea.url}/${project}.git`,
        pushURL: gitea.gitURL(ann, project),
        user: { username: gitea.user.name, password: gitea.user.token },
        repository: { forge: { kind: 'gitea', tokenFile } },
        close: async () => undefined,
      };
    },
    addHook: async (origin, secret) => {
      const config = { url: `${origin}/webhooks/gitea`, content_type: 'json', secret };
      const events = ['push', 'pull_request', 'pull_request_sync'];
      await api('POST', '/hooks', { type: 'gitea', active: true, events, config }, gitea.user);
    },
    openPull: async (branch, title) => {
      const pull = await api('POST', '/pulls', { head: branch, base: 'main', title, body: '' });
      return Number(at(pull, 'number'));
    },
    merge: async (number) => {
      for (let tries = 1; ; tries += 1) {
        const refusal = await api('POST', `/pulls/${number}/merge`, { Do: 'merge' }).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (refusal === undefined) break;
        if (tries === triesMax || !/Please try again later/.test(String(refusal))) throw refusal;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
      return textOf(at(await api('GET', `/pulls/${number}`), 'merge_commit_sha')) ?? '';
    },
    pull: (number) => api('GET', `/pulls/${number}`),
    openPulls: async () => {
      const open = await listOf('/pulls?state=open&limit=50');
      return new Map(open.map((pull) => [Number(at(pull, 'number')), textOf(at(pull, 'title')) ?? '']));
    },
    comments: async (number) =>
      (await listOf(`/issues/${number}/comments`)).map((comment) => textOf(at(comment, 'body')) ?? ''),
    statuses: async (commit) => {
      const statuses = at(await api('GET', `/commits/${commit}/status?limit=50`), 'statuses');
      return (isArray(statuses) ? statuses : []).map((each) =>
        ['status', 'context', 'description'].map((field) => textOf(at(each, field)) ?? '').join(' '),
      );
    },
  };
}
