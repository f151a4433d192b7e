/** Where a repository is: the few kinds of address that are allowed, and nothing that Git would run. */
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../../core/model/fault.ts';

export type GitURL =
  /** `url` has no user and no trailing slash; `username` is the one that was in it. */
  | { readonly kind: 'http'; readonly url: string; readonly username: string | undefined; readonly isLoopback: boolean }
  | { readonly kind: 'ssh'; readonly url: string }
  /** An absolute path. */
  | { readonly kind: 'local'; readonly path: string };

const lengthMax = 4096;

/**
 * Reads an address: `https://`, `http://`, `ssh://`, `user@host:path`, `file://` or a path that begins with `/` or `.`.
 *
 * Errors: `misconfigured`. Never repeats what could be a password.
 */
export function parseGitURL(text: string): GitURL {
  if (text.length > lengthMax) throw refusal('is too long');
  if (/[\u0000-\u0020\u007f]/.test(text) && !isPath(text)) throw refusal('holds a space or a control character');
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refusal('holds a control character');
  if (text.startsWith('-')) throw refusal('begins with a dash');
  if (isPath(text)) return { kind: 'local', path: resolve(text) };
  // A browser's reader would take a backslash for a slash, and three slashes for two.
  if (/\\|:\/\/[/@]/.test(text) && !/^file:/i.test(text)) throw refusal('is no proper URL');
  if (/^[A-Za-z][A-Za-z0-9+.-]*::/.test(text)) throw refusal('names a helper to run');

  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return httpURL(text);
  if (scheme === 'ssh') return sshURL(text);
  if (scheme === 'file') return fileURL(text);
  if (scheme !== undefined) throw refusal(`begins with ${scheme}://; use https://, ssh:// or a path`);

  const short = /^(?<user>[^@:/]+)@(?<host>[^@:/]+|\[[0-9A-Fa-f:.]+\]):(?<path>[^:].*)$/.exec(text)?.groups;
  if (short === undefined) throw refusal('is neither a URL nor user@host:path; a path begins with / or ./');
  checkSSH(short.user ?? '', short.host ?? '', short.path ?? '');
  // As it stands: a server may know `team/a` and not `/team/a`.
  return { kind: 'ssh', url: text };
}

const isPath = (text: string): boolean => isAbsolute(text) || text === '.' || text === '..' || /^\.{1,2}\//.test(text);

function httpURL(text: string): GitURL {
  const url = parsed(text);
  if (url.password !== '') throw refusal('holds a password; put it in a file and name that in the credentials');
  if (url.hash !== '' || url.search !== '') throw refusal('holds a query or a fragment');
  const username = url.username === '' ? undefined : decoded(url.username);
  url.username = '';
  const isLoopback = /^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(url.hostname);
  return { kind: 'http', url: url.href.replace(/\/+$/, ''), username, isLoopback };
}

function sshURL(text: string): GitURL {
  const url = parsed(text);
  if (url.password !== '') throw refusal('holds a password; ssh takes a key file');
  if (url.hash !== '' || url.search !== '') throw refusal('holds a query or a fragment');
  checkSSH(url.username, url.hostname, url.pathname.slice(1));
  return { kind: 'ssh', url: url.href };
}

/** ssh, and the Git at the other end, read what begins with a dash as an option. */
function checkSSH(user: string, host: string, path: string): void {
  if (user !== '' && !/^[A-Za-z0-9._][A-Za-z0-9._+-]*$/.test(user)) throw refusal('has no plain user name');
  if (!/^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])$/.test(host)) throw refusal('has no plain host name');
  if (path === '') throw refusal('has no path');
  if (path.startsWith('-')) throw refusal('has a path that begins with a dash');
}

function fileURL(text: string): GitURL {
  const url = parsed(text);
  if (url.host !== '' && url.host !== 'localhost') throw refusal('names a file on another machine');
  try {
    return { kind: 'local', path: fileURLToPath(new URL(`file://${url.pathname}`)) };
  } catch {
    throw refusal('is no path');
  }
}

function parsed(text: string): URL {
  if (!URL.canParse(text)) throw refusal('is no URL');
  const url = new URL(text);
  if (url.protocol !== 'file:' && url.hostname === '') throw refusal('has no host');
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal('has a user name that does not decode');
  }
}

function refusal(what: string): FaultError {
  return new FaultError({ kind: 'misconfigured', detail: `the repository's address ${what}` });
}
