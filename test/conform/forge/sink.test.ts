/** Statuses on a forge over HTTP, whatever it answers: they catch up, and nothing is posted twice. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError, type FaultKind } from '../../../src/core/model/fault.ts';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import { type Context, contextOf } from '../../../src/core/report/context.ts';
import type { CommitReport } from '../../../src/core/report/pace.ts';
import { type Status, type StatusState, supersededBy } from '../../../src/core/report/status.ts';
import { openForge } from '../../../src/edge/forge/open.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import { memoryStore } from '../../../src/edge/store/memory-store.ts';
import { Budget } from '../../../src/engine/publish/budget.ts';
import { forgeSink } from '../../../src/engine/publish/forge-sink.ts';
import { storedJournal } from '../../../src/engine/publish/journals.ts';
import type { ForgeTrouble } from '../../../src/sandbox/forge/forge.ts';
import { type ServeForgeOptions, serveForge } from '../../../src/sandbox/forge/serve-forge.ts';
import { handClock } from '../../builder/clock.ts';
import { seededRng } from '../../builder/rng.ts';

const folder = mkdtempSync(join(tmpdir(), 'landfall-forge-'));
after(() => rmSync(folder, { recursive: true }));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'tok-1\n');

const first = commitSha('a'.repeat(40));
const second = commitSha('b'.repeat(40));
const never = new AbortController().signal;

const say = (state: StatusState, text: string): Status => ({
  state,
  cause: state === 'success' ? 'well' : 'underway',
  text,
  progress: text,
  details: [],
});

function report(commit: CommitSha, said: Readonly<Record<string, Status>>): CommitReport {
  const statuses = new Map(Object.entries(said).map(([name, status]) => [contextOf(`landfall/shop/${name}`), status]));
  return { commit, statuses, changed: new Set(statuses.keys()) };
}

async function scene(options: Partial<ServeForgeOptions> = {}) {
  const clock = handClock();
  const served = await serveForge({ project: 'team/fleet', token: 'tok-1', ...options }, { clock, rng: seededRng(1) });
  const store = memoryStore();
  const closing: (() => void)[] = [];
  /** A process of Landfall, with nothing in its head. */
  const start = () => {
    const budget = new Budget({ burst: 50, perHour: 3_600 }, clock);
    const place = { apiURL: `${served.url}/api/v1`, project: 'team/fleet' };
    const forge = openForge(
      {
        ...place,
        kind: 'gitea',
        auth: { kind: 'token', tokenFile },
        caFile: undefined,
        proxyURL: undefined,
        version: '1',
      },
      { net: systemNet({ clock }), clock, onSpent: (durationMs) => budget.rest(durationMs) },
    );
    closing.push(forge.close);
    const sink = forgeSink({
      forge,
      budget,
      journal: storedJournal(store, 'journal'),
      pageOf: (commit) => `https://landfall.example.com/commits/fleet/${commit}`,
    });
    const told: string[] = [];
    const onTold = (commit: CommitSha, context: Context): void => void told.push(`${commit.slice(0, 1)} ${context}`);
    const write = (...reports: readonly CommitReport[]) =>
      sink.write({ reports, journal: { head: reports[0]?.commit ?? first, open: [], passed: [] } }, onTold, never);
    return { sink, told, write };
  };
  const posts = () =>
    served.forge.posts.map(({ commit, context, state, description }) =>
      [commit[0], context, state, description].join(' '),
    );
  const close = async (): Promise<void> => {
    for (const end of closing) end();
    await served.close();
  };
  return { clock, forge: served.forge, start, posts, close };
}

test('forge sink: tells, reads back what was told, and a restart posts nothing twice', async () => {
  const { start, posts, close } = await scene({ pageMax: 2 });
  const apps = {
    web: say('pending', '0/3 ok'),
    api: say('success', '3/3 ok'),
    db: say('failure', '1/3 ok; eu-1 down'),
  };
  const before = start();
  equal(await before.sink.recall(never), undefined);
  deepEqual([...(await before.sink.read([first], never))], []);
  equal(await before.write(report(first, apps)), undefined);
  deepEqual(posts().toSorted(), [
    'a landfall/shop/api success 3/3 ok',
    'a landfall/shop/db failure 1/3 ok; eu-1 down',
    'a landfall/shop/web pending 0/3 ok',
  ]);
  const again = start();
  deepEqual(await again.sink.recall(never), { head: first, open: [], passed: [] });
  const read = await again.sink.read([first, second], never);
  deepEqual([...read.keys()], [first]);
  deepEqual(read.get(first)?.get(contextOf('landfall/shop/db')), { state: 'failure', text: '1/3 ok; eu-1 down' });
  await again.write(report(first, apps));
  equal(posts().length, 3, 'all of it is there already');
  equal(again.told.length, 3, 'and counts as told');
  // Also when it was not asked before: another process may have told.
  await start().write(report(first, { ...apps, web: say('success', '3/3 ok') }));
  deepEqual(posts().slice(3), ['a landfall/shop/web success 3/3 ok']);
  await close();
});

const answered = (status: number, headers?: Readonly<Record<string, string>>): ForgeTrouble => ({
  kind: 'answer',
  status,
  ...(headers && { headers }),
});
const troubles: readonly { readonly name: string; readonly trouble: ForgeTrouble; readonly fault: FaultKind }[] = [
  { name: '401', trouble: answered(401), fault: 'unauthenticated' },
  { name: '403', trouble: answered(403), fault: 'forbidden' },
  { name: '404', trouble: answered(404), fault: 'missing' },
  { name: '409', trouble: answered(409), fault: 'stale' },
  { name: '422', trouble: answered(422), fault: 'protocol' },
  { name: '429', trouble: answered(429, { 'retry-after': '30' }), fault: 'throttled' },
  { name: '500', trouble: answered(500), fault: 'serverError' },
  { name: 'a cut before it was read', trouble: { kind: 'cut', isAfterwards: false }, fault: 'protocol' },
  { name: 'a cut after it was taken', trouble: { kind: 'cut', isAfterwards: true }, fault: 'protocol' },
  { name: 'silence', trouble: { kind: 'silence' }, fault: 'unreachable' },
];

for (const { name, trouble, fault } of troubles)
  test(`forge sink: ${name}, and statuses catch up without one twice`, async () => {
    const { clock, forge, start, posts, close } = await scene();
    const { write, told, sink } = start();
    await sink.read([first], never);
    const requests = forge.requests();
    forge.trouble(trouble);
    const all = report(first, { web: say('failure', '0/1 ok'), api: say('success', '1/1 ok') });
    const failing = rejects(write(all), (error) => error instanceof FaultError && error.fault.kind === fault);
    while (forge.requests() === requests) await clock.settle();
    if (trouble.kind === 'silence') await clock.advance(20_000);
    await failing;
    const news = all.statuses.keys().filter((context) => !told.includes(`a ${context}`));
    ok(told.length < 2);
    await clock.advance(30_000);
    await write({ ...all, changed: new Set(news) });
    deepEqual(posts().toSorted(), ['a landfall/shop/api success 1/1 ok', 'a landfall/shop/web failure 0/1 ok']);
    equal(told.length, 2);
    await close();
  });

test('forge sink: while the forge wants to hear nothing, it hears nothing', async () => {
  const { clock, forge, start, posts, close } = await scene();
  const { write, sink } = start();
  await sink.read([first], never);
  forge.trouble(answered(429, { 'retry-after': '30' }));
  await rejects(write(report(first, { web: say('failure', '0/1 ok') })), FaultError);
  const requests = forge.requests();
  const againAtMs = await write(report(first, { web: say('failure', '0/1 ok') }));
  equal(againAtMs, clock.nowMs() + 30_000);
  await rejects(
    sink.read([second], never),
    (error) => error instanceof FaultError && error.fault.retryAfterMs === 30_000,
  );
  equal(forge.requests(), requests);
  await clock.advance(30_000);
  equal(await write(report(first, { web: say('failure', '0/1 ok') })), undefined);
  equal(posts().length, 1);
  await close();
});

test('forge sink: one status that is refused keeps no other back', async () => {
  const { forge, start, posts, close } = await scene();
  const { write, told, sink } = start();
  await sink.read([first, second], never);
  forge.trouble(answered(404));
  await rejects(write(report(first, { web: say('failure', 'x') }), report(second, { web: say('failure', 'x') })));
  deepEqual(posts(), ['b landfall/shop/web failure x']);
  deepEqual(told, ['b landfall/shop/web']);
  await close();
});

test('forge sink: a commit that the forge does not have is told no more', async () => {
  const { start, posts, close } = await scene({ commits: new Set([second]) });
  const { write, told } = start();
  await write(report(first, { web: say('success', '1/1 ok') }), report(second, { web: say('success', '1/1 ok') }));
  deepEqual(posts(), ['b landfall/shop/web success 1/1 ok']);
  equal(told.length, 2);
  await close();
});

test('forge sink: a name that is too long is cut the same way each time, and is nobody else', async () => {
  const { start, posts, close } = await scene();
  const long = 'x'.repeat(300);
  const said = { [long]: say('success', '1/1 ok'), [`${long}y`]: say('success', '1/1 ok') };
  await start().write(report(first, said));
  const again = start();
  deepEqual([...(await again.sink.read([first], never))], []);
  await again.write(report(first, said));
  equal(new Set(posts()).size, 2);
  equal(posts().length, 2);
  await close();
});

test('forge sink: the journal is kept when all is told, and not before', async () => {
  const { start, close } = await scene();
  const { write, sink } = start();
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`app-${index}`, say('pending', '0/1 ok')]));
  ok((await write(report(first, many))) !== undefined);
  equal(await sink.recall(never), undefined);
  await write(report(second, { web: supersededBy('abc') }));
  equal((await sink.recall(never))?.head, second);
  await close();
});
