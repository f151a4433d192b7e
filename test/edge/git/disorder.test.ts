/** Servers that misbehave: each is a fault that says whose turn it is, and what was readable stays so. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { FaultError, type FaultKind } from '../../../src/core/model/fault.ts';
import { type CommitSha, repositoryId } from '../../../src/core/model/id.ts';
import type { GitProcesses } from '../../../src/edge/git/processes.ts';
import type { GitCredentials, GitSettings } from '../../../src/edge/git/settings.ts';
import { type GitServer, serveGit } from '../../../src/sandbox/serve-git.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { testCertificate } from '../../builder/certificate.ts';
import { faultIn, isFault } from '../../builder/fault.ts';
import { type Disorder, type DisorderedServer, disorderBefore } from '../../builder/git-disorder.ts';
import { type BuiltRepository, repositoryIn } from '../../builder/git-repository.ts';
import { inThisProcess, openForTest, type Scratch, scratch, testLimits } from '../../builder/git-work.ts';
import { serveTCP } from '../../builder/server.ts';

const never = new AbortController().signal;
/** The three ways in turn, or each of eight bits. */
function spoiledAt(atByte: number, way: number, bit: number): Disorder {
  if (way === 0) return { kind: 'cut', atByte };
  return way === 1 ? { kind: 'truncate', atByte } : { kind: 'flip', atByte, bit };
}

const isFull = process.env.LANDFALL_SWEEP === 'full';
const transports = ['isomorphic', 'native'] as const;
/** Of servers that are to be given up: patient enough for a machine that is busy with other tests. */
const hasty = { ...testLimits, connectTimeoutMs: 1_000, requestTimeoutMs: 6_000, lowSpeedWindowMs: 2_000 };

type Row = {
  readonly name: string;
  readonly disorder: Disorder;
  readonly kind: FaultKind;
  readonly detail?: RegExp;
  /** What a fetch is answered with, where it differs: git says less. */
  readonly native?: FaultKind;
  /** Told apart by the same table as another row. */
  readonly isLike?: true;
};
const rows: readonly Row[] = [
  { name: '401', disorder: { kind: 'status', status: 401 }, kind: 'unauthenticated' },
  {
    name: "203, a forge's sign-in page",
    disorder: { kind: 'status', status: 203 },
    kind: 'unauthenticated',
    native: 'protocol',
  },
  { name: '403', disorder: { kind: 'status', status: 403 }, isLike: true, kind: 'forbidden' },
  { name: '404, never an empty repository', disorder: { kind: 'status', status: 404 }, kind: 'missing' },
  { name: '410', disorder: { kind: 'status', status: 410 }, isLike: true, kind: 'missing' },
  { name: '429', disorder: { kind: 'status', status: 429 }, isLike: true, kind: 'throttled' },
  { name: '500', disorder: { kind: 'status', status: 500 }, kind: 'serverError' },
  { name: '503', disorder: { kind: 'status', status: 503 }, isLike: true, kind: 'serverError' },
  { name: 'a web page', disorder: { kind: 'html' }, kind: 'protocol' },
  {
    name: 'silence',
    disorder: { kind: 'silent' },
    kind: 'unreachable',
    detail: /not done within|bytes a second|left in the middle/,
  },
  { name: 'a byte now and then', disorder: { kind: 'slow' }, kind: 'unreachable' },
];

suite('a server that misbehaves', () => {
  let place: Scratch;
  let server: GitServer;
  let front: DisorderedServer;
  let processes: GitProcesses;
  let made = 0;

  before(async () => {
    place = scratch();
    server = await serveGit({ root: place.path('server') });
    front = await disorderBefore(server.url);
    processes = inThisProcess();
  });
  after(async () => {
    processes.close();
    await front.close();
    await server.close();
    place.close();
  });

  const create = async (): Promise<{ built: BuiltRepository; path: string }> => {
    const name = `repository-${++made}`;
    const { folder } = await server.createRepository(name);
    front.set({ kind: 'none' });
    return { built: repositoryIn(folder), path: `/${name}.git` };
  };
  const open = (path: string, settings: Partial<GitSettings> = {}): GitRepository =>
    openForTest({ url: front.url + path, cacheFolder: place.path('cache'), ...settings }, processes);
  const textOf = async (git: GitRepository, commit: CommitSha): Promise<string> => {
    const [file] = await git.files(commit, never);
    const [blob] = await git.blobs([file?.oid ?? ''], never);
    return blob?.kind === 'bytes' ? Buffer.from(blob.bytes).toString('utf8') : '';
  };

  for (const transport of transports) {
    for (const { name, disorder, kind, detail, native, isLike } of rows) {
      const isExtra = transport === 'native' && isLike === true && !isFull;
      test(`${transport}: ${name}`, { skip: isExtra && 'LANDFALL_SWEEP=full runs it' }, async () => {
        const { built, path } = await create();
        const isSlow = disorder.kind === 'silent' || disorder.kind === 'slow';
        const git = open(path, { transport, limits: isSlow ? hasty : testLimits });
        const good = built.commit({ a: 'good' });
        await git.head(never);
        await git.fetch(good, never);
        const next = built.commit({ a: 'next' });
        front.set(disorder);
        await rejects(git.head(never), isFault(kind, detail));
        const wanted = transport === 'native' ? (native ?? kind) : kind;
        await rejects(git.fetch(next, never), isFault(wanted));
        equal(await textOf(git, good), 'good');
        front.set({ kind: 'none' });
        deepEqual(await git.head(never), { kind: 'commit', commit: next });
        await git.fetch(next, never);
        equal(await textOf(git, next), 'next');
      });
    }

    test(`${transport}: a server of before 2018`, async () => {
      const { built, path } = await create();
      front.set({ kind: 'version0' });
      const git = open(path, { transport });
      deepEqual(await git.head(never), { kind: 'emptyRepository' });
      const commit = built.commit({ a: '1' }, { branch: 'main2' });
      deepEqual(await git.head(never), { kind: 'branchMissing' });
      built.git('update-ref', 'refs/heads/main', commit);
      deepEqual(await git.head(never), { kind: 'commit', commit });
      await git.fetch(commit, never);
      equal(await textOf(git, commit), '1');
      const whole = open(path, { transport, branch: undefined });
      deepEqual(await whole.head(never), { kind: 'commit', commit });
    });

    test(`${transport}: one that hands out no commit by its SHA is asked for the branch, and a little history`, async () => {
      const { built, path } = await create();
      front.set({ kind: 'version0' });
      built.git('config', 'uploadpack.allowAnySHA1InWant', 'false');
      const first = built.commit({ a: 'first' });
      for (let index = 0; index < 5; index += 1) built.commit({ a: `${index}` });
      const git = open(path, { transport });
      const head = await git.head(never);
      ok(head.kind === 'commit');
      await git.fetch(head.commit, never);
      await git.fetch(first, never);
      equal(await textOf(git, first), 'first');
      const lost = built.commit({ a: 'lost' }, { branch: 'gone' });
      built.git('update-ref', '-d', 'refs/heads/gone');
      await rejects(git.fetch(lost, never), isFault('missing'));
      built.commit({ a: 'between' });
      const between = built.git('rev-parse', 'main');
      const moved = built.commit({ a: 'moved on' });
      const seen = await git.head(never);
      deepEqual(seen, { kind: 'commit', commit: moved });
      await git.fetch(between as CommitSha, never);
      equal(await textOf(git, between as CommitSha), 'between');
    });

    test(`${transport}: credentials are read again for each attempt, and asked for by 401 alone`, async () => {
      const guarded = await serveGit({
        root: place.path('server'),
        auth: { username: 'ann', password: 's3cret-token' },
      });
      try {
        const { built, path } = await create();
        const commit = built.commit({ a: '1' });
        const file = place.path(`token-${transport}`);
        const credentials: GitCredentials = { kind: 'basic', username: 'ann', password: { kind: 'file', path: file } };
        const git = openForTest(
          { url: guarded.url + path, cacheFolder: place.path('cache'), transport, credentials },
          processes,
        );
        await rejects(git.head(never), isFault('misconfigured', /token-/));
        writeFileSync(file, 'old-token\n');
        const fault = await faultIn(git.head(never));
        equal(fault.kind, 'unauthenticated');
        ok(!fault.detail.includes('old-token'));
        await rejects(git.fetch(commit, never), isFault('unauthenticated'));
        writeFileSync(file, 's3cret-token\n');
        deepEqual(await git.head(never), { kind: 'commit', commit });
        await git.fetch(commit, never);
        equal(await textOf(git, commit), '1');
        await git.writeNotes('refs/notes/landfall', new Map([[commit, 'fine']]), never);
        equal(built.git('notes', '--ref=landfall', 'show', commit), 'fine');
      } finally {
        await guarded.close();
      }
    });

    test(`${transport}: a redirect to another host is not followed, and no token is shown there`, async () => {
      const { built, path } = await create();
      const commit = built.commit({ a: '1' });
      const elsewhere = await disorderBefore(server.url);
      try {
        const password = { kind: 'source', read: async () => 'canary' } as const;
        const git = open(path, { transport, credentials: { kind: 'basic', username: '', password } });
        for (const status of [301, 302, 307, 308]) {
          front.set({ kind: 'redirect', status, to: elsewhere.url });
          await rejects(git.head(never), isFault('misconfigured', /redirects/));
          await rejects(git.fetch(commit, never), isFault('misconfigured', /redirects/));
        }
        equal(elsewhere.seen.length, 0);
        ok(front.seen.at(-1)?.authorization?.startsWith('Basic '));
      } finally {
        await elsewhere.close();
      }
    });

    test(`${transport}: a pack that is cut, cut short or flipped at any point never becomes a commit`, async () => {
      const { built, path } = await create();
      for (let index = 0; index < 4; index += 1)
        built.commit({ a: `${index}`, b: 'same'.repeat(50), [`c${index}/d`]: `${index * 7}` });
      const base = built.git('rev-parse', 'main') as CommitSha;
      const target = built.commit({ a: 'target', b: `${'same'.repeat(50)}.`, 'e/f/g': 'new' });
      const id = repositoryId(`sweep-${transport}`);
      const copy = (name: string): GitRepository => open(path, { transport, id, cacheFolder: place.path(name) });
      const increase = async (git: GitRepository): Promise<void> => {
        await git.head(never);
        await git.fetch(target, never);
      };
      const start = copy('sweep-start');
      await start.head(never);
      built.git('update-ref', 'refs/heads/main', base);
      await start.head(never);
      await start.fetch(base, never);
      await start.close();
      built.git('update-ref', 'refs/heads/main', target);
      front.remember(true);
      cpSync(place.path('sweep-start'), place.path('sweep-probe'), { recursive: true });
      const probe = copy('sweep-probe');
      await increase(probe);
      await probe.close();
      const length = front.packBytes();
      ok(length > 200, `${length} bytes`);

      const points = isFull ? length * 10 : transport === 'isomorphic' ? 120 : 9;
      let refused = 0;
      for (let point = 0; point < points; point += 1) {
        const atByte = isFull ? Math.floor(point / 10) : Math.floor(((point + 0.5) * length) / points);
        const way = isFull ? point % 10 : point % 3;
        const disorder = spoiledAt(atByte, way, isFull ? way - 2 : (point * 5) % 8);
        // A copy of its own, or what the first attempt left would heal the second.
        const name = `sweep-${transport}-${point}`;
        cpSync(place.path('sweep-start'), place.path(name), { recursive: true });
        const git = copy(name);
        front.set(disorder);
        try {
          await increase(git);
        } catch (error) {
          ok(error instanceof FaultError, `${JSON.stringify(disorder)}: ${error}`);
          refused += 1;
          await rejects(git.files(target, never), isFault('missing'), JSON.stringify(disorder));
          equal((await git.files(base, never)).length, 6);
        }
        front.set({ kind: 'none' });
        await increase(git);
        equal((await git.files(target, never)).length, 7);
        equal(await textOf(git, target), 'target');
        await git.close();
        rmSync(place.path(name), { recursive: true });
      }
      front.remember(false);
      rmSync(place.path('sweep-start'), { recursive: true });
      rmSync(place.path('sweep-probe'), { recursive: true });
      // The others hit what carries no object, or were healed at once by a fresh copy.
      ok(refused > points / 5, `${refused} of ${points} refused`);
    });
  }

  test('isomorphic: a redirect on the same host is followed, and remembered', async () => {
    const { built, path } = await create();
    const commit = built.commit({ a: '1' });
    const git = open(path);
    front.set({ kind: 'redirect', status: 301, to: '/moved' });
    deepEqual(await git.head(never), { kind: 'commit', commit });
    const before = front.seen.length;
    deepEqual(await git.head(never), { kind: 'commit', commit });
    equal(front.seen.length, before + 1, 'one request, straight to the new place');
    await git.fetch(commit, never);
    equal(await textOf(git, commit), '1');
  });

  test('throttled: Retry-After in seconds or as a date, an hour at most, 503 too', async () => {
    const { path } = await create();
    const git = open(path);
    const waits: readonly (readonly [number, string, FaultKind, (ms: number | undefined) => boolean])[] = [
      [429, '7', 'throttled', (ms) => ms === 7_000],
      [503, '7', 'throttled', (ms) => ms === 7_000],
      [429, '999999', 'throttled', (ms) => ms === 3_600_000],
      [403, '5', 'throttled', (ms) => ms === 5_000],
      [
        429,
        new Date(Date.now() + 60_000).toUTCString(),
        'throttled',
        (ms) => ms !== undefined && ms > 50_000 && ms < 61_000,
      ],
      [429, 'soon', 'throttled', (ms) => ms === undefined],
    ];
    for (const [status, header, kind, isRight] of waits) {
      front.set({ kind: 'status', status, headers: { 'retry-after': header } });
      const fault = await faultIn(git.head(never));
      equal(fault.kind, kind);
      equal(fault.status, status);
      ok(isRight(fault.retryAfterMs), `${header}: ${fault.retryAfterMs}`);
    }
    front.set({ kind: 'status', status: 403, headers: { 'x-ratelimit-remaining': '0' } });
    equal((await faultIn(git.head(never))).kind, 'throttled');
  });

  test('head: one request of a few hundred bytes once the server is known', async () => {
    const { built, path } = await create();
    built.commit({ a: '1' });
    const git = open(path);
    await git.head(never);
    const before = front.seen.length;
    for (let poll = 0; poll < 3; poll += 1) await git.head(never);
    deepEqual(
      front.seen.slice(before).map(({ method, path: asked }) => `${method} ${asked}`),
      Array.from({ length: 3 }, () => `POST ${path}/git-upload-pack`),
    );
  });

  test('nobody there: a closed port, a name without an address, a connection that is never taken', async () => {
    const { path } = await create();
    const gone = await serveTCP(() => {});
    await gone.close();
    const mute = await serveTCP(() => {});
    try {
      for (const url of [gone.origin, 'http://no-such-host.invalid']) {
        const git = openForTest({ url: url + path, cacheFolder: place.path('cache'), limits: hasty }, processes);
        await rejects(git.head(never), isFault('unreachable'));
      }
      const secure = mute.origin.replace('http:', 'https:');
      const git = openForTest({ url: secure + path, cacheFolder: place.path('cache'), limits: hasty }, processes);
      await rejects(git.head(never), isFault('unreachable', /did not take the connection within 1000 ms/));
    } finally {
      await mute.close();
    }
  });

  test('https: only with a certificate that is trusted', async () => {
    const { built, path } = await create();
    const commit = built.commit({ a: '1' });
    const certificate = testCertificate({ name: 'git', hosts: ['127.0.0.1'] });
    const other = testCertificate({ name: 'other', hosts: ['127.0.0.1'] });
    const secure = await disorderBefore(server.url, certificate);
    const caFile = place.path('ca.pem');
    try {
      for (const transport of transports) {
        writeFileSync(caFile, other.ca);
        const settings = { url: secure.url + path, cacheFolder: place.path('cache'), transport };
        const trusting = openForTest({ ...settings, caFile }, processes);
        const plain = openForTest(settings, processes);
        for (const git of [plain, trusting]) {
          await rejects(git.head(never), isFault('misconfigured', /certificate/));
          await rejects(git.fetch(commit, never), isFault('misconfigured', /certificate/));
        }
        writeFileSync(caFile, certificate.ca);
        deepEqual(await trusting.head(never), { kind: 'commit', commit });
        await trusting.fetch(commit, never);
        equal(await textOf(trusting, commit), '1');
      }
    } finally {
      await secure.close();
    }
  });
});
