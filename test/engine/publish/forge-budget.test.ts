/** A thousand Apps on twenty clusters, one GitHub token for statuses, plans and promotions: what is told, when, and how much. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import { type Context, checkContext, contextOf } from '../../../src/core/report/context.ts';
import type { Look } from '../../../src/core/report/look.ts';
import type { Status } from '../../../src/core/report/status.ts';
import type { Forge } from '../../../src/edge/forge/forge.ts';
import { github } from '../../../src/edge/forge/github.ts';
import { memoryStore } from '../../../src/edge/store/memory-store.ts';
import { Teller } from '../../../src/engine/preview/teller.ts';
import { Requests } from '../../../src/engine/promote/requests.ts';
import { Budget } from '../../../src/engine/publish/budget.ts';
import { forgeSink } from '../../../src/engine/publish/forge-sink.ts';
import { storedJournal } from '../../../src/engine/publish/journals.ts';
import { Publisher } from '../../../src/engine/publish/publisher.ts';
import { testForge } from '../../builder/pull-requests.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const stirMs = 3 * minuteMs;
const clusters = 20;
const apps = Array.from({ length: 1_000 }, (_, index) => contextOf(`landfall/shop/app-${index}`));
const first = commitSha('a'.repeat(40));
const second = commitSha('b'.repeat(40));
/** When the second commit comes: it changes one App. */
const secondAtMs = 2 * hourMs;
const changedApp = apps[3]!;

const status = (state: Status['state'], cause: Status['cause'], text: string): Status => ({
  state,
  cause,
  text,
  progress: text,
  details: [],
});

/** Apps begin over an hour, and each takes a cluster a minute; five of them break. */
function statusAt(index: number, atMs: number): Status {
  const done = Math.min(clusters, Math.max(0, Math.floor(atMs / minuteMs) - (index % 60)));
  if (isBroken(index) && done >= 10) return status('failure', 'budget', `10/${clusters} ok; c-11 it crashes`);
  if (done === clusters) return status('success', 'well', `${clusters}/${clusters} ok`);
  return status('pending', 'underway', `${done}/${clusters} ok`);
}
const isBroken = (index: number): boolean => index % 200 === 7;
const brokenAtMs = (index: number): number => ((index % 60) + 10) * minuteMs;

test('publisher: 1,000 Apps on 20 clusters stay within what GitHub takes of one token, and failures come at once', async () => {
  let nowMs = 1_000_000_000;
  const startMs = nowMs;
  const clock = { nowMs: () => nowMs, after: () => () => {} };
  const posts: { readonly atMs: number; readonly commit: CommitSha; readonly name: string; readonly said: string }[] =
    [];
  const forge: Forge = {
    name: 'github',
    abilities: github.abilities,
    read: async () => [],
    post: async (commit, { name, state, text }) => {
      posts.push({ atMs: nowMs - startMs, commit: commitSha(commit), name, said: `${state} ${text}` });
      return 'taken';
    },
  };
  const budget = new Budget(github.abilities.rate, clock);
  const pulls = testForge({ headOf: () => first });
  const owner = { installation: 'test', repository: 'fleet' };
  const teller = new Teller(owner, { statuses: forge, pullRequests: pulls.pullRequests, budget, clock });
  const requests = new Requests('main', { forge: pulls.pullRequests, budget, clock });
  const writes: number[] = [];
  pulls.trouble = ({ name }) => {
    if (['create', 'edit', 'comment', 'editComment'].includes(name)) writes.push(nowMs - startMs);
    return undefined;
  };
  const refused: string[] = [];
  const note = (what: string) => (error: unknown) => {
    ok(error instanceof FaultError, String(error));
    refused.push(what);
  };
  /** Pull requests are opened all the time, and a stage is promoted for each App. */
  const work = async (round: number): Promise<void> => {
    const { signal } = new AbortController();
    for (let each = 0; each < 10; each++) {
      const head = commitSha((round * 10 + each + 1).toString(16).padStart(40, '0'));
      const number = pulls.propose({ branch: `topic-${round}-${each}`, head });
      const outcome = { kind: 'unplanned', head, branch: 'main', reason: 'a test' } as const;
      await teller.tell(pulls.get(number), outcome, signal).catch(note('plan'));
      const subject = { placement: `shop/app-${round * 10 + each}`, stage: 'production' };
      const offer = { title: 'Promote', body: 'text' } as Parameters<typeof requests.create>[1];
      await requests.create(subject, offer, signal).catch(note('promotion'));
    }
  };
  const sink = forgeSink({ forge, budget, journal: storedJournal(memoryStore(), 'journal'), pageOf: () => undefined });
  const look = (): Look => {
    const atMs = nowMs - startMs;
    const head = atMs < secondAtMs ? first : second;
    const views = apps.map((context, index) => {
      const wish = head === second && context === changedApp ? 'two' : 'one';
      return [context, { wish, status: statusAt(index, wish === 'two' ? atMs - secondAtMs : atMs) }] as const;
    });
    const check = status('success', 'well', 'no errors');
    return { head, check, views: new Map(views), pinned: new Map(), gone: check };
  };
  const publisher = new Publisher(
    {
      git: { history: async () => [{ commit: second, parents: [first], timeMs: 0 }] as never },
      settings: { timeoutMs: minuteMs },
    },
    sink,
    {
      engine: { revision: undefined },
      truth: { look, endsAtMs: Number.POSITIVE_INFINITY },
      older: {
        passed: () => Promise.reject(new Error('none is passed over')),
        viewOf: () => Promise.reject(new Error('known')),
      },
      clock,
    },
  );
  // Something happens somewhere all the time: the engine stirs the publisher again and again.
  for (let round = 0; nowMs < startMs + 5 * hourMs; nowMs += stirMs, round++) {
    const { nextAtMs } = await publisher.round(false, new AbortController().signal);
    ok(nextAtMs === undefined || nextAtMs > nowMs, 'what waits for the budget keeps nobody busy');
    await work(round);
  }

  const all = [...posts.map(({ atMs }) => atMs), ...writes].toSorted((a, b) => a - b);
  ok(refused.includes('plan') && refused.includes('promotion') && writes.length > 100, 'all want more than there is');
  const most = (windowMs: number): number => {
    let from = 0;
    return all.reduce((max, atMs, index) => {
      while ((all[from] ?? atMs) <= atMs - windowMs) from += 1;
      return Math.max(max, index - from + 1);
    }, 0);
  };
  ok(most(minuteMs) <= 80, `${most(minuteMs)} in a minute`);
  ok(most(hourMs) <= 500, `${most(hourMs)} in an hour`);

  const byName = Map.groupBy(posts, ({ commit, name }) => `${commit} ${name}`);
  const of = (commit: CommitSha, name: Context) => byName.get(`${commit} ${name}`) ?? [];
  for (const [index, name] of apps.entries()) {
    const said = of(first, name);
    ok(
      said.every((post, at) => post.said !== said[at - 1]?.said),
      `${name} is told the same twice`,
    );
    if (!isBroken(index)) continue;
    const failure = said.find((post) => post.said.startsWith('failure'));
    const lateMs = (failure?.atMs ?? Number.POSITIVE_INFINITY) - brokenAtMs(index);
    ok(lateMs <= stirMs, `${name} is told ${lateMs} ms late`);
  }
  const open = apps.filter((name) => of(first, name).at(-1)?.said.startsWith('pending') ?? true);
  deepEqual(open, [], 'whatever the first commit is about has ended');
  equal(of(first, checkContext)[0]?.atMs, 0);
  const checkedMs = (of(second, checkContext)[0]?.atMs ?? Number.POSITIVE_INFINITY) - secondAtMs;
  ok(checkedMs <= stirMs, `the check of the second commit is ${checkedMs} ms late`);
  equal(of(second, changedApp).at(-1)?.said, `success ${clusters}/${clusters} ok`);
});
