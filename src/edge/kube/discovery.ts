/** The kinds that a cluster serves: asked for once, kept for a while, shared between clusters that serve the same. */
import { digestOfText } from '../../core/json/digest.ts';
import { type Kinds, kindsOf } from '../../core/model/kinds.ts';
import type { Clock } from '../../seam/clock.ts';
import { type Answer, jsonOf } from './answer.ts';
import type { Caller } from './call.ts';
import { acceptAggregated, type Found, readAggregated } from './discovery-aggregated.ts';
import { discoverLegacy } from './discovery-legacy.ts';
import { json } from './media.ts';
import type { ClientOptions } from './options.ts';
import type { Pool } from './pool.ts';
import { singleFlight } from './single-flight.ts';

/** The lookups, and what is missing in them. */
export type ServedKinds = Kinds & {
  /** `group/version` of API servers behind this one that did not answer: their kinds are unknown, not absent. */
  readonly unavailable: readonly string[];
};

/** Gives the kinds; `isFresh`: as the cluster is now, not as it was some minutes ago. Errors: FaultError. */
export type Discovery = (isFresh: boolean, signal: AbortSignal) => Promise<ServedKinds>;

type Deps = {
  readonly call: Caller;
  readonly clock: Clock;
  /** Clusters of one version with the same add-ons give the same answer, which is large: it is read and kept once. */
  readonly kindsPool: Pool<ServedKinds>;
};

type Known = {
  readonly kinds: ServedKinds;
  /** By which the server knows what we have; empty when it gave none. */
  readonly tags: readonly string[];
  readonly readAtMs: number;
};

const about = { doing: 'ask for the kinds served', isSecret: false };
const halves = ['/api', '/apis'];
const notModified = 304;

/** `life`: ends what is under way when the client is closed. */
export function discovery(deps: Deps, options: ClientOptions, life: AbortSignal): Discovery {
  let known: Known | undefined;

  const read = (path: string, headers: Readonly<Record<string, string>>): Promise<Answer> => {
    const accept = headers.accept ?? acceptAggregated;
    const timeoutMs = options.listTimeoutMs;
    const sent = { 'accept-encoding': 'gzip', ...headers };
    return deps.call.send(
      { method: 'GET', path, about, accept, headers: sent, timeoutMs, expects: [notModified] },
      life,
    );
  };
  const readHalves = (tags: readonly string[]): Promise<readonly Answer[]> =>
    Promise.all(halves.map((path, at) => read(path, tags[at] ? { 'if-none-match': tags[at] } : {})));

  const load = async (): Promise<ServedKinds> => {
    let answers = await readHalves(known?.tags ?? []);
    const unchanged = answers.filter((answer) => answer.status === notModified).length;
    if (unchanged === halves.length && known !== undefined) return remember(known.kinds, known.tags);
    if (unchanged > 0) answers = await readHalves([]);
    const tags = answers.map((answer) => answer.headers.etag ?? '');
    return remember(await kindsIn(answers), tags);
  };
  const remember = (kinds: ServedKinds, tags: readonly string[]): ServedKinds => {
    known = { kinds, tags, readAtMs: deps.clock.nowMs() };
    return kinds;
  };

  const kindsIn = async (answers: readonly Answer[]): Promise<ServedKinds> => {
    const key = digestOfText(answers.map((answer) => answer.text).join('\n'));
    const pooled = deps.kindsPool.find(key);
    if (pooled !== undefined) return pooled;
    const bodies = answers.map((answer) => jsonOf(answer, about.doing));
    const found = bodies.map(readAggregated);
    if (found.every((half) => half !== undefined)) return deps.kindsPool.keep(key, servedKinds(found));
    const [core = null, groups = null] = bodies;
    const readJson = async (path: string): ReturnType<Parameters<typeof discoverLegacy>[2]> =>
      jsonOf(await read(path, { accept: json }), about.doing);
    return servedKinds([await discoverLegacy(core, groups, readJson)]);
  };

  const flight = singleFlight(load);
  return async (isFresh, signal) => {
    if (isFresh) return flight.fresh(signal);
    const isYoung = known !== undefined && deps.clock.nowMs() - known.readAtMs < options.kindsMaxAgeMs;
    return known !== undefined && isYoung ? known.kinds : flight.join(signal);
  };
}

const servedKinds = (found: readonly Found[]): ServedKinds => ({
  ...kindsOf(found.flatMap((part) => part.kinds)),
  unavailable: found.flatMap((part) => part.unavailable),
});
