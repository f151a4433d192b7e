/** Each forge's own words: requests and answers as its API description has them. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { Forge, ForgeStatus } from '../../../src/edge/forge/forge.ts';
import { openForge } from '../../../src/edge/forge/open.ts';
import { type ForgeKind, forgePlace, type GivenPlace } from '../../../src/edge/forge/place.ts';
import { handClock } from '../../builder/clock.ts';
import { type Recorded, recordedNet } from './recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'landfall-forge-'));
after(() => rmSync(folder, { recursive: true }));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'tok-1\n');

const sha = 'a'.repeat(40);
const never = new AbortController().signal;
const addresses = {
  github: 'git@github.com:team/fleet.git',
  gitlab: 'https://gitlab.example.com/group/sub/fleet.git',
  gitea: 'https://git.example.com/team/fleet',
  forgejo: 'https://git.example.com/team/fleet',
} as const;
const authorization = {
  github: 'Bearer tok-1',
  gitlab: 'Bearer tok-1',
  gitea: 'token tok-1',
  forgejo: 'token tok-1',
} as const;
type Kind = keyof typeof addresses;

function opened(kind: Kind, exchanges: readonly Recorded[], apiURL?: string) {
  const net = recordedNet(exchanges, authorization[kind]);
  const clock = handClock();
  const spent: number[] = [];
  const place = forgePlace(kind, addresses[kind], { apiURL })!;
  const settings = {
    ...place,
    kind,
    auth: { kind: 'token', tokenFile } as const,
    caFile: undefined,
    proxyURL: undefined,
    version: '1',
  };
  const forge = openForge(settings, { net, clock, onSpent: (durationMs) => void spent.push(durationMs) });
  return { forge, net, clock, spent };
}

const pending: ForgeStatus = { name: 'landfall/shop/web', state: 'pending', text: '0/3 ok' };
const error: ForgeStatus = { name: 'landfall/shop/web', state: 'error', text: 'superseded by abc' };

const github = `https://api.github.com/repos/team/fleet`;
const gitlab = 'https://gitlab.example.com/api/v4/projects/group%2Fsub%2Ffleet';
const gitea = 'https://git.example.com/api/v1/repos/team/fleet';

type Case = {
  readonly name: string;
  readonly kind: Kind;
  readonly exchanges: readonly Recorded[];
  readonly act: (forge: Forge) => Promise<unknown>;
  readonly result: unknown;
};

const cases: readonly Case[] = [
  {
    name: 'github takes a status',
    kind: 'github',
    exchanges: [
      {
        method: 'POST',
        url: `${github}/statuses/${sha}`,
        body: { state: 'pending', description: '0/3 ok', context: 'landfall/shop/web' },
        status: 201,
        answer: { id: 1, state: 'pending', context: 'landfall/shop/web' },
      },
    ],
    act: (forge) => forge.post(sha, pending, never),
    result: 'taken',
  },
  {
    name: 'github has taken a thousand: that is an end',
    kind: 'github',
    exchanges: [
      {
        method: 'POST',
        url: `${github}/statuses/${sha}`,
        status: 422,
        answer: {
          message: 'Validation Failed',
          errors: [
            {
              resource: 'Status',
              code: 'custom',
              message: 'This SHA and context has reached the maximum number of statuses.',
            },
          ],
        },
      },
    ],
    act: (forge) => forge.post(sha, pending, never),
    result: 'full',
  },
  {
    name: 'github does not have the commit',
    kind: 'github',
    exchanges: [
      {
        method: 'POST',
        url: `${github}/statuses/${sha}`,
        status: 422,
        answer: { message: `No commit found for SHA: ${sha}` },
      },
    ],
    act: (forge) => forge.post(sha, pending, never),
    result: 'gone',
  },
  {
    name: 'github lists the newest of each name, page after page',
    kind: 'github',
    exchanges: [
      {
        method: 'GET',
        url: `${github}/commits/${sha}/status?per_page=100&page=1`,
        status: 200,
        answer: {
          state: 'pending',
          total_count: 101,
          statuses: Array.from({ length: 100 }, (_, index) => ({
            context: `ci/${index}`,
            state: 'success',
            description: null,
          })),
        },
      },
      {
        method: 'GET',
        url: `${github}/commits/${sha}/status?per_page=100&page=2`,
        status: 200,
        answer: {
          total_count: 101,
          statuses: [{ context: 'landfall/shop/web', state: 'pending', description: '0/3 ok' }],
        },
      },
    ],
    act: async (forge) => (await forge.read(sha, never)).at(-1),
    result: pending,
  },
  {
    name: 'gitlab takes a status; what is an error is canceled',
    kind: 'gitlab',
    exchanges: [
      {
        method: 'POST',
        url: `${gitlab}/statuses/${sha}`,
        body: { state: 'canceled', description: 'superseded by abc', name: 'landfall/shop/web' },
        status: 201,
        answer: { id: 7, sha, status: 'canceled', name: 'landfall/shop/web' },
      },
    ],
    act: (forge) => forge.post(sha, error, never),
    result: 'taken',
  },
  {
    name: 'gitlab is in that state already',
    kind: 'gitlab',
    exchanges: [
      {
        method: 'POST',
        url: `${gitlab}/statuses/${sha}`,
        status: 400,
        answer: {
          message:
            'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")',
        },
      },
    ],
    act: (forge) => forge.post(sha, pending, never),
    result: 'same',
  },
  {
    name: 'gitlab does not have the commit',
    kind: 'gitlab',
    exchanges: [
      { method: 'POST', url: `${gitlab}/statuses/${sha}`, status: 404, answer: { message: '404 Commit Not Found' } },
    ],
    act: (forge) => forge.post(sha, pending, never),
    result: 'gone',
  },
  {
    name: 'gitlab lists jobs in any order; the newest of a name comes last',
    kind: 'gitlab',
    exchanges: [
      {
        method: 'GET',
        url: `${gitlab}/repository/commits/${sha}/statuses?per_page=100&page=1`,
        status: 200,
        answer: [
          { id: 9, status: 'canceled', name: 'landfall/shop/web', description: 'superseded by abc' },
          { id: 8, status: 'pending', name: 'landfall/shop/web', description: '0/3 ok' },
        ],
      },
    ],
    act: (forge) => forge.read(sha, never),
    result: [pending, error],
  },
  {
    name: 'gitea says null where there is none, and nothing in other versions',
    kind: 'forgejo',
    exchanges: [
      { method: 'GET', url: `${gitea}/commits/${sha}/status?limit=50&page=1`, status: 200, answer: { statuses: null } },
      { method: 'GET', url: `${gitea}/commits/${sha}/status?limit=50&page=1`, status: 200 },
    ],
    act: async (forge) => [await forge.read(sha, never), await forge.read(sha, never)],
    result: [[], []],
  },
];

for (const { name, kind, exchanges, act, result } of cases)
  test(`forge: ${name}`, async () => {
    const { forge, net } = opened(kind, exchanges);
    deepEqual(await act(forge), result);
    equal(net.left(), 0);
  });

const start = handClock().nowMs();
const refusals = [
  { name: '401', status: 401, fault: 'unauthenticated' },
  { name: '403', status: 403, fault: 'forbidden' },
  { name: '404', status: 404, answer: { message: 'Not Found' }, fault: 'missing' },
  { name: '409', status: 409, fault: 'stale' },
  { name: '422 of another kind', status: 422, answer: { message: 'Validation Failed' }, fault: 'protocol' },
  { name: '500', status: 500, fault: 'serverError' },
  { name: 'a page to log in', status: 200, answer: '<html>', fault: 'protocol' },
  { name: 'a redirect', status: 301, fault: 'misconfigured' },
  { name: '429 with a time', status: 429, headers: { 'retry-after': '90' }, fault: 'throttled', restMs: 90_000 },
  {
    name: '403 of a limit that is spent',
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(start / 1_000 + 600) },
    fault: 'throttled',
    restMs: 600_000,
  },
  {
    name: '403 of the second limit, without a time',
    status: 403,
    answer: { message: 'You have exceeded a secondary rate limit.' },
    fault: 'throttled',
    restMs: 60_000,
  },
] as const;

for (const { name, status, fault, ...more } of refusals)
  test(`forge: ${name} is ${fault}`, async () => {
    const { forge, spent } = opened('github', [{ method: 'POST', url: `${github}/statuses/${sha}`, status, ...more }]);
    await rejects(forge.post(sha, pending, never), (error) => {
      equal(error instanceof FaultError && error.fault.kind, fault);
      equal(String(error).includes('tok-1'), false);
      return true;
    });
    equal(spent.at(-1), 'restMs' in more ? more.restMs : undefined);
  });

test('forge: the last post of a limit is taken, and then the credential rests', async () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(start / 1_000 + 30) };
  const { forge, spent } = opened('github', [
    { method: 'POST', url: `${github}/statuses/${sha}`, status: 201, headers },
  ]);
  equal(await forge.post(sha, pending, never), 'taken');
  deepEqual(spent, [30_000]);
});

test('forge: a token goes nowhere over http', async () => {
  const { forge } = opened('gitea', [], 'http://git.example.com/api/v1');
  await rejects(forge.post(sha, pending, never), /misconfigured/);
});

const places: readonly (readonly [ForgeKind, string, GivenPlace, string | undefined])[] = [
  ['github', 'https://github.com/team/fleet.git', {}, 'https://api.github.com team/fleet'],
  ['github', 'ssh://git@github.example.com:2222/team/fleet.git', {}, 'https://github.example.com/api/v3 team/fleet'],
  ['gitlab', 'git@gitlab.com:group/sub/fleet.git', {}, 'https://gitlab.com/api/v4 group/sub/fleet'],
  ['gitea', 'http://127.0.0.1:3000/team/fleet.git', {}, 'http://127.0.0.1:3000/api/v1 team/fleet'],
  ['forgejo', 'https://example.com/git/team/fleet', {}, 'https://example.com/git/api/v1 team/fleet'],
  [
    'gitea',
    '/srv/fleet.git',
    { apiURL: 'https://git.example.com/api/v1/', project: 'a/b' },
    'https://git.example.com/api/v1 a/b',
  ],
  ['gitea', '/srv/fleet.git', { project: 'a/b' }, undefined],
  ['github', 'https://github.com/fleet', {}, undefined],
  ['github', 'https://github.com/team/..', {}, undefined],
  ['github', 'https://github.com/team/fleet', { project: 'a/b?c' }, undefined],
  ['github', 'https://github.com/team/fl%2e%2e%2fx', {}, undefined],
  ['bitbucket', 'https://user@bitbucket.org/team/fleet.git', {}, 'https://api.bitbucket.org/2.0 team/fleet'],
  ['bitbucket', 'ssh://git@altssh.bitbucket.org:443/team/fleet.git', {}, 'https://api.bitbucket.org/2.0 team/fleet'],
  ['bitbucket', 'https://mirror.example.com/team/fleet', {}, undefined],
  ['bitbucket-server', 'https://git.example.com/scm/OPS/fleet.git', {}, 'https://git.example.com/rest OPS/fleet'],
  ['bitbucket-server', 'https://example.com/git/scm/~anna/fleet.git', {}, 'https://example.com/git/rest ~anna/fleet'],
  ['bitbucket-server', 'ssh://git@git.example.com:7999/ops/fleet.git', {}, 'https://git.example.com/rest ops/fleet'],
  [
    'azure-devops',
    'https://org@dev.azure.com/org/Big%20Shop/_git/fleet',
    {},
    'https://dev.azure.com/org Big Shop/fleet',
  ],
  ['azure-devops', 'https://dev.azure.com/org/_git/fleet', {}, 'https://dev.azure.com/org fleet/fleet'],
  ['azure-devops', 'git@ssh.dev.azure.com:v3/org/shop/fleet', {}, 'https://dev.azure.com/org shop/fleet'],
  ['azure-devops', 'https://org.visualstudio.com/shop/_git/fleet', {}, 'https://org.visualstudio.com shop/fleet'],
  [
    'azure-devops',
    'https://tfs.example.com/tfs/main/shop/_git/fleet',
    {},
    'https://tfs.example.com/tfs/main shop/fleet',
  ],
  ['azure-devops', 'https://dev.azure.com/org/shop', {}, undefined],
  ['azure-devops', 'https://dev.azure.com/org/..%2fx/_git/fleet', {}, undefined],
];

for (const [kind, url, given, expected] of places)
  test(`forgePlace: ${kind} at ${url} ${JSON.stringify(given)}`, () => {
    const place = forgePlace(kind, url, given);
    equal(place === undefined ? undefined : `${place.apiURL} ${place.project}`, expected);
  });
