/** A real Gitea on this machine, with an administrator and nothing else; ended with the process that started it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Json } from '../../../src/core/json/value.ts';
import { startServer } from '../process.ts';
import { freePorts, untilReady } from '../readiness.ts';
import type { Gitea } from './build.ts';

export type RunningGitea = {
  /** Without a slash at the end. */
  readonly url: string;
  /** Somebody who may do everything. */
  readonly user: GiteaUser;
  /** One more, who owns nothing. */
  readonly addUser: (name: string) => Promise<GiteaUser>;
  /** An empty repository of an organisation; both are made. Shape: `owner/name`. */
  readonly addProject: (owner: string, name: string) => Promise<string>;
  /** Its API, as somebody. Errors: throws what it refuses. */
  readonly api: (user: GiteaUser, method: string, path: string, body?: Json) => Promise<Json>;
  /** With a user and a token, for Git. */
  readonly gitURL: (user: GiteaUser, project: string) => string;
  readonly stop: () => Promise<void>;
};

export type GiteaUser = { readonly name: string; readonly token: string };

/** Errors: rejects with the end of its log when it does not come up; nothing is left running then. */
export async function startGitea({ program, staticFolder }: Gitea): Promise<RunningGitea> {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-gitea-'));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'app.ini');
  for (const name of ['data', 'custom', 'log']) mkdirSync(join(folder, name));
  writeFileSync(config, settingsOf(folder, staticFolder, port), { mode: 0o600 });
  const place = ['--config', config, '--work-path', folder];
  const command = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(program, [...args, ...place], { timeout: 60_000 })).stdout.trim();
  const addUser = async (name: string, ...more: readonly string[]): Promise<GiteaUser> => {
    const password = randomBytes(12).toString('hex');
    const who = ['--username', name, '--email', `${name}@example.com`, '--password', password];
    await command('admin', 'user', 'create', ...who, '--must-change-password=false', ...more);
    const scopes = ['--token-name', 'tests', '--scopes', 'all', '--raw'];
    const token = await command('admin', 'user', 'generate-access-token', '--username', name, ...scopes);
    return { name, token: token.split('\n').at(-1) ?? '' };
  };
  await command('migrate');
  const server = startServer(program, ['web', ...place], join(folder, 'gitea.log'));
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady('gitea', server, async () => (await fetch(`${url}/api/healthz`)).ok);
    const user = await addUser('landfall', '--admin');
    return {
      url,
      user,
      addUser: (name) => addUser(name),
      addProject: async (owner, name) => {
        await api(url, user, 'POST', '/orgs', { username: owner });
        await api(url, user, 'POST', `/orgs/${owner}/repos`, { name, default_branch: 'main', private: false });
        return `${owner}/${name}`;
      },
      api: (by, method, path, body) => api(url, by, method, path, body),
      gitURL: ({ name, token }, project) => `${url.replace('://', `://${name}:${token}@`)}/${project}.git`,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function api(url: string, user: GiteaUser, method: string, path: string, body?: Json): Promise<Json> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `token ${user.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`gitea answers ${response.status} to ${method} ${path}: ${text.slice(0, 500)}`);
  return text === '' ? null : (JSON.parse(text) as Json);
}

/** Source: docs.gitea.com/administration/config-cheat-sheet. */
function settingsOf(folder: string, staticFolder: string, port: number): string {
  const secret = (): string => randomBytes(32).toString('base64url');
  return `
APP_NAME = Landfall's tests
RUN_USER = ${userInfo().username}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = ${folder}
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${staticFolder}
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = ${join(folder, 'data', 'gitea.db')}
[repository]
ROOT = ${join(folder, 'data', 'repositories')}
DEFAULT_BRANCH = main
[security]
INSTALL_LOCK = true
SECRET_KEY = ${secret()}
PASSWORD_COMPLEXITY = off
[oauth2]
ENABLED = false
JWT_SECRET = ${secret()}
[service]
DISABLE_REGISTRATION = true
[webhook]
ALLOWED_HOST_LIST = loopback
DELIVER_TIMEOUT = 5
[queue]
TYPE = channel
[session]
PROVIDER = memory
[actions]
ENABLED = false
[packages]
ENABLED = false
[federation]
ENABLED = false
[log]
MODE = console
LEVEL = Warn
`;
}
