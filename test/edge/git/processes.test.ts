/** Processes that work for repositories: one for each while it works, and what one does harms no other. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { type GitProcesses, gitProcesses } from '../../../src/edge/git/processes.ts';
import type { GitSettings } from '../../../src/edge/git/settings.ts';
import { type GitServer, serveGit } from '../../../src/sandbox/serve-git.ts';
import type { Clock } from '../../../src/seam/clock.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { type DisorderedServer, disorderBefore } from '../../builder/git-disorder.ts';
import { type BuiltRepository, repositoryIn } from '../../builder/git-repository.ts';
import { openForTest, type Scratch, scratch, testLimits } from '../../builder/git-work.ts';

const never = new AbortController().signal;
const MiB = 1024 * 1024;

/** The programs of git processes that run below this one. */
function running(): readonly string[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.filter((pid) => pid !== '' && commandOf(pid).includes('git-process'));
}
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1_000 && !holds(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  ok(holds());
}

suite('git processes', { skip: process.platform !== 'linux' && 'counts processes in /proc' }, () => {
  let place: Scratch;
  let server: GitServer;
  let front: DisorderedServer;
  let made = 0;

  before(async () => {
    place = scratch();
    server = await serveGit({ root: place.path('server') });
    front = await disorderBefore(server.url);
  });
  after(async () => {
    await front.close();
    await server.close();
    place.close();
  });

  const create = async (): Promise<{ built: BuiltRepository; path: string }> => {
    const name = `repository-${++made}`;
    const { folder } = await server.createRepository(name);
    return { built: repositoryIn(folder), path: `/${name}.git` };
  };
  const withProcesses = async (
    settings: { readonly processesMax: number; readonly clock?: Clock },
    run: (processes: GitProcesses, open: (url: string, more?: Partial<GitSettings>) => GitRepository) => Promise<void>,
  ): Promise<void> => {
    const deps = { clock: settings.clock ?? systemClock, log: silentLog };
    const processes = gitProcesses({ processesMax: settings.processesMax, idleMs: 60_000 }, deps);
    try {
      await run(processes, (url, more) => openForTest({ url, cacheFolder: place.path('cache'), ...more }, processes));
    } finally {
      processes.close();
      await until(() => running().length === 0);
    }
  };

  test('a poll needs no process; work has one, which stays until it was idle for long', async () => {
    const { built, path } = await create();
    const commit = built.commit({ a: '1', 'b/c': '2' });
    const clock = handClock();
    await withProcesses({ processesMax: 2, clock }, async (_processes, open) => {
      const git = open(server.url + path);
      deepEqual(await git.head(never), { kind: 'commit', commit });
      equal(running().length, 0);
      await git.fetch(commit, never);
      equal((await git.files(commit, never)).length, 2);
      equal(running().length, 1);
      await clock.advance(59_000);
      equal(running().length, 1);
      await clock.advance(1_000);
      await until(() => running().length === 0);
      equal((await git.files(commit, never)).length, 2, 'the local copy is still there, and checked again');
      await git.close();
      await until(() => running().length === 0);
    });
  });

  test('one repository waits for a silent server; another works meanwhile', async () => {
    const [stuck, free] = [await create(), await create()];
    const commit = stuck.built.commit({ a: '1' });
    const other = free.built.commit({ b: '2' });
    await withProcesses({ processesMax: 2 }, async (_processes, open) => {
      front.set({ kind: 'silent' });
      const controller = new AbortController();
      const waiting = open(front.url + stuck.path).fetch(commit, controller.signal);
      const git = open(server.url + free.path);
      await git.fetch(other, never);
      equal((await git.files(other, never)).length, 1);
      equal(running().length, 2);
      const reason = new Error('enough');
      controller.abort(reason);
      await rejects(waiting, (error) => error === reason);
      front.set({ kind: 'none' });
    });
  });

  test('a repository that needs too much memory fails alone, and so does one that takes too long', async () => {
    const [bomb, slow, free] = [await create(), await create(), await create()];
    const huge = bomb.built.object('blob', Buffer.alloc(150 * MiB, 'a'));
    const bad = bomb.built.commitTree(bomb.built.tree([['100644', 'bomb', huge]]));
    const late = slow.built.commit({ a: '1' });
    const good = free.built.commit({ b: '2' });
    await withProcesses({ processesMax: 3 }, async (_processes, open) => {
      front.set({ kind: 'silent' });
      const small = open(server.url + bomb.path, { limits: { ...testLimits, memoryBytesMax: 150 * MiB } });
      const hasty = open(front.url + slow.path, { limits: { ...testLimits, workTimeoutMs: 700 } });
      const git = open(server.url + free.path);
      await Promise.all([
        rejects(small.fetch(bad, never), isFault('misconfigured', /memory/)),
        rejects(hasty.fetch(late, never), isFault('unreachable', /not done within 700 ms/)),
        git.fetch(good, never),
      ]);
      equal((await git.files(good, never)).length, 1);
      front.set({ kind: 'none' });
      await rejects(small.files(bad, never), isFault('missing'));
    });
  });

  test('more repositories than processes: each gets its turn, and one that gave up waits no longer', async () => {
    const rows = [await create(), await create(), await create()];
    const commits = rows.map(({ built }, index) => built.commit({ a: `${index}` }));
    await withProcesses({ processesMax: 1 }, async (_processes, open) => {
      const [first, second, third] = rows.map(({ path }, index) => open((index === 0 ? front.url : server.url) + path));
      ok(first !== undefined && second !== undefined && third !== undefined);
      front.set({ kind: 'silent' });
      const controller = new AbortController();
      const holding = first.fetch(commits[0]!, controller.signal);
      await until(() => running().length === 1);
      const leaving = new AbortController();
      const reason = new Error('gave up');
      const left = rejects(third.fetch(commits[2]!, leaving.signal), (error) => error === reason);
      const turn = second.fetch(commits[1]!, never);
      leaving.abort(reason);
      await left;
      controller.abort(reason);
      await rejects(holding, (error) => error === reason);
      await turn;
      equal(running().length, 1);
      await third.fetch(commits[2]!, never);
      equal((await second.files(commits[1]!, never)).length, 1);
      front.set({ kind: 'none' });
    });
  });
});
