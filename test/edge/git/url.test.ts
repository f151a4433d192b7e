/** Addresses: the few kinds that are allowed. */
import { deepEqual, ok, throws } from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { isRefName } from '../../../src/edge/git/local/ref-name.ts';
import { type GitURL, parseGitURL } from '../../../src/edge/git/url.ts';
import { isFault } from '../../builder/fault.ts';

const http = (url: string, username?: string, isLoopback = false): GitURL => ({
  kind: 'http',
  url,
  username,
  isLoopback,
});

const allowed: readonly (readonly [string, GitURL])[] = [
  ['https://git.example.com/shop/deploy.git', http('https://git.example.com/shop/deploy.git')],
  ['https://git.example.com/shop/deploy/', http('https://git.example.com/shop/deploy')],
  ['HTTPS://Git.Example.com:8443/x', http('https://git.example.com:8443/x')],
  ['https://ann%40example.com@dev.azure.com/o/p/_git/r', http('https://dev.azure.com/o/p/_git/r', 'ann@example.com')],
  ['http://127.0.0.1:3000/x.git', http('http://127.0.0.1:3000/x.git', undefined, true)],
  ['http://[::1]:3000/x.git', http('http://[::1]:3000/x.git', undefined, true)],
  ['http://localhost/x', http('http://localhost/x', undefined, true)],
  ['http://localhost.example.com/x', http('http://localhost.example.com/x')],
  ['https://h/%2e%2e/x', http('https://h/x')],
  ['ssh://git@git.example.com/shop/deploy.git', { kind: 'ssh', url: 'ssh://git@git.example.com/shop/deploy.git' }],
  ['ssh://git@git.example.com:2222/x', { kind: 'ssh', url: 'ssh://git@git.example.com:2222/x' }],
  ['git@git.example.com:shop/deploy.git', { kind: 'ssh', url: 'git@git.example.com:shop/deploy.git' }],
  ['deploy-bot@git.example.com:/srv/x', { kind: 'ssh', url: 'deploy-bot@git.example.com:/srv/x' }],
  ['/srv/git/x.git', { kind: 'local', path: '/srv/git/x.git' }],
  ['./x y', { kind: 'local', path: resolve('x y') }],
  ['..', { kind: 'local', path: resolve('..') }],
  ['file:///srv/git/x.git', { kind: 'local', path: '/srv/git/x.git' }],
  ['file://localhost/srv/a%20b', { kind: 'local', path: '/srv/a b' }],
];
for (const [text, expected] of allowed) {
  test(`parseGitURL: ${text}`, () => deepEqual(parseGitURL(text), expected));
}

const refused = [
  '',
  'deploy',
  'shop/deploy.git',
  '-uhttps://x/y',
  '--upload-pack=/bin/sh',
  'ext::sh -c id',
  'ext::sh%20-c%20id',
  'fd::17/x',
  'git://git.example.com/x',
  'ftp://git.example.com/x',
  'rsync://git.example.com/x',
  'javascript:alert(1)',
  'https://',
  'https:///x',
  'https:\\\\host\\x',
  'https://host\\@other/x',
  'https://@host/x',
  'https://h ost/x',
  'https://host/x\nhost: y',
  'https://host/x\r',
  'https://host/x\u0000',
  'https://host/x?service=y',
  'https://host/x#y',
  'https://ann:s3cret@host/x',
  'ssh://-oProxyCommand=id/x',
  'ssh://git@-oProxyCommand=id/x',
  'ssh://-l@host/x',
  'ssh://git:s3cret@host/x',
  'ssh://git@host',
  'ssh://git@host/',
  'ssh://git@host/-x',
  'ssh://git@ho%73t/x',
  'ssh://git@host;id/x',
  'git@-host:x',
  '-git@host:x',
  'git@host:-x',
  'git@host:',
  'git@ho st:x',
  'git@host$(id):x',
  'file://other/srv/x',
  'file:///srv/a%2Fb',
  '/srv/a\u0000b',
  './a\nb',
  `https://host/${'x'.repeat(5000)}`,
];
for (const text of refused) {
  test(`parseGitURL: refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
    throws(() => parseGitURL(text), isFault('misconfigured')));
}

test('parseGitURL: a password is not repeated', () => {
  throws(
    () => parseGitURL('https://ann:s3cret@host/x'),
    (error) => error instanceof FaultError && !error.message.includes('s3cret'),
  );
});

test('isRefName: as git-check-ref-format says', () => {
  for (const name of [
    'refs/heads/main',
    'refs/heads/feature/x',
    'refs/heads/ß',
    'refs/heads/__proto__',
    'refs/heads/a.b@c',
  ]) {
    ok(isRefName(name), name);
  }
  const bad = [
    'main',
    'refs/heads/',
    'refs//x',
    'refs/heads/../x',
    'refs/heads/.x',
    'refs/heads/x.lock',
    'refs/heads/x.',
  ];
  const odd = [
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a:b',
    'refs/heads/a\\b',
    'refs/heads/@{x',
    'refs/heads/-x',
  ];
  for (const name of [...bad, ...odd, 'refs/heads/a\u0007', `refs/${'x'.repeat(2000)}`]) ok(!isRefName(name), name);
});
