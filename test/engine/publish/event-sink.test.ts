/** Statuses as events: each change at least once, under a name that stays the same, and nothing for what is known. */
import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../../src/core/json/value.ts';
import { FaultError, type FaultKind } from '../../../src/core/model/fault.ts';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import { type Context, contextOf } from '../../../src/core/report/context.ts';
import type { CommitReport } from '../../../src/core/report/pace.ts';
import type { Status, StatusState } from '../../../src/core/report/status.ts';
import { memoryStore } from '../../../src/edge/store/memory-store.ts';
import { eventSink } from '../../../src/engine/publish/event-sink.ts';
import type { Store } from '../../../src/seam/store.ts';

const first = commitSha('a'.repeat(40));
const second = commitSha('b'.repeat(40));
const never = new AbortController().signal;
const settings = { name: 'events', source: '/landfall/default/fleet', repository: 'fleet' };

const say = (state: StatusState, text: string, details: readonly string[] = []): Status => ({
  state,
  cause: state === 'success' ? 'well' : 'underway',
  text,
  progress: text,
  details,
});
const web = contextOf('landfall/shop/web');

function report(commit: CommitSha, said: Readonly<Record<string, Status>>): CommitReport {
  const statuses = new Map(Object.entries(said).map(([name, status]) => [contextOf(`landfall/shop/${name}`), status]));
  return { commit, statuses, changed: new Set(statuses.keys()) };
}

function scene(store: Store = memoryStore()) {
  const events: Json[] = [];
  /** For the next events, one each: what becomes of them; `lost`: it arrives, and nobody hears so. */
  const troubles: (FaultKind | 'lost')[] = [];
  const told: string[] = [];
  const fault = (kind: FaultKind) => new FaultError({ kind, detail: 'receiver' });
  const deliver = async (event: Json): Promise<void> => {
    const trouble = troubles.shift();
    if (trouble !== undefined && trouble !== 'lost') throw fault(trouble);
    events.push(event);
    if (trouble === 'lost') throw fault('unreachable');
  };
  const sink = eventSink(settings, {
    receiver: { deliver },
    store,
    clock: { nowMs: () => 1_700_000_000_000 },
    pageOf: (commit) => `https://landfall.example.com/commits/fleet/${commit}`,
  });
  const onTold = (commit: CommitSha, context: Context): void => void told.push(`${commit[0]} ${context}`);
  const write = (...reports: readonly CommitReport[]) =>
    sink.write({ reports, journal: { head: reports[0]?.commit ?? first, open: [], passed: [] } }, onTold, never);
  const ids = () => events.map((event) => at(event, 'id'));
  return { events, troubles, told, sink, write, ids };
}

test('event sink: a change is a CDEvent in a CloudEvent', async () => {
  const { write, events } = scene();
  await write(report(first, { web: say('pending', '1/3 ok', ['eu-1: waits']) }));
  const [event] = events;
  const id = at(event, 'id');
  const source = '/landfall/default/fleet';
  const type = 'dev.cdeventsx.landfall-commitstatus.changed.0.1.0';
  const time = '2023-11-14T22:13:20.000Z';
  const subject = `${first}/${web}`;
  deepEqual(event, {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    data: {
      context: { version: '0.4.1', id, source, type, timestamp: time },
      subject: {
        id: subject,
        source,
        type: 'landfall-commitstatus',
        content: {
          repository: 'fleet',
          commit: first,
          context: web,
          state: 'pending',
          cause: 'underway',
          text: '1/3 ok',
          details: ['eu-1: waits'],
          url: `https://landfall.example.com/commits/fleet/${first}`,
        },
      },
    },
  });
});

test('event sink: what is known is told to nobody, and what comes back is another event', async () => {
  const { write, ids, told } = scene();
  for (const state of ['pending', 'pending', 'failure', 'pending'] as const)
    await write(report(first, { web: say(state, state) }));
  equal(ids().length, 3);
  equal(new Set(ids()).size, 3);
  equal(told.length, 4, 'also what was known counts as told');
});

test('event sink: an event that may have arrived is sent again under the same id', async () => {
  const { write, ids, troubles, told } = scene();
  troubles.push('lost');
  await rejects(write(report(first, { web: say('failure', 'x') })), FaultError);
  deepEqual(told, []);
  await write(report(first, { web: say('failure', 'x') }));
  equal(ids().length, 2);
  equal(new Set(ids()).size, 1);
  deepEqual(told, ['a landfall/shop/web']);
});

test('event sink: another process goes on where the one before left off', async () => {
  const store = memoryStore();
  const before = scene(store);
  await before.write(report(first, { web: say('pending', '1/3 ok'), api: say('success', '3/3 ok') }));
  const { sink, write, events } = scene(store);
  equal((await sink.recall(never))?.head, first);
  deepEqual((await sink.read([first, second], never)).get(first)?.get(web)?.text, '1/3 ok');
  await write(report(first, { web: say('pending', '1/3 ok'), api: say('success', '3/3 ok') }));
  deepEqual(events, []);
  await write(report(second, { web: say('pending', '1/3 ok') }));
  notEqual(at(events[0], 'id'), before.ids()[0]);
  deepEqual([...(await sink.read([first], never))], [], 'what is over is not kept');
});

test('event sink: where the state is lost, it is told again under the same id', async () => {
  const before = scene();
  await before.write(report(first, { web: say('pending', '1/3 ok') }));
  const { write, ids } = scene();
  await write(report(first, { web: say('pending', '1/3 ok') }));
  deepEqual(ids(), before.ids());
});

test('event sink: one event that is refused keeps no other back, and is tried again', async () => {
  const { write, troubles, told } = scene();
  troubles.push('protocol');
  const all = report(first, { web: say('failure', 'x'), api: say('failure', 'x') });
  await rejects(write(all), FaultError);
  deepEqual(told, ['a landfall/shop/api']);
  await write(all);
  deepEqual(told.slice(1).toSorted(), ['a landfall/shop/api', 'a landfall/shop/web']);
});

test('event sink: a receiver that is not there is not asked again for each of many', async () => {
  const { write, troubles, events } = scene();
  troubles.push('unreachable');
  await rejects(write(report(first, { web: say('failure', 'x'), api: say('failure', 'x') })), FaultError);
  deepEqual(events, []);
});

test('event sink: state that is damaged counts as none', async () => {
  const store = memoryStore();
  await store.write('events-told', '[["a"], 5, {"x": 1}, ["b","c","pending"]]');
  const { sink, write, events } = scene(store);
  deepEqual([...(await sink.read([first], never))], []);
  await write(report(first, { web: say('pending', '1/3 ok') }));
  equal(events.length, 1);
});
