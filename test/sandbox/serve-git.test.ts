/** The Git server of the demo: real git clones from it and pushes to it. */
import { equal, ok, rejects } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type GitServer, serveGit } from '../../src/sandbox/serve-git.ts';
import { type Scratch, scratch } from '../builder/git-work.ts';

const run = promisify(execFile);
const env = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
};
const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  (await run('git', args, { cwd, env })).stdout.trim();

async function served(
  options: { readonly auth?: { readonly username: string; readonly password: string } },
  test: (server: GitServer, place: Scratch) => Promise<void>,
): Promise<void> {
  const place = scratch();
  const server = await serveGit({ root: place.path('root'), ...options });
  try {
    await test(server, place);
  } finally {
    await server.close();
    place.close();
  }
}
const status = (url: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });

test('serveGit: a first push, a clone, a shallow and a partial one, a second push', () =>
  served({}, async (server, place) => {
    const { url } = await server.createRepository('team/shop');
    equal(url, `${server.url}/team/shop.git`);
    const work = place.path('work');
    mkdirSync(work);
    await git(work, 'init', '--quiet', '--initial-branch=main');
    for (const text of ['one', 'two', 'x'.repeat(3_000_000)]) {
      writeFileSync(place.path('work/file'), text);
      await git(work, 'add', '.');
      await git(work, 'commit', '--quiet', '-m', text.slice(0, 5));
    }
    await git(work, 'push', '--quiet', url, 'main');
    await git(place.folder, 'clone', '--quiet', url, 'clone');
    equal(await git(place.path('clone'), 'rev-parse', 'HEAD'), await git(work, 'rev-parse', 'HEAD'));
    equal(await git(place.path('clone'), 'branch', '--show-current'), 'main');
    await git(place.folder, 'clone', '--quiet', '--depth=1', url, 'shallow');
    equal(await git(place.path('shallow'), 'rev-list', '--count', 'HEAD'), '1');
    await git(place.folder, 'clone', '--quiet', '--filter=tree:0', '--bare', url, 'partial');
    equal(await git(place.path('partial'), 'rev-list', '--count', 'HEAD'), '3');
    writeFileSync(place.path('clone/file'), 'three');
    await git(place.path('clone'), 'commit', '--quiet', '-am', 'three');
    await git(place.path('clone'), 'push', '--quiet');
    const again = await server.createRepository('team/shop');
    equal(await git(again.folder, 'rev-parse', 'main'), await git(place.path('clone'), 'rev-parse', 'HEAD'));
  }));

test('serveGit: only with the password, where there is one', () =>
  served({ auth: { username: 'ann', password: 'p w' } }, async (server, place) => {
    const { url } = await server.createRepository('x');
    await rejects(git(place.folder, 'ls-remote', url), /Username|Authentication/);
    const known = url.replace('http://', 'http://ann:p%20w@');
    equal(await git(place.folder, 'ls-remote', known), '');
    equal(await status(server.url, '/x.git/info/refs?service=git-upload-pack'), 401);
  }));

test('serveGit: nothing outside of its folder, and nothing that it was not asked for', () =>
  served({}, async (server, place) => {
    const { folder } = await server.createRepository('x');
    ok(folder.startsWith(place.path('root')));
    for (const path of [
      '/',
      '/none.git/info/refs',
      '/../../etc/passwd',
      '/x.git/../../../etc/passwd',
      '/%2e%2e/x',
      '/x.git/config',
      '/%',
      '//',
    ]) {
      const answered = await status(server.url, path);
      ok(answered >= 400, `${path}: ${answered}`);
    }
    for (const name of ['../x', '/x', 'a//b', '-x', '.x', '', 'a b', 'x/..']) {
      await rejects(server.createRepository(name), RangeError, name);
    }
    equal(await status(server.url, '/x.git/info/refs?service=git-upload-pack'), 200);
  }));
