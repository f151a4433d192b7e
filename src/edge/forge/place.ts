/** Which project of which forge a repository is, as its address says. */

export const forgeKinds = [
  'github',
  'gitlab',
  'gitea',
  'forgejo',
  'bitbucket',
  'bitbucket-server',
  'azure-devops',
] as const;
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
  const read = home === undefined ? undefined : readers[kind](home);
  const project = given.project ?? read?.project;
  const apiURL = given.apiURL ?? read?.apiURL;
  if (project === undefined || apiURL === undefined) return undefined;
  const isWhole = kind === 'azure-devops' ? isNamed(project) : isProject(project);
  return isWhole ? { apiURL: apiURL.replace(/\/+$/, ''), project } : undefined;
}

/** Parts go into a path as they are. */
export const isProject = (project: string): boolean =>
  project.split('/').length >= 2 && project.split('/').every((part) => /^[\w.~+-]*[\w~+-][\w.~+-]*$/.test(part));

/** Two names, as people write them; they are escaped where they go into a path. */
const isNamed = (project: string): boolean =>
  project.split('/').length === 2 && project.split('/').every((part) => /^(?!\.{1,2}$)[^\\%?#\p{C}]+$/u.test(part));

type Home = { readonly origin: string; readonly steps: readonly string[] };

/** What an address of each kind says. Shape: undefined where it says no project. */
type Read = { readonly apiURL: string | undefined; readonly project: string } | undefined;

/** A forge may live below a path, and then only the last two steps are the project. */
function ownerAndName({ steps }: Home): { readonly below: string; readonly project: string } | undefined {
  const [owner, name] = steps.slice(-2);
  if (owner === undefined || name === undefined) return undefined;
  return { below: pathOf(steps.slice(0, -2)), project: `${owner}/${name}` };
}

const pathOf = (steps: readonly string[]): string => steps.map((step) => `/${step}`).join('');

function readGitea(home: Home): Read {
  const found = ownerAndName(home);
  return found && { apiURL: `${home.origin}${found.below}/api/v1`, project: found.project };
}

const readers: Readonly<Record<ForgeKind, (home: Home) => Read>> = {
  github: (home) => {
    const found = ownerAndName(home);
    const { origin } = home;
    const apiURL = origin === 'https://github.com' ? 'https://api.github.com' : `${origin}${found?.below}/api/v3`;
    return found && { apiURL, project: found.project };
  },
  // Its folders have no limit.
  gitlab: ({ origin, steps }) =>
    steps.length < 2 ? undefined : { apiURL: `${origin}/api/v4`, project: steps.join('/') },
  gitea: readGitea,
  forgejo: readGitea,
  bitbucket: (home) => {
    const found = ownerAndName(home);
    const isOwn = /^https:\/\/(?:altssh\.)?bitbucket\.org$/.test(home.origin);
    return found && { apiURL: isOwn ? 'https://api.bitbucket.org/2.0' : undefined, project: found.project };
  },
  'bitbucket-server': (home) => {
    const found = ownerAndName(home);
    // As `https://host/context/scm/KEY/name`; ssh knows neither context nor `scm`.
    return found && { apiURL: `${home.origin}${found.below.replace(/\/scm$/, '')}/rest`, project: found.project };
  },
  'azure-devops': ({ origin, steps: escaped }) => {
    const steps = escaped.map(decoded);
    // As `git@ssh.dev.azure.com:v3/organization/project/name`.
    if (/^https:\/\/(?:ssh\.dev\.azure|vs-ssh\.visualstudio)\.com$/.test(origin)) {
      const [, organization, project, name] = steps;
      if (organization === undefined || project === undefined || name === undefined) return undefined;
      return { apiURL: `https://dev.azure.com/${organization}`, project: `${project}/${name}` };
    }
    const mark = steps.indexOf('_git');
    const name = steps[mark + 1];
    if (mark < 0 || name === undefined) return undefined;
    // The project that has the name of its only repository is left out.
    const isShort = mark === (origin === 'https://dev.azure.com' ? 1 : 0);
    const project = isShort ? name : steps[mark - 1];
    return { apiURL: `${origin}${pathOf(steps.slice(0, isShort ? mark : mark - 1))}`, project: `${project}/${name}` };
  },
};

function homeOf(address: string): Home | undefined {
  const short = /^[^@:/]+@(?<host>[^@:/]+):(?<path>[^:].*)$/.exec(address)?.groups;
  if (short !== undefined) return { origin: `https://${short.host}`, steps: stepsOf(short.path ?? '') };
  const url = URL.parse(address);
  if (url === null || url.hostname === '') return undefined;
  // The port of ssh is not the port of the API.
  if (url.protocol === 'ssh:') return { origin: `https://${url.hostname}`, steps: stepsOf(url.pathname) };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return { origin: url.origin, steps: stepsOf(url.pathname) };
}

const stepsOf = (path: string): readonly string[] =>
  path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .split('/');

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
