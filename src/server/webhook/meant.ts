/** Which of the repositories that we follow a forge means. */
import type { RepositorySettings } from '../../engine/source/repository.ts';

export type Followed = Pick<RepositorySettings, 'id' | 'url' | 'branch'>;

/**
 * Those that any of `names` is a name of: an address, `owner/name`, or what the settings call it.
 *
 * Hosts are not compared: a forge often does not know by which address others reach it. Too many at worst, and each is only
 * looked at sooner.
 */
export function meantBy(names: readonly string[], followed: readonly Followed[]): readonly Followed[] {
  const paths = names.map(pathOf).filter((path) => path.includes('/'));
  return followed.filter(({ id, url }) => {
    const own = pathOf(url);
    return names.includes(id) || paths.some((path) => own === path || own.endsWith(`/${path}`));
  });
}

/** `git@host:Team/Fleet.git` and `https://host:8443/team/fleet` are both `team/fleet`. */
function pathOf(address: string): string {
  const short = /^[^@:/]+@[^@:/]+:(?<path>[^:].*)$/.exec(address)?.groups?.path;
  const path = short ?? URL.parse(address)?.pathname ?? address;
  return decoded(path)
    .toLowerCase()
    .replace(/\.git\/?$/, '')
    .split('/')
    .filter((part) => part !== '' && !between.has(part))
    .join('/');
}

/** What stands in paths of Azure DevOps and Bitbucket Server and belongs to no name. */
const between = new Set(['_git', 'v3', 'scm']);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
