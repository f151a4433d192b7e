/** A random life of the whole of Landfall: one seed, one story of pushes, broken clusters, rivals, kills and lies of the clock. */

import { FaultError } from '../../src/core/model/fault.ts';
import { commitSha } from '../../src/core/model/id.ts';
import { parseNote } from '../../src/core/report/note.ts';
import { notesSink } from '../../src/engine/publish/notes-sink.ts';
import { startPublishing } from '../../src/engine/publish/start.ts';
import { isLease, isWrite } from '../../src/sandbox/requests.ts';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';
import { acknowledgement } from '../builder/manifest.ts';
import { seededRng } from '../builder/rng.ts';
import { actsOf, choicesOf, originalOf, writeOriginal } from './acts.ts';
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
/** By App: what is there if anything of it is. */
const mainObjects: Readonly<Record<string, string>> = {
  web: 'Deployment web',
  api: 'ConfigMap api',
  copy: 'ConfigMap origin',
};

export type LifeOptions = {
  /** Acts of the story; fewer make a shorter one with the same beginning. */
  readonly acts?: number;
  /** Spoils Landfall, to see that somebody notices. */
  readonly spoil?: (fleet: TestFleet) => void;
};

/** Shape: never throws for what Landfall does; `problems` is empty when all was as it must be. */
export async function live(seed: number, { acts: count = 24, spoil }: LifeOptions = {}): Promise<Lived> {
  const choices = choicesOf(seededRng(seed * 7919));
  const trace: string[] = [];
  const problems: string[] = [];
  const heads: { sinceMs: number; content: Content }[] = [];
  const contents = new Map<string, Content>();
  const troubledAtMs = new Map<string, number>();
  const world = { skewMs: 0, isForgeDown: false, versions: 1, originals: 0, note: (_line: string): void => {} };
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
            judgeWord(commit, text, git.notes(ref).get(commit) ?? '');
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
  /** What is said anew of a commit must be so. */
  function judgeWord(commit: string, text: string, before: string): void {
    const known = parseNote(before);
    for (const [context, told] of parseNote(text)) {
      if (known.get(context)?.text === told.text) continue;
      const name = mainObjects[context.split('/')[2] ?? ''] ?? '';
      const holder = clusters.find((cluster) => heldOn(fleet, cluster).has(name));
      if (told.state === 'success' && told.text.startsWith('no cluster holds it') && holder !== undefined)
        problems.push(`V1: ${context} of ${commit} is told to be gone, and ${holder} holds it`);
      const [, ill] = /\b([a-d]): not healthy/.exec(told.text) ?? [];
      if (ill !== undefined && name.startsWith('ConfigMap ') && heldOn(fleet, ill).has(name))
        problems.push(`V1: ${context} of ${commit} is told to be ill on ${ill}, and ${name} is there`);
    }
  }
  const watch = watchOver(fleet, { heads, troubledAtMs }, note);
  spoil?.(fleet);

  const { pick, isChance } = choices;
  const trouble = (cluster: string): void => void troubledAtMs.set(cluster, clock.nowMs());
  const head = (): Content => heads.at(-1)?.content ?? firstContent;
  const push = (fields: Partial<Content>): void => {
    const content = { ...head(), ...fields };
    const commit = git.commit(filesOf(content), `change ${heads.length}`);
    contents.set(commit, content);
    heads.push({ sinceMs: clock.nowMs(), content });
    note(`push ${commit.slice(0, 7)} ${JSON.stringify(fields)}`);
  };
  const forcePush = (commit: string): void => {
    const content = contents.get(commit);
    if (content === undefined) return;
    git.setHead({ kind: 'commit', commit: commitSha(commit) });
    heads.push({ sinceMs: clock.nowMs(), content });
    note(`force push ${commit.slice(0, 7)}`);
  };
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
  const restart = async (afterMs: number): Promise<void> => {
    note('Landfall is killed');
    await ended(fleet.kill());
    if (afterMs > 0) await clock.advance(afterMs);
    note('Landfall starts');
    fleet.start();
  };
  const acts = actsOf({ fleet, choices, world, head, contents, push, forcePush, trouble, note, restart });
  await fleet.request('a', 'POST', '/api/v1/namespaces', namespace('source'));
  writeOriginal({ fleet, world, note });
  push({});
  await pass(2 * minute);
  for (let act = 0; act < count; act += 1) {
    await pick(acts)();
    await pass(isChance(0.3) ? choices.share() * 3 * minute : choices.share() * 20_000);
  }

  note('all is well again');
  Object.assign(world, { skewMs: 0, isForgeDown: false });
  for (const cluster of clusters) sandbox.cluster(cluster).setDisorder({});
  // What only drifted is left to Landfall; what waits for a person is not.
  if (originalOf(fleet) === undefined) writeOriginal({ fleet, world, note });
  const api = head().api ?? 1;
  const sound = { isUnreadable: false, isEmptied: false, isFrozen: false, isSlipped: false, hasLeft: false };
  push({ web: `${++world.versions}`, ...sound, api });
  push({ pinned: { commit: git.head(), api } });
  await pass(5 * minute);
  // Somebody reads what waits, and says yes.
  for (const deletes of fleet.engine.judgement.deletes.values()) {
    note(`acknowledge ${deletes}`);
    contents.set(git.commit({ 'agreed.yaml': acknowledgement(git.head(), deletes) }), head());
  }
  await pass(20 * minute);
  for (const cluster of clusters) {
    const [wanted, held] = [wantedOn(cluster, head(), originalOf(fleet)), heldOn(fleet, cluster)];
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

const namespace = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const writes = ({ sandbox }: TestFleet): number =>
  sandbox.clusters
    .flatMap((cluster) => cluster.requests())
    .filter((line) => line.user === 'landfall' && isWrite(line) && !isLease(line))
    .reduce((sum, { count }) => sum + count, 0);
