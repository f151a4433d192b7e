/** From elsewhere comes only what stays what it is: a tag, a whole commit, an exact version; never a branch. */
import type { GitChart } from './command.ts';

/** A folder of another Git repository, as it is written. */
export type GitPlace = {
  readonly written: string;
  readonly url: string;
  readonly revision: string | undefined;
  /** What to write so that it stays as it is. */
  readonly at: (commit: string) => string;
};

/** `unfixed`: whose content nobody can name, and what to do about it. `fixed`: nobody has to be asked. */
export type Place = { readonly kind: 'git'; readonly git: GitPlace } | Unfixed | { readonly kind: 'fixed' };
type Unfixed = { readonly kind: 'unfixed'; readonly message: string; readonly hint: string };

export type Moving = { readonly message: string; readonly hint: string; readonly mayPass?: true };

const byItself = 'and what runs must not change by itself';

/**
 * Where Kustomize fetches from for a base.
 *
 * Source: `NewRepoSpecFromURL` of Kustomize's `api/internal/git/repospec.go`; it takes any URL for a file first.
 */
export function baseAt(remote: string): Place {
  const [place = '', query = ''] = split(remote.replace(/^[^=/:]+=(?=https:)/i, ''), '?');
  const [, host, path] = /^(?:https:\/\/)?([a-z0-9.-]+(?::[0-9]+)?)\/(.+)$/i.exec(place) ?? [];
  if (host === undefined || path === undefined)
    return { kind: 'unfixed', message: `${remote} is no place of which a commit can be named`, hint: commitIt };
  const revision = revisionIn(query);
  if (revision === undefined && isFile(path)) return isVersioned(path) ? { kind: 'fixed' } : unversioned(remote);
  if (revision !== undefined && isCommit(revision)) return { kind: 'fixed' };
  const git = {
    written: remote,
    url: `https://${host}/${repositoryIn(path)}`,
    revision,
    at: (commit: string) => `write ${place}?ref=${commit}`,
  };
  return { kind: 'git', git };
}

export function chartAt({ url, revision, folder }: GitChart): Place {
  if (isCommit(revision)) return { kind: 'fixed' };
  const written = `${folder} of ${url}`;
  return { kind: 'git', git: { written, url, revision, at: (commit) => `name the commit ${commit}` } };
}

/** Source: git-ls-remote(1). A whole name also fits the end of a longer one, so that the answer is looked at again. */
export const gitListing = (place: GitPlace): readonly string[] => [
  'ls-remote',
  '--quiet',
  '--',
  place.url,
  ...namesOf(place),
];

/** Shape: undefined when it is at a tag. `listing`: what Git has answered. */
export function refuseMoving(place: GitPlace, listing: string): Moving | undefined {
  const { written, revision, at } = place;
  const commits = new Map(
    listing.split('\n').map((line) => {
      const [commit = '', name = ''] = split(line, '\t');
      return [name, commit] as const;
    }),
  );
  const name = namesOf(place).find((each) => commits.has(each));
  if (name?.startsWith('refs/tags/')) return undefined;
  if (name === undefined)
    return {
      message: `${written} is at ${revision ?? 'HEAD'}, which is neither a tag nor a whole commit of ${place.url}`,
      hint: 'name a tag that is there, or all 40 digits of a commit',
      mayPass: true,
    };
  const message =
    revision === undefined
      ? `${written} names no revision, so that it moves with its repository, ${byItself}`
      : `${written} is at the branch ${revision}, which moves, ${byItself}`;
  return { message, hint: `${at(commits.get(name) ?? '')}, which is where it is now, or name a tag` };
}

/** In the order in which Git tries them for a short name. Source: gitrevisions(7). */
const namesOf = ({ revision = 'HEAD' }: GitPlace): readonly string[] =>
  ['', 'refs/', 'refs/tags/', 'refs/heads/'].map((prefix) => `${prefix}${revision}`);

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/i.test(revision);

/** Of a query that Kustomize may read in another way, nothing is believed. */
function revisionIn(query: string): string | undefined {
  if (!/^[\w=&./-]*$/.test(query)) return undefined;
  const fields = new URLSearchParams(query);
  const revision = fields.get('ref') || fields.get('version');
  return revision === null || revision === '' ? undefined : revision;
}

function repositoryIn(path: string): string {
  const marked = /^.*?_git\/[^/]*|^.*?(?=\/\/)|^.*?\.git/.exec(path)?.[0];
  return marked ?? path.split('/').slice(0, 2).join('/');
}

const isFile = (path: string): boolean => /\.(?:ya?ml|json)$/i.test(path) && !/\/\/|\.git\//.test(path);
const isVersioned = (path: string): boolean =>
  /[0-9]+\.[0-9]+\.[0-9]+|(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i.test(path);

const commitIt = 'commit here what it holds';
const unversioned = (remote: string): Unfixed => ({
  kind: 'unfixed',
  message: `${remote} is a file with neither a commit nor an exact version in its URL: it may become another, ${byItself}`,
  hint: `${commitIt}, or name it at a whole commit or a version like 1.2.3`,
});

function split(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}
