/** What is particular to one forge: limits, bodies that are cut short, copies of a repository, addresses. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { keyOf } from '../../../src/edge/forge/bitbucket.ts';
import type { ForgeStatus } from '../../../src/edge/forge/forge.ts';
import { openForge } from '../../../src/edge/forge/open.ts';
import { type ForgeKind, forgePlace } from '../../../src/edge/forge/place.ts';
import { handClock } from '../../builder/clock.ts';
import { head, never, pushed } from './contract/contract.ts';
import { type Recorded, recordedNet } from './recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'landfall-forge-'));
after(() => rmSync(folder, { recursive: true }));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'tok-1\n');

function opened(kind: ForgeKind, address: string, exchanges: readonly Recorded[]) {
  const place = forgePlace(kind, address, {});
  ok(place !== undefined);
  const net = recordedNet(exchanges, () => {});
  const auth = { kind: 'token', tokenFile } as const;
  const settings = { ...place, kind, auth, caFile: undefined, proxyURL: undefined, version: '1' };
  return { forge: openForge(settings, { net, clock: handClock(), onSpent: () => {} }), net };
}

const url = 'https://landfall.example.com/commits/fleet/a';
const said: ForgeStatus = { name: 'landfall/shop/web', state: 'error', text: 'superseded by abc', url };
const links: readonly { kind: ForgeKind; address: string; to: string; status?: number; body: object }[] = [
  {
    kind: 'github',
    address: 'https://github.com/team/fleet',
    to: `https://api.github.com/repos/team/fleet/statuses/${head}`,
    body: { context: said.name, state: 'error', description: said.text, target_url: url },
  },
  {
    kind: 'gitea',
    address: 'https://git.example.com/team/fleet',
    to: `https://git.example.com/api/v1/repos/team/fleet/statuses/${head}`,
    body: { context: said.name, state: 'error', description: said.text, target_url: url },
  },
  {
    kind: 'gitlab',
    address: 'https://gitlab.com/team/fleet',
    to: `https://gitlab.com/api/v4/projects/team%2Ffleet/statuses/${head}`,
    body: { name: said.name, state: 'canceled', description: said.text, target_url: url },
  },
  {
    kind: 'bitbucket',
    address: 'https://bitbucket.org/team/fleet',
    to: `https://api.bitbucket.org/2.0/repositories/team/fleet/commit/${head}/statuses/build`,
    body: { key: said.name, name: said.name, state: 'STOPPED', description: said.text, url },
  },
  {
    kind: 'bitbucket-server',
    address: 'https://git.example.com/scm/OPS/fleet.git',
    to: `https://git.example.com/rest/api/latest/projects/OPS/repos/fleet/commits/${head}/builds`,
    status: 204,
    body: { key: said.name, name: said.name, state: 'CANCELLED', description: said.text, url },
  },
  {
    kind: 'azure-devops',
    address: 'https://dev.azure.com/org/shop/_git/fleet',
    to: `https://dev.azure.com/org/shop/_apis/git/repositories/fleet/commits/${head}/statuses?api-version=6.0`,
    body: {
      state: 'error',
      description: said.text,
      context: { genre: 'landfall', name: 'shop/web' },
      targetUrl: url,
    },
  },
];

test('forges: a link that is longer than the forge takes costs the link, and not the status', async () => {
  const long = `https://landfall.example.com/commits/fleet/${'a'.repeat(500)}`;
  for (const [kind, own] of [
    ['gitlab', undefined],
    ['bitbucket-server', `https://git.example.com/projects/OPS/repos/fleet/commits/${head}`],
  ] as const) {
    const { address, to, status = 201, body } = links.find((each) => each.kind === kind)!;
    const { target_url: _target, url: _url, ...rest } = body as { target_url?: string; url?: string };
    const asked = own === undefined ? rest : { ...rest, url: own };
    const { forge } = opened(kind, address, [{ method: 'POST', url: to, body: asked, status }]);
    equal(await forge.post(head, { ...said, url: long }, never), 'taken', kind);
  }
});

for (const { kind, address, to, status = 201, body } of links)
  test(`forges: ${kind}: a status links to where a person reads more, and an error has a word of its own`, async () => {
    const { forge } = opened(kind, address, [{ method: 'POST', url: to, body, status }]);
    equal(await forge.post(head, said, never), 'taken');
  });

test('keyOf: a key is never too long, the same each time, and nobody else’s', () => {
  const long = `landfall/${'x'.repeat(60)}/web`;
  equal(keyOf('landfall/shop/web', 40), 'landfall/shop/web');
  equal(keyOf(long, 40).length, 40);
  equal(keyOf(long, 40), keyOf(long, 40));
  ok(keyOf(long, 40).endsWith('/web'), 'what differs most can still be read');
  equal(new Set([keyOf(long, 40), keyOf(`landfall/${'x'.repeat(61)}/web`, 40)]).size, 2);
});

const bitbucket = 'https://bitbucket.org/team/fleet';
const api = 'https://api.bitbucket.org/2.0/repositories';
const short = (number: number, source: object, commit: string) => ({
  id: number,
  title: 'x',
  description: '',
  state: 'OPEN',
  links: { html: { href: 'https://bitbucket.org/x' } },
  source: { branch: { name: 'x' }, commit: { hash: commit.slice(0, 12) }, ...source },
  destination: { branch: { name: 'main' }, repository: { uuid: '{1}' } },
});

test('forges: bitbucket: the head of a copy is asked for there, and one that is not shown is left out', async () => {
  const query = encodeURIComponent('state = "OPEN" AND destination.branch.name = "main"');
  const { forge, net } = opened('bitbucket', bitbucket, [
    {
      method: 'GET',
      url: `${api}/team/fleet/pullrequests?q=${query}&sort=created_on&pagelen=50&page=1`,
      status: 200,
      answer: {
        values: [
          short(1, { repository: { uuid: '{2}', full_name: 'anna/fleet' } }, head),
          short(2, { repository: { uuid: '{3}', full_name: 'secret/fleet' } }, pushed),
          short(3, { repository: null }, 'c'.repeat(40)),
        ],
      },
    },
    { method: 'GET', url: `${api}/anna/fleet/commit/${head.slice(0, 12)}`, status: 200, answer: { hash: head } },
    { method: 'GET', url: `${api}/secret/fleet/commit/${pushed.slice(0, 12)}`, status: 403 },
    { method: 'GET', url: `${api}/team/fleet/commit/cccccccccccc`, status: 404 },
  ]);
  const found = await forge.pullRequests.open('main', never);
  deepEqual(
    found.map(({ number, head: { commit, isForeign } }) => [number, commit, isForeign]),
    [[1, head, true]],
  );
  equal(net.left(), 0);
});

test('forges: bitbucket: a commit that is another than was asked for is no answer', async () => {
  const { forge } = opened('bitbucket', bitbucket, [
    {
      method: 'GET',
      url: `${api}/team/fleet/pullrequests/1`,
      status: 200,
      answer: short(1, { repository: { uuid: '{1}', full_name: 'team/fleet' } }, head),
    },
    { method: 'GET', url: `${api}/team/fleet/commit/${head.slice(0, 12)}`, status: 200, answer: { hash: pushed } },
  ]);
  await rejects(
    forge.pullRequests.get(1, never),
    (error) => error instanceof FaultError && error.fault.kind === 'protocol',
  );
});

test('forges: bitbucket: what was declined is not opened again', async () => {
  const { forge } = opened('bitbucket', bitbucket, []);
  await rejects(
    forge.pullRequests.edit(1, { state: 'open' }, never),
    (error) => error instanceof FaultError && error.fault.kind === 'invalid',
  );
});

const mergeRequest = 'https://gitlab.com/api/v4/projects/team%2Ffleet/merge_requests/7';
for (const { name, look, fault } of [
  { name: 'who may not merge is forbidden it', look: 200, fault: 'forbidden' },
  { name: 'a token that is not accepted is no permission that is missing', look: 401, fault: 'unauthenticated' },
] as const)
  test(`forges: gitlab: ${name}`, async () => {
    const answer = { iid: 7, state: 'opened', target_branch: 'main', sha: head };
    const { forge } = opened('gitlab', 'https://gitlab.com/team/fleet', [
      { method: 'PUT', url: `${mergeRequest}/merge`, status: 401, answer: { message: '401 Unauthorized' } },
      { method: 'GET', url: mergeRequest, status: look, answer },
    ]);
    await rejects(
      forge.pullRequests.merge(7, { head, message: 'x' }, never),
      (error) => error instanceof FaultError && error.fault.kind === fault,
    );
  });

test('forges: azure-devops: a body that a list cuts short is asked for whole', async () => {
  const home = 'https://dev.azure.com/org/shop/_apis/git/repositories/fleet';
  const whole = 'x'.repeat(1_000);
  const pull = (description: string) => ({
    pullRequestId: 7,
    title: 'x',
    description,
    status: 'active',
    sourceRefName: 'refs/heads/x',
    targetRefName: 'refs/heads/main',
    lastMergeSourceCommit: { commitId: head },
  });
  const { forge } = opened('azure-devops', 'https://dev.azure.com/org/shop/_git/fleet', [
    {
      method: 'GET',
      url: `${home}/pullrequests?searchCriteria.status=active&searchCriteria.targetRefName=refs%2Fheads%2Fmain&$top=100&$skip=0&api-version=6.0`,
      status: 200,
      answer: { value: [pull(whole.slice(0, 400))] },
    },
    { method: 'GET', url: `${home}/pullrequests/7?api-version=6.0`, status: 200, answer: pull(whole) },
  ]);
  deepEqual(
    (await forge.pullRequests.open('main', never)).map(({ body }) => body),
    [whole],
  );
});

test('forges: azure-devops: a page to log in is no answer', async () => {
  const { forge } = opened('azure-devops', 'https://dev.azure.com/org/shop/_git/fleet', [
    {
      method: 'GET',
      url: 'https://dev.azure.com/org/shop/_apis/git/repositories/fleet/pullrequests/7?api-version=6.0',
      status: 203,
      answer: '<html>',
    },
  ]);
  await rejects(
    forge.pullRequests.get(7, never),
    (error) => error instanceof FaultError && error.fault.kind === 'unauthenticated',
  );
});

test('forges: github: long lists come page after page, and one without an end is no list', async () => {
  const page = (number: number, count: number): Recorded => ({
    method: 'GET',
    url: `https://api.github.com/repos/team/fleet/pulls?state=open&base=main&sort=created&direction=asc&per_page=50&page=${number}`,
    status: 200,
    answer: Array.from({ length: count }, (_, index) => ({
      number: number * 100 + index,
      state: 'open',
      base: { ref: 'main', repo: { id: 1 } },
      // One that names no head takes its place in the page all the same.
      head: { ref: 'x', sha: index === 0 ? null : head, repo: { id: 1 } },
    })),
  });
  const { forge } = opened('github', 'https://github.com/team/fleet', [page(1, 50), page(2, 3)]);
  equal((await forge.pullRequests.open('main', never)).length, 51);
  const endless = Array.from({ length: 50 }, (_, index) => page(index + 1, 50));
  await rejects(
    opened('github', 'https://github.com/team/fleet', endless).forge.pullRequests.open('main', never),
    /more than 50 pages/,
  );
});
