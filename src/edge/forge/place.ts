/** Which project of which forge a repository is, as its address says. */

export const forgeKinds = ['github', 'gitlab', 'gitea', 'forgejo'] as const;
export type ForgeKind = (typeof forgeKinds)[number];

export type ForgePlace = {
  /** No slash at the end. */
  readonly apiURL: string;
  /** `owner/name`; a GitLab project may be in more folders. */
  readonly project: string;
};

export type GivenPlace = { readonly apiURL?: string | undefined; readonly project?: string | undefined };

/** Shape: what is given goes before what the address says; undefined when neither says enough. */
export function forgePlace(kind: ForgeKind, repositoryURL: string, given: GivenPlace): ForgePlace | undefined {
  const home = homeOf(repositoryURL);
  const parts = home?.path.split('/') ?? [];
  // A forge may live below a path, and then only the last two parts are the project; GitLab's folders have no limit.
  const own = kind === 'gitlab' ? parts : parts.slice(-2);
  const base =
    kind === 'gitlab'
      ? ''
      : parts
          .slice(0, -2)
          .map((part) => `/${part}`)
          .join('');
  const project = given.project ?? (own.length >= 2 ? own.join('/') : undefined);
  const apiURL = given.apiURL ?? (home === undefined ? undefined : apiOf(kind, home.origin, base));
  if (project === undefined || apiURL === undefined || !isProject(project)) return undefined;
  return { apiURL: apiURL.replace(/\/+$/, ''), project };
}

/** Parts go into a path as they are. */
const isProject = (project: string): boolean =>
  project.split('/').length >= 2 && project.split('/').every((part) => /^[\w.~+-]*[\w~+-][\w.~+-]*$/.test(part));

type Home = { readonly origin: string; readonly path: string };

function homeOf(address: string): Home | undefined {
  const short = /^[^@:/]+@(?<host>[^@:/]+):(?<path>[^:].*)$/.exec(address)?.groups;
  if (short !== undefined) return { origin: `https://${short.host}`, path: trimmed(short.path ?? '') };
  const url = URL.parse(address);
  if (url === null || url.hostname === '') return undefined;
  // The port of ssh is not the port of the API.
  if (url.protocol === 'ssh:') return { origin: `https://${url.hostname}`, path: trimmed(url.pathname) };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return { origin: url.origin, path: trimmed(url.pathname) };
}

const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');

function apiOf(kind: ForgeKind, origin: string, base: string): string {
  switch (kind) {
    case 'github':
      return origin === 'https://github.com' ? 'https://api.github.com' : `${origin}${base}/api/v3`;
    case 'gitlab':
      return `${origin}/api/v4`;
    case 'gitea':
    case 'forgejo':
      return `${origin}${base}/api/v1`;
  }
}
