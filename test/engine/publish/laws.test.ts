/** Laws of what is told of commits, over random lives of a repository and its fleet. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { checkContext } from '../../../src/core/report/context.ts';
import type { Look } from '../../../src/core/report/look.ts';
import { parseNote } from '../../../src/core/report/note.ts';
import { PublishLoop } from '../../../src/engine/publish/loop.ts';
import { notesSink } from '../../../src/engine/publish/notes-sink.ts';
import { Publisher } from '../../../src/engine/publish/publisher.ts';
import type { StatusSink } from '../../../src/engine/publish/sink.ts';
import { type Log, silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { handClock } from '../../builder/clock.ts';
import { memoryGit } from '../../builder/memory-git.ts';
import { seededRng } from '../../builder/rng.ts';
import { contextOfApp, graceMs, type Model, modelFleet, pinnedContext } from './model.ts';

const ref = 'refs/notes/landfall';
const clusters = ['a', 'b', 'c'];
const apps = ['web', 'api'];

/** One repository, one fleet, one sink that may fail, and a Landfall that may be killed. */
function life(seed: number, isRewriting = false) {
  const rng = seededRng(seed);
  const clock = handClock();
  const git = memoryGit();
  const model: Model = modelFleet(git, clock, clusters);
  const faults = { isDown: false, losesAnswers: false, isUnsure: false };
  const problems: string[] = [];
  /** How often each name of each commit was news: as often as a forge would have been asked to take it. */
  const told = new Map<string, number>();

  const judge = (commit: CommitSha, text: string): void => {
    const before = git.notes(ref).get(commit);
    if (before === text && !faults.isUnsure) problems.push(`${commit} is told the same again: ${text}`);
    const [was, is] = [parseNote(before ?? ''), parseNote(text)];
    for (const [context, { state, text: said }] of is) {
      const earlier = was.get(context);
      const isEarly = state === 'success' && earlier?.state !== 'success' && context !== checkContext;
      if (isEarly && !model.isEverywhere(commit, context)) problems.push(`V1: ${commit} ${context} is told ${said}`);
    }
    for (const context of was.keys()) if (!is.has(context)) problems.push(`${commit} ${context} is forgotten`);
  };
  const repository: Parameters<typeof notesSink>[0] = {
    readNotes: async (...args) => {
      if (faults.isDown) throw new FaultError({ kind: 'unreachable', detail: 'down' });
      return git.repository.readNotes(...args);
    },
    writeNotes: async (name, notes, signal) => {
      if (faults.isDown) throw new FaultError({ kind: 'forbidden', detail: 'no pushing' });
      for (const [commit, text] of notes) if (model.contents.has(commit)) judge(commit, text);
      await git.repository.writeNotes(name, notes, signal);
      faults.isUnsure = faults.losesAnswers && rng.next() < 0.5;
      if (faults.isUnsure) throw new FaultError({ kind: 'unreachable', detail: 'the answer was lost' });
    },
  };
  const count = (key: string): void => void told.set(key, (told.get(key) ?? 0) + 1);
  const log: Log = { ...silentLog, error: (message, fields) => void problems.push(`${message} ${fields?.reason}`) };
  let running:
    | { readonly loop: PublishLoop; readonly stop: AbortController; readonly ended: Promise<void> }
    | undefined;
  /** The first commit of which somebody must hear: until the first word is told, only a running process knows what it saw. */
  let since: CommitSha | undefined;
  const start = (): void => {
    if (git.notes(ref).size === 0) since = undefined;
    const modelled = model.deps();
    const look = (): Look | undefined => {
      since ??= model.compiled();
      return modelled.truth.look();
    };
    const notes = notesSink(repository, { ref, branch: 'main' });
    const sink: StatusSink = {
      ...notes,
      write: (batch, ...rest) => {
        for (const { commit, changed } of batch.reports) for (const context of changed) count(`${commit} ${context}`);
        return notes.write(batch, ...rest);
      },
    };
    const settings = { timeoutMs: 60_000 };
    const publisher = new Publisher({ git: git.repository, settings }, sink, {
      ...modelled,
      truth: { ...modelled.truth, look },
    });
    const deps = { publisher, isStandby: () => false, clock, log, metrics: noMetrics };
    const loop = new PublishLoop({ repository: 'fleet', sink: 'notes' }, deps);
    const stop = new AbortController();
    running = { loop, stop, ended: loop.run(stop.signal) };
  };
  const stop = async (): Promise<void> => {
    running?.stop.abort(new Error('killed'));
    await clock.advance(0);
    await running?.ended;
    // Whoever starts anew reads what has arrived.
    faults.isUnsure = false;
  };
  const stir = (): void => running?.loop.stir(rng.next() < 0.5);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(rng.next() * all.length)]!;
  const push = (): void => {
    const before = model.contents.get(git.head());
    const versions = { ...before?.apps };
    const dice = rng.next();
    if (dice < 0.7) versions[pick(apps)] = 1 + Math.floor(rng.next() * 6);
    const pin = dice > 0.85 ? pick([...model.contents.keys()]) : before?.pin;
    const commit = git.commit({ 'content.json': `${rng.next()} ${JSON.stringify(versions)}` });
    model.contents.set(commit, { apps: versions, pin });
  };
  const first = git.commit({ 'content.json': 'first' });
  model.contents.set(first, { apps: { web: 1, api: 1 }, pin: undefined });
  const compile = (): void => {
    model.compile();
    stir();
  };
  const acts: readonly (() => void | Promise<void>)[] = [
    push,
    () => {
      for (let more = Math.floor(rng.next() * 5); more >= 0; more--) push();
    },
    // Somebody rewrites history.
    () => {
      if (isRewriting && rng.next() < 0.3) git.setHead({ kind: 'commit', commit: pick([...model.contents.keys()]) });
      if (rng.next() < 0.5) push();
    },
    compile,
    compile,
    () => move(0.8),
    () => move(0.8),
    () => {
      const cell = pick([...model.cells.values()]);
      if (cell === undefined) return;
      const dice = rng.next();
      if (dice < 0.3) cell.isHealthy = !cell.isHealthy;
      else if (dice < 0.5) cell.lostAtMs = cell.lostAtMs === undefined ? clock.nowMs() : undefined;
      else cell.isSeen = !cell.isSeen;
      stir();
    },
    async () => {
      if (rng.next() < 0.4) {
        await stop();
        for (const cell of model.cells.values()) cell.isSeen = rng.next() < 0.5;
        start();
      }
    },
    () => {
      faults.isDown = rng.next() < 0.3;
      faults.losesAnswers = rng.next() < 0.3;
    },
    () => clock.advance(rng.next() < 0.1 ? graceMs : rng.next() * 40_000),
    () => clock.advance(rng.next() * 3_000),
  ];
  /** Cells take what the head wants, and mostly come right. */
  const move = (share: number): void => {
    for (const [name, cell] of model.cells) {
      const wanted = model.wanted(name);
      if (cell.lostAtMs !== undefined || rng.next() > share || wanted === undefined) continue;
      if (cell.version === wanted) cell.isHealthy = true;
      else Object.assign(cell, { version: wanted, isHealthy: rng.next() < 0.5, hasFailed: rng.next() < 0.1 });
      cell.isSeen = true;
    }
    stir();
  };
  const heal = (): void => {
    Object.assign(faults, { isDown: false, losesAnswers: false });
    for (const [name, cell] of model.cells) {
      const version = model.wanted(name) ?? cell.version;
      Object.assign(cell, { version, isHealthy: true, hasFailed: false, isSeen: true, lostAtMs: undefined });
    }
    stir();
  };
  return {
    rng,
    clock,
    git,
    model,
    problems,
    told,
    acts,
    pick,
    start,
    stop,
    push,
    compile,
    move,
    heal,
    since: () => since,
  };
}

test('publisher: never early, never twice, and everything ends, over 250 random lives', async () => {
  let [commits, superseded] = [0, 0];
  for (let seed = 1; seed <= 250; seed++) {
    const isRewriting = seed % 2 === 0;
    const { clock, git, model, problems, acts, pick, start, stop, compile, heal, since } = life(seed, isRewriting);
    start();
    compile();
    await clock.settle();
    for (let step = 0; step < 60; step++) {
      await pick(acts)();
      await clock.settle();
    }
    compile();
    heal();
    await clock.advance(3_600_000);
    await stop();
    deepEqual(problems, [], `seed ${seed}`);
    const head = model.compiled()!;
    const lines = (commit: CommitSha) => parseNote(git.notes(ref).get(commit) ?? '');
    // V2: of the head everything is told as it is.
    for (const app of apps) equal(lines(head).get(contextOfApp(app))?.state, 'success', `seed ${seed}, V2 of ${app}`);
    const pin = model.contents.get(head)?.pin;
    if (pin !== undefined) equal(lines(pin).get(pinnedContext)?.state, 'success', `seed ${seed}, V2 of the pin`);
    // V3: whatever was told of, has ended, and no commit on the way was left out.
    let isDue = false;
    for (const commit of model.contents.keys()) {
      isDue ||= commit === since();
      const states = [...lines(commit)].map(([context, { state }]) => `${context} ${state}`);
      deepEqual(
        states.filter((each) => each.endsWith('pending')),
        [],
        `seed ${seed}, V3 of ${commit}`,
      );
      if (isDue && !isRewriting) ok(lines(commit).has(checkContext), `seed ${seed}, V3: ${commit} was passed over`);
      superseded += states.filter((each) => each.endsWith('error')).length;
      commits += 1;
    }
  }
  ok(commits > 1_000 && superseded > 300, `${commits} commits, ${superseded} superseded`);
});

test('publisher: in good times each name of each commit is told at most twice', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { rng, clock, problems, told, start, stop, push, compile, move, model } = life(seed);
    start();
    compile();
    for (let round = 0; round < 8; round++) {
      push();
      compile();
      for (let turn = 0; turn < 3; turn++) {
        await clock.advance(rng.next() * 3_000);
        for (const cell of model.cells.values()) cell.hasFailed = false;
        move(1);
        for (const cell of model.cells.values()) cell.hasFailed = false;
      }
      await clock.advance(60_000);
    }
    await stop();
    deepEqual(problems, [], `seed ${seed}`);
    const often = [...told].filter(([, count]) => count > 2);
    deepEqual(often, [], `seed ${seed}`);
    ok(told.size > 8);
  }
});
