/** ssh: which servers and keys are taken, and that nothing of the user's own settings is. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { GitProcesses } from '../../../src/edge/git/processes.ts';
import type { GitCredentials } from '../../../src/edge/git/settings.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { isFault } from '../../builder/fault.ts';
import { type BuiltRepository, buildRepository } from '../../builder/git-repository.ts';
import { inThisProcess, openForTest, type Scratch, scratch } from '../../builder/git-work.ts';
import { type SSHServer, startSSH, whyNoSSH } from '../../builder/ssh-server.ts';

const never = new AbortController().signal;

suite('ssh', { skip: whyNoSSH() ?? false }, () => {
  let place: Scratch;
  let server: SSHServer;
  let processes: GitProcesses;
  let built: BuiltRepository;
  before(async () => {
    place = scratch();
    server = await startSSH(place.path('ssh'));
    processes = inThisProcess();
    built = buildRepository(place.path('repository'));
  });
  after(async () => {
    processes.close();
    await server.close();
    place.close();
  });
  const open = (credentials: GitCredentials, url = server.url + built.folder): GitRepository =>
    openForTest({ url, cacheFolder: place.path('cache'), credentials }, processes);
  const known = (more: Partial<Extract<GitCredentials, { kind: 'ssh' }>> = {}): GitCredentials => ({
    kind: 'ssh',
    key: { kind: 'file', path: server.keyFile },
    knownHostsFile: server.knownHostsFile,
    ...more,
  });

  test('key: from a file that others can read, or from elsewhere, without its last line break', async () => {
    const commit = built.commit({ a: '1' });
    const loose = place.path('loose');
    copyFileSync(server.keyFile, loose);
    chmodSync(loose, 0o644);
    deepEqual(await open(known({ key: { kind: 'file', path: loose } })).head(never), { kind: 'commit', commit });
    const read = async (): Promise<string> => readFileSync(server.keyFile, 'utf8').trimEnd();
    deepEqual(await open(known({ key: { kind: 'source', read } })).head(never), { kind: 'commit', commit });
    ok(!readdirSync(place.path('cache')).some((name) => name.startsWith('ssh-')), 'no key is left behind');
  });

  test('key: a wrong one, one that is not there, none', async () => {
    const wrong = place.path('wrong');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', wrong]);
    await rejects(open(known({ key: { kind: 'file', path: wrong } })).head(never), isFault('unauthenticated'));
    await rejects(
      open(known({ key: { kind: 'file', path: place.path('none') } })).head(never),
      isFault('misconfigured'),
    );
    await rejects(open({ kind: 'none' }).head(never), isFault('misconfigured', /needs a key/));
    const password = { kind: 'source', read: async () => 'x' } as const;
    await rejects(
      open({ kind: 'basic', username: 'a', password }).head(never),
      isFault('misconfigured', /needs a key/),
    );
  });

  test('host: one that is not listed, or shows another key, is not spoken to', async () => {
    const hosts = place.path('hosts');
    await rejects(open(known({ knownHostsFile: hosts })).head(never), isFault('misconfigured', /known hosts/));
    writeFileSync(hosts, '');
    await rejects(open(known({ knownHostsFile: hosts })).head(never), isFault('misconfigured', /known hosts/));
    const other = readFileSync(`${server.keyFile}.pub`, 'utf8');
    writeFileSync(hosts, `[127.0.0.1]:${server.port} ${other}`);
    await rejects(open(known({ knownHostsFile: hosts })).head(never), isFault('misconfigured', /known hosts/));
    equal(readFileSync(hosts, 'utf8'), `[127.0.0.1]:${server.port} ${other}`, 'and nothing is added to the list');
  });

  test('repository: one that is not there is missing, never empty', async () => {
    await rejects(open(known(), `${server.url}/no/such`).head(never), isFault('missing'));
  });
});
