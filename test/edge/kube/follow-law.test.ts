/** Whatever the server does to a follower: what it tells at a version is what there was, and it always gets to the end. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { follow } from '../../../src/edge/kube/follow.ts';
import type { FollowEvent } from '../../../src/edge/kube/track.ts';
import type { NetRequest, NetResponse } from '../../../src/seam/net.ts';
import type { Rng } from '../../../src/seam/rng.ts';
import { handClock } from '../../builder/clock.ts';
import { clientOf, configMap, configMaps } from '../../builder/kube.ts';
import { answerJson, answerStatus, type WrittenStream, writtenStream } from '../../builder/net.ts';
import { seededRng } from '../../builder/rng.ts';

type Change = { readonly type: string; readonly name: string; readonly version: number };

/** A small API server of one kind that misbehaves at random while `isHostile`. */
class HostileServer {
  readonly #rng: Rng;
  readonly #live = new Map<string, number>();
  readonly #log: Change[] = [];
  readonly #watches = new Set<WrittenStream>();
  /** Watches that have not yet been told where the objects of their start end. */
  readonly #filling = new Set<WrittenStream>();
  readonly #canFill: boolean;
  /** What there was at each version. */
  readonly states = new Map<string, readonly string[]>([['1', []]]);
  isHostile = true;
  #version = 1;
  #compacted = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#canFill = rng.next() < 0.6;
  }

  get state(): readonly string[] {
    return [...this.#live].map(([name, version]) => `${name}@${version}`).toSorted();
  }

  /** Somebody changes something; or time passes at the server. */
  act(): void {
    const dice = this.#rng.next();
    const name = `o${Math.floor(this.#rng.next() * 12)}`;
    if (dice < 0.6) this.#change(this.#live.has(name) && this.#rng.next() < 0.4 ? 'DELETED' : 'ADDED', name);
    else if (dice < 0.7) this.#bookmark();
    else if (!this.isHostile) return;
    else if (dice < 0.8) this.#compacted = this.#version - Math.floor(this.#rng.next() * 5);
    else if (dice < 0.95) for (const watch of this.#watches) this.#end(watch);
  }

  answer(request: NetRequest): NetResponse | 'never' {
    const query = new URL(request.path, 'https://x').searchParams;
    const dice = this.isHostile ? this.#rng.next() : 1;
    if (dice < 0.05) return answerStatus(500, 'InternalError');
    if (dice < 0.08) return answerStatus(429, 'TooManyRequests');
    if (dice < 0.1) return answerStatus(401, 'Unauthorized');
    if (query.get('watch') === null) return this.#list(query.get('continue'));
    const from = query.get('resourceVersion');
    if (from === null && !this.#canFill) return answerStatus(422, 'Invalid');
    if (from !== null && Number(from) < this.#compacted) return answerStatus(410, 'Expired');
    const stream = writtenStream();
    if (from === null) {
      for (const [name, version] of this.#live) stream.event('ADDED', configMap(name, String(version)));
      if (this.isHostile && this.#rng.next() < 0.2) stream.cut();
      this.#filling.add(stream);
    } else {
      for (const change of this.#log) if (change.version > Number(from)) this.#tell(stream, change);
    }
    this.#watches.add(stream);
    return stream.response;
  }

  #list(next: string | null): NetResponse {
    // Pages of one version: what has changed since the first makes the rest expire.
    const [version = String(this.#version), from = '0'] = next?.split(':') ?? [];
    if (version !== String(this.#version)) return answerStatus(410, 'Expired');
    const to = Number(from) + 3;
    const objects = [...this.#live].slice(Number(from), to).map(([name, at]) => configMap(name, String(at)));
    const metadata = { resourceVersion: version, ...(to < this.#live.size ? { continue: `${version}:${to}` } : {}) };
    if (this.isHostile && this.#rng.next() < 0.3) this.#change('ADDED', `o${Math.floor(this.#rng.next() * 12)}`);
    return answerJson(200, { kind: 'ConfigMapList', metadata, items: objects });
  }

  #change(type: string, name: string): void {
    this.#version += 1;
    const change = { type, name, version: this.#version };
    if (type === 'DELETED') this.#live.delete(name);
    else this.#live.set(name, this.#version);
    this.states.set(String(this.#version), this.state);
    this.#log.push(change);
    for (const watch of this.#watches) this.#tell(watch, change);
  }

  #tell(watch: WrittenStream, { type, name, version }: Change): void {
    watch.event(type, configMap(name, String(version)));
  }

  #bookmark(): void {
    for (const watch of this.#watches) watch.event('BOOKMARK', this.#mark(this.#filling.has(watch)));
    this.#filling.clear();
  }

  #end(watch: WrittenStream): void {
    this.#watches.delete(watch);
    this.#filling.delete(watch);
    const dice = this.#rng.next();
    if (dice < 0.3) watch.end();
    else if (dice < 0.5) watch.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
    else {
      if (dice < 0.8) watch.write('{"type":"ADDED","object":{"metadata":{"name":"never-was"');
      watch.cut();
    }
  }

  #mark(isEnd: boolean): unknown {
    const annotations = { annotations: { 'k8s.io/initial-events-end': 'true' } };
    return { metadata: { resourceVersion: String(this.#version), ...(isEnd ? annotations : {}) } };
  }
}

const nameOf = (item: string): string => item.split('@')[0] ?? '';

async function run(seed: number): Promise<void> {
  const rng = seededRng(seed);
  const clock = handClock();
  const server = new HostileServer(rng);
  const client = clientOf((request) => server.answer(request), { clock, rng }, { pageSize: 3 });
  const known = new Map<string, string>();
  let isSynced = false;
  const sink = (event: FollowEvent<string>): void => {
    switch (event.kind) {
      case 'listed':
        known.clear();
        for (const item of event.items) known.set(nameOf(item), item);
        isSynced = true;
        break;
      case 'set':
        known.set(nameOf(event.item), event.item);
        break;
      case 'gone':
        known.delete(nameOf(event.item));
        break;
      case 'mark':
        break;
      case 'broken':
        isSynced = false;
        return;
      case 'resumed':
        isSynced = true;
        return;
    }
    deepEqual([...known.values()].toSorted(), server.states.get(event.resourceVersion), `seed ${seed}: ${event.kind}`);
  };
  const stopping = new AbortController();
  const reduce = (object: {
    readonly metadata: { readonly name: string; readonly resourceVersion?: unknown };
  }): string => `${object.metadata.name}@${object.metadata.resourceVersion}`;
  const done = follow({ query: { kind: configMaps }, reduce, sink }, { client, clock, rng }, stopping.signal);
  for (let step = 0; step < 60; step += 1) {
    for (let acts = Math.floor(rng.next() * 6); acts >= 0; acts -= 1) server.act();
    await clock.advance(Math.floor(rng.next() * 2_000));
  }
  server.isHostile = false;
  for (let step = 0; step < 10; step += 1) {
    await clock.advance(30_000);
    for (let acts = 0; acts < 10; acts += 1) server.act();
  }
  await clock.advance(100_000);
  deepEqual([...known.values()].toSorted(), server.state, `seed ${seed}`);
  ok(isSynced, `seed ${seed} is synced`);
  stopping.abort();
  await done;
}

test('follow: for every seed, what is told at a version is what there was, and in the end what there is', async () => {
  for (let seed = 1; seed <= 60; seed += 1) await run(seed);
});
