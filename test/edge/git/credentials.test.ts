/** Credentials: for which addresses, and in which form. */
import { deepEqual, rejects } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { credentialFor } from '../../../src/edge/git/credentials.ts';
import type { SecretText } from '../../../src/edge/git/settings.ts';
import { parseGitURL } from '../../../src/edge/git/url.ts';
import { isFault } from '../../builder/fault.ts';
import { type Scratch, scratch } from '../../builder/git-work.ts';

const never = new AbortController().signal;
const https = parseGitURL('https://git.example.com/x');
const named = parseGitURL('https://ann@git.example.com/x');
const ssh = parseGitURL('git@git.example.com:x');
const local = parseGitURL('/srv/x');
const text = (value: string): SecretText => ({ kind: 'source', read: async () => value });
const basic = (username: string, value: string) => ({ kind: 'basic', username, password: text(value) }) as const;
const header = (value: string) => ({ kind: 'header', value }) as const;
const encoded = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

suite('credentialFor', () => {
  let place: Scratch;
  before(() => {
    place = scratch();
  });
  after(() => place.close());

  test('basic: the user of the settings, else of the address, else git', async () => {
    deepEqual(await credentialFor(https, basic('bot', 'pässword'), never), header(encoded('bot:pässword')));
    deepEqual(await credentialFor(named, basic('bot', 'p'), never), header(encoded('bot:p')));
    deepEqual(await credentialFor(named, basic('', 'p'), never), header(encoded('ann:p')));
    deepEqual(await credentialFor(https, basic('', 'p\n'), never), header(encoded('git:p')));
  });

  test('bearer: from a file, read each time', async () => {
    const path = place.path('token');
    const credentials = { kind: 'bearer', token: { kind: 'file', path } } as const;
    await rejects(credentialFor(https, credentials, never), isFault('misconfigured', /cannot read/));
    for (const token of ['one', 'two']) {
      writeFileSync(path, `${token}\n`);
      deepEqual(await credentialFor(https, credentials, never), header(`Bearer ${token}`));
    }
  });

  test('none: where there are none, and for a path', async () => {
    deepEqual(await credentialFor(https, { kind: 'none' }, never), { kind: 'none' });
    deepEqual(await credentialFor(local, basic('a', 'b'), never), { kind: 'none' });
  });

  test('refused: the wrong kind, an empty or odd secret, a password in the clear', async () => {
    const key = { kind: 'ssh', key: text('k'), knownHostsFile: '/x' } as const;
    await rejects(credentialFor(https, key, never), isFault('misconfigured'));
    await rejects(credentialFor(ssh, basic('a', 'b'), never), isFault('misconfigured'));
    for (const value of ['', ' \n', 'a\r\nhost: evil', 'a\u0000b', 'x'.repeat(100_000)]) {
      await rejects(credentialFor(https, basic('a', value), never), isFault('misconfigured'));
    }
    const clear = parseGitURL('http://git.example.com/x');
    await rejects(credentialFor(clear, basic('a', 'b'), never), isFault('misconfigured', /https/));
    deepEqual(await credentialFor(parseGitURL('http://127.0.0.1/x'), basic('a', 'b'), never), header(encoded('a:b')));
  });
});
