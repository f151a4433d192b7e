/** A random life of the whole of Landfall: one seed, one story of pushes, broken clusters, rivals, kills and lies of the clock. */

import { FaultError } from '../../src/core/model/fault.ts';
import { parseNote } from '../../src/core/report/note.ts';
import { notesSink } from '../../src/engine/publish/notes-sink.ts';
import { startPublishing } from '../../src/engine/publish/start.ts';
import type { Disorder } from '../../src/sandbox/disorder.ts';
import { isLease, isWrite } from '../../src/sandbox/requests.ts';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';
import { acknowledgement } from '../builder/manifest.ts';
import { seededRng } from '../builder/rng.ts';
import { type Content, clusters, filesOf, firstContent, wantedOn } from './content.ts';
import { heldOn, watchOver } from './watch.ts';

export type Lived = {
  readonly seed: number;
  /** What happened, in order: time in seconds, then who did what. */
  readonly trace: readonly string[];
  readonly problems: readonly string[];
};

const notesRef = 'refs/notes/landfall';
const minute = 60_000;

const disorders: Readonly<Record<string, Disorder>> = {
  down: { isDown: true },
  'a black hole': { isBlackHole: true },
  slow: { latencyMs: { min: 500, max: 8_000 } },
  'full of conflicts': { conflictShare: 0.4 },
  throttling: { throttleShare: 0.4, retryAfterSeconds: 5 },
  'full of errors': { errorShare: 0.3, errorAfterShare: 0.3 },
  'losing answers': { lostAnswerShare: 0.4 },
  forgetful: { goneShare: 0.5, cutWatchShare: 0.3 },
  stale: { staleListShare: 0.5, staleVersions: 20, cutWatchShare: 0.3 },
  'a captive portal': { htmlShare: 0.5 },
};

export type LifeOptions = {
  /** Acts of the story; fewer make a shorter one with the same beginning. */
  readonly acts?: number;
  /** Spoils Landfall, to see that somebody notices. */
  readonly spoil?: (fleet: TestFleet) => void;
};

/** Shape: never throws for what Landfall does; `problems` is empty when all was as it must be. */
export async function live(seed: number, { acts: count = 24, spoil }: LifeOptions = {}): Promise<Lived> {
  const rng = seededRng(seed * 7919);
  const trace: string[] = [];
  const problems: string[] = [];
  const heads: { sinceMs: number; content: Content }[] = [];
  const contents = new Map<string, Content>();
  const troubledAtMs = new Map<string, number>();
  const world = { skewMs: 0, isForgeDown: false, startedMs: 0, note: (_line: string): void => {} };
  const fleet = testFleet({
    clusters,
    seed: seed * 1000,
    user: 'landfall',
    sandbox: { authorization: 'AlwaysAllow' },
    settings: { leaseMs: 60_000 },
    skewMs: () => world.skewMs,
    onStart: ({ engine, git, clock, signal }) => {
      const isUp = (): void => {
        if (world.isForgeDown) throw new FaultError({ kind: 'unreachable', detail: 'the forge is down' });
      };
      const notes: Parameters<typeof notesSink>[0] = {
        readNotes: async (...args) => {
          isUp();
          return git.repository.readNotes(...args);
        },
        writeNotes: async (ref, all, until) => {
          isUp();
          for (const [commit, text] of all) {
            world.note(`forge ${commit.slice(0, 7)} ${text.split('\n').join(' / ')}`);
            judgeEnd(commit, text);
            if (contents.has(commit) && git.notes(ref).get(commit) === text)
              problems.push(`${commit} is told the same again`);
          }
          return git.repository.writeNotes(ref, all, until);
        },
      };
      const sink = notesSink(notes, { ref: notesRef, branch: 'main' });
      startPublishing(engine, { sinksOf: () => [sink], clock, log: silentLog, metrics: noMetrics }, signal);
    },
  });
  const { clock, git, sandbox } = fleet;
  const beganMs = clock.nowMs();
  const note = (line: string): void => void trace.push(`${((clock.nowMs() - beganMs) / 1000).toFixed(3)} ${line}`);
  world.note = note;
  /** That an App is gone may be said only when it is. */
  function judgeEnd(commit: string, text: string): void {
    for (const [context, told] of parseNote(text)) {
      const name = context === 'landfall/shop/api' ? 'ConfigMap api' : 'Deployment web';
      if (told.state !== 'success' || !told.text.startsWith('no cluster holds it')) continue;
      const holder = clusters.find((cluster) => heldOn(fleet, cluster).has(name));
      if (holder !== undefined) problems.push(`V1: ${context} of ${commit} is told to be gone, and ${holder} holds it`);
    }
  }
  const watch = watchOver(fleet, { heads, troubledAtMs }, note);
  spoil?.(fleet);

  const pick = <T>(all: readonly T[]): T => all[Math.floor(rng.next() * all.length)]!;
  const isChance = (share: number): boolean => rng.next() < share;
  const trouble = (cluster: string): void => void troubledAtMs.set(cluster, clock.nowMs());
  const head = (): Content => heads.at(-1)?.content ?? firstContent;
  let versions = 1;
  const push = (fields: Partial<Content>): void => {
    const content = { ...head(), ...fields };
    const commit = git.commit(filesOf(content), `change ${heads.length}`);
    contents.set(commit, content);
    heads.push({ sinceMs: clock.nowMs(), content });
    note(`push ${commit.slice(0, 7)} ${JSON.stringify(fields)}`);
  };
  const drift = (cluster: string, method: string, path: string, body?: unknown, type?: string): void => {
    trouble(cluster);
    note(`rival ${method} ${path} on ${cluster}`);
    // On a cluster in trouble it takes its time, or is in vain.
    fleet.request(cluster, method, path, body, type).catch(() => note('the rival has no success'));
  };
  const maps = '/api/v1/namespaces/shop/configmaps';
  const web = '/apis/apps/v1/namespaces/shop/deployments/web';
  const patchType = 'application/merge-patch+json';
  const acts: readonly (() => unknown)[] = [
    () => push({ web: `${++versions}${isChance(0.25) ? '-broken' : ''}`, isUnreadable: false, isEmptied: false }),
    () => push({ web: `${++versions}`, isUnreadable: false, isEmptied: false }),
    () => {
      const { maps: before } = head();
      const name = pick(['one', 'two', 'three', 'four']);
      const { [name]: value, ...others } = before;
      push({
        maps:
          value === undefined ? { ...before, [name]: 1 } : isChance(0.5) ? others : { ...before, [name]: value + 1 },
      });
    },
    () => push({ api: head().api === undefined ? 1 : isChance(0.2) ? undefined : (head().api ?? 0) + 1 }),
    () =>
      push({
        production: isChance(0.5)
          ? ['b', 'c', 'd']
          : pick([
              ['b', 'c'],
              ['c', 'd'],
              ['b', 'd'],
            ]),
      }),
    () => push(isChance(0.5) ? { isUnreadable: true } : { isEmptied: true }),
    () => push({ isUnreadable: false, isEmptied: false }),
    // Somebody rewrites history.
    () => {
      const commit = pick([...contents.keys()]);
      const content = contents.get(commit);
      if (content === undefined) return;
      git.setHead({ kind: 'commit', commit: commit as ReturnType<typeof git.head> });
      heads.push({ sinceMs: clock.nowMs(), content });
      note(`force push ${commit.slice(0, 7)}`);
    },
    ...[1, 2, 3].map(() => () => {
      const [cluster, name] = [pick(clusters), pick(Object.keys(disorders))];
      note(`${cluster} is ${name}`);
      trouble(cluster);
      sandbox.cluster(cluster).setDisorder(disorders[name] ?? {});
    }),
    () => {
      const cluster = pick(clusters);
      note(`${cluster} is well again`);
      trouble(cluster);
      sandbox.cluster(cluster).setDisorder({});
    },
    async () => {
      note('Landfall is killed');
      await ended(fleet.kill());
      if (isChance(0.4)) await clock.advance(rng.next() * 5 * minute);
      note('Landfall starts');
      fleet.start();
    },
    () => {
      world.skewMs = Math.round((rng.next() - 0.5) * 10 * minute);
      note(`the clock of Landfall goes wrong by ${world.skewMs} ms`);
      for (const cluster of clusters) trouble(cluster);
    },
    () => {
      world.isForgeDown = !world.isForgeDown;
      note(`the forge is ${world.isForgeDown ? 'down' : 'up'}`);
    },
    () => drift(pick(clusters), 'PATCH', `${maps}/${pick(['one', 'api'])}`, { data: { value: 'rival' } }, patchType),
    () => drift(pick(clusters), 'DELETE', isChance(0.5) ? web : `${maps}/one`),
    () => drift(pick(clusters), 'PATCH', `${maps}/one`, { metadata: { labels: null } }, patchType),
    () => {
      const metadata = { name: `foreign-${heads.length}`, annotations: { rival: 'foreign' } };
      return drift(pick(clusters), 'POST', maps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: { value: '1' },
      });
    },
    () => {
      note('the branch cannot be read');
      const now = git.head();
      git.setHead(new FaultError({ kind: 'unreachable', detail: 'no route' }));
      const waitMs = rng.next() * 2 * minute;
      return clock.advance(waitMs).then(() => {
        git.setHead({ kind: 'commit', commit: now });
        note('the branch can be read again');
      });
    },
  ];

  /** Whatever it waits for has a deadline, so that it ends: as soon as `landfall run` gives it time for. */
  const ended = async (killing: Promise<void>): Promise<void> => {
    let isOver = false;
    void killing.then(() => {
      isOver = true;
    });
    await clock.settle();
    for (let seconds = 0; !isOver && seconds < 20; seconds += 1) await clock.advance(1_000);
    if (!isOver) problems.push('R3: Landfall was told to end, and does not');
    else note('Landfall has ended');
  };
  const pass = async (durationMs: number): Promise<void> => {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= 20_000) {
      await clock.advance(Math.min(leftMs, 20_000));
      watch.look();
      for (const cluster of clusters) if (Object.keys(sandbox.cluster(cluster).disorder()).length > 0) trouble(cluster);
    }
  };
  push({});
  await pass(2 * minute);
  for (let act = 0; act < count; act += 1) {
    await pick(acts)();
    await pass(isChance(0.3) ? rng.next() * 3 * minute : rng.next() * 20_000);
  }

  note('all is well again');
  Object.assign(world, { skewMs: 0, isForgeDown: false });
  for (const cluster of clusters) sandbox.cluster(cluster).setDisorder({});
  // What only drifted is left to Landfall; what waits for a person is not.
  push({ web: `${++versions}`, isUnreadable: false, isEmptied: false, api: head().api ?? 1 });
  await pass(5 * minute);
  // Somebody reads what waits, and says yes.
  for (const deletes of fleet.engine.judgement.deletes.values()) {
    note(`acknowledge ${deletes}`);
    contents.set(git.commit({ 'agreed.yaml': acknowledgement(git.head(), deletes) }), head());
  }
  await pass(20 * minute);
  for (const cluster of clusters) {
    const [wanted, held] = [wantedOn(cluster, head()), heldOn(fleet, cluster)];
    const [is, must] = [held, wanted].map((each) => JSON.stringify([...each].toSorted()));
    if (is !== must) problems.push(`C1: ${cluster} holds ${is}, not ${must}\n${fleet.table()}`);
  }
  for (const { cell, state, health } of fleet.engine.ledger.cells.values())
    if (state !== 'Synced' || health !== 'Healthy')
      problems.push(`C1: ${cell} is ${state} ${health}\n${fleet.table()}`);
  const told = parseNote(git.notes(notesRef).get(git.head()) ?? '');
  for (const [context, { state, text }] of told)
    if (state !== 'success') problems.push(`V2: ${context} of the head is ${state}: ${text}`);
  if (told.size === 0) problems.push('V2: nothing is told of the head');
  const before = writes(fleet);
  await pass(10 * minute);
  if (writes(fleet) !== before) problems.push(`C2: ${writes(fleet) - before} writes at rest`);
  for (const trap of sandbox.traps()) problems.push(`trap: ${JSON.stringify(trap)}`);
  for (const line of fleet.logs) if (/^ENDED|^error bug/.test(line)) problems.push(`R1: ${line}`);
  await ended(fleet.close());
  return { seed, trace, problems: [...watch.problems, ...problems] };
}

const writes = ({ sandbox }: TestFleet): number =>
  sandbox.clusters
    .flatMap((cluster) => cluster.requests())
    .filter((line) => line.user === 'landfall' && isWrite(line) && !isLease(line))
    .reduce((sum, { count }) => sum + count, 0);
