/** A member that is worked on, lent to a plan: what its watches know is used, what they do not is listed once. */
import type { Fault } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { ClusterId, InstallationId, ObjectKey } from '../../core/model/id.ts';
import type { LiveObject, LiveObjects } from '../../core/model/live.ts';
import { installationLabel } from '../../core/plan/manifest.ts';
import type { Clock } from '../../seam/clock.ts';
import { AutoscalerCache } from '../member/autoscaler-cache.ts';
import { LiveCache } from '../member/live-cache.ts';
import type { Member } from '../member/member.ts';
import { Session } from '../member/session.ts';
import { TextPool } from '../member/text-pool.ts';
import { listers } from '../plan/read-member.ts';
import type { SurveyMember } from '../plan/survey-member.ts';

/** Shape: `cluster` as the plan wants it; it is reached as it is reached now. The watches of the member stay what they are. */
export function borrow(cluster: Cluster, member: Member, clock: Clock, signal: AbortSignal): SurveyMember {
  return member.isRead ? new BorrowedMember(cluster, member, clock, signal) : unread(cluster, member);
}

class BorrowedMember implements SurveyMember {
  readonly id: ClusterId;
  readonly cluster: Cluster;
  readonly session: SurveyMember['session'];
  readonly live: SurveyMember['live'];
  readonly autoscalers: SurveyMember['autoscalers'];
  readonly isKnown = true;
  readonly isRead = true;
  readonly #member: Member;

  constructor(cluster: Cluster, member: Member, clock: Clock, signal: AbortSignal) {
    this.id = cluster.id;
    this.cluster = cluster;
    this.#member = member;
    const { session: followed, live, autoscalers, manager, installation } = member;
    const { client, version, kinds, seal, lease } = followed;
    const listed = new LiveCache(() => {}, new TextPool());
    const scalers = new AutoscalerCache(() => {});
    const beside = new Session({
      ...{ client, version, kinds, seal, lease, manager, clock },
      ...{ live: listed, autoscalers: scalers, followers: listers(client, signal) },
      selector: `${installationLabel}=${installation}`,
    });
    this.session = {
      ...{ client, version, kinds, seal },
      follow: async (keys, reader, until) => {
        const unknown = keys.filter((key) => !followed.isFollowing(key));
        if (unknown.length > 0) await beside.follow(unknown, reader, until);
      },
    };
    this.live = {
      get objects() {
        return listed.objects.size === 0 ? live.objects : new Joined(live.objects, listed.objects);
      },
      partsOf: (recordId) => [...new Set([...live.partsOf(recordId), ...listed.partsOf(recordId)])],
    };
    this.autoscalers = {
      fieldsOf: (key) => {
        const fields = autoscalers.fieldsOf(key);
        return fields.length > 0 ? fields : scalers.fieldsOf(key);
      },
    };
  }

  get installation(): InstallationId {
    return this.#member.installation;
  }

  get manager(): string {
    return this.#member.manager;
  }

  get records(): Member['records'] {
    return this.#member.records;
  }

  get version(): string | undefined {
    return this.#member.version;
  }

  get isReady(): boolean {
    return this.#member.isReady;
  }

  get lostSinceMs(): number | undefined {
    return this.#member.lostSinceMs;
  }

  get fault(): Fault | undefined {
    return faultOfMember(this.#member);
  }
}

/** Nothing was ever heard of it: a plan knows no more of it than the engine does. */
function unread(cluster: Cluster, member: Member): SurveyMember {
  const { installation, manager, live, autoscalers, records, version, lostSinceMs } = member;
  return {
    ...{ id: cluster.id, cluster, installation, manager, live, autoscalers, records, version, lostSinceMs },
    get session() {
      return member.session;
    },
    isKnown: false,
    isRead: false,
    isReady: false,
    fault: faultOfMember(member),
  };
}

function faultOfMember({ state, id }: Member): Fault | undefined {
  switch (state.kind) {
    case 'ready':
      return undefined;
    case 'connecting':
      return { kind: 'unreachable', detail: `cluster ${id} is not connected yet` };
    default:
      return { kind: 'unreachable', detail: state.reason };
  }
}

/** What is in the first goes before what is in the second. */
class Joined implements LiveObjects {
  readonly #first: LiveObjects;
  readonly #second: LiveObjects;

  constructor(first: LiveObjects, second: LiveObjects) {
    this.#first = first;
    this.#second = second;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  get(key: ObjectKey): LiveObject | undefined {
    return this.#first.get(key) ?? this.#second.get(key);
  }

  has(key: ObjectKey): boolean {
    return this.#first.has(key) || this.#second.has(key);
  }

  *keys(): MapIterator<ObjectKey> {
    yield* this.#first.keys();
    for (const key of this.#second.keys()) if (!this.#first.has(key)) yield key;
  }

  *entries(): MapIterator<[ObjectKey, LiveObject]> {
    for (const key of this.keys()) {
      const object = this.get(key);
      if (object !== undefined) yield [key, object];
    }
  }

  *values(): MapIterator<LiveObject> {
    for (const [, object] of this.entries()) yield object;
  }

  [Symbol.iterator](): MapIterator<[ObjectKey, LiveObject]> {
    return this.entries();
  }

  forEach(callback: (object: LiveObject, key: ObjectKey, map: LiveObjects) => void): void {
    for (const [key, object] of this.entries()) callback(object, key, this);
  }
}
