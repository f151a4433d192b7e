/** Users, repositories, pull requests, comments and statuses of a sandbox forge, as Gitea's API writes them. */
import type { Json, JsonObject } from '../../core/json/value.ts';
import { isDraft, type Pull, type PullComment } from './pull.ts';
import { combinedState, type StoredPost } from './statuses.ts';

export type Renderer = {
  readonly user: (login: string) => JsonObject;
  readonly repository: (project: string) => JsonObject;
  readonly pull: (project: string, pull: Pull, about: PullSight) => JsonObject;
  readonly comment: (project: string, comment: PullComment) => JsonObject;
  readonly status: (post: StoredPost) => JsonObject;
  /** The statuses of one page. */
  readonly combined: (commit: string, page: readonly StoredPost[]) => JsonObject;
  /** The page of a pull request. */
  readonly pageOf: (project: string, number: number) => string;
};

/** What is not in the pull request itself. */
export type PullSight = {
  readonly isMergeable: boolean;
  readonly comments: number;
  /** Where its base branch is now. */
  readonly baseCommit: string | undefined;
  /** The branch that it comes from is there. */
  readonly hasBranch: boolean;
};

export const defaultBranch = 'main';

/** Source: Gitea's `modules/structs`, by its swagger. `origin`: where the forge is, without a slash at the end. */
export function rendererAt(origin: () => string): Renderer {
  const ids = new Map<string, number>();
  const idOf = (name: string): number => {
    const id = ids.get(name) ?? ids.size + 1;
    ids.set(name, id);
    return id;
  };
  const user = (login: string): JsonObject => ({
    id: idOf(`user ${login}`),
    login,
    username: login,
    full_name: '',
    email: `${login}@localhost`,
    html_url: `${origin()}/${login}`,
  });
  const repository = (project: string): JsonObject => {
    const [owner = '', name = ''] = project.split('/');
    return {
      id: idOf(`project ${project}`),
      owner: user(owner),
      name,
      full_name: project,
      private: false,
      fork: false,
      default_branch: defaultBranch,
      html_url: `${origin()}/${project}`,
      clone_url: `${origin()}/${project}.git`,
      ssh_url: `git@localhost:${project}.git`,
    };
  };
  const pageOf = (project: string, number: number): string => `${origin()}/${project}/pulls/${number}`;
  const pull: Renderer['pull'] = (project, each, { isMergeable, comments, baseCommit, hasBranch }) => {
    const { number, state, base, branch, head } = each;
    const side = (label: string, ref: string, sha: string): JsonObject => {
      const repo = repository(project);
      return { label, ref, sha, repo_id: repo.id ?? 0, repo };
    };
    return {
      id: idOf(`pull ${project} ${number}`),
      number,
      url: pageOf(project, number),
      html_url: pageOf(project, number),
      user: user(each.author),
      title: each.title,
      body: each.body,
      state: state.kind === 'open' ? 'open' : 'closed',
      draft: isDraft(each),
      is_locked: false,
      comments,
      labels: [],
      assignees: null,
      mergeable: isMergeable,
      merged: state.kind === 'merged',
      merged_at: state.kind === 'merged' ? timeOf(state.atMs) : null,
      merged_by: state.kind === 'merged' ? user(state.by) : null,
      merge_commit_sha: state.kind === 'merged' ? state.commit : null,
      base: side(base, base, baseCommit ?? each.mergeBase),
      head: side(branch, hasBranch ? branch : `refs/pull/${number}/head`, head),
      merge_base: each.mergeBase,
      created_at: timeOf(each.createdMs),
      updated_at: timeOf(each.updatedMs),
      closed_at: state.kind === 'open' ? null : timeOf(state.atMs),
    };
  };
  const comment: Renderer['comment'] = (project, { id, pull: number, author, body, createdMs, updatedMs }) => ({
    id,
    html_url: `${pageOf(project, number)}#issuecomment-${id}`,
    pull_request_url: pageOf(project, number),
    issue_url: '',
    user: user(author),
    body,
    created_at: timeOf(createdMs),
    updated_at: timeOf(updatedMs),
  });
  const status = ({ id, by, atMs, context, state, description, targetURL }: StoredPost): JsonObject => ({
    id,
    context,
    status: state,
    description,
    target_url: targetURL,
    creator: user(by),
    created_at: timeOf(atMs),
    updated_at: timeOf(atMs),
  });
  return {
    user,
    repository,
    pull,
    comment,
    status,
    pageOf,
    combined: (commit, page) => ({
      sha: commit,
      state: combinedState(page),
      total_count: page.length,
      statuses: page.length === 0 ? null : page.map((post): Json => status(post)),
    }),
  };
}

/** RFC 3339, to the second. */
const timeOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
