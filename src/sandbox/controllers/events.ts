/** Events: what controllers tell people, as `kubectl describe` shows it. Gone after an hour, as in a real cluster. */
import type { KubeObject } from '../../core/model/object.ts';
import { timeOf } from '../registry/world.ts';
import { type Actor, isGoing } from './actor.ts';

const place = 'events';
const lifetimeMs = 3_600_000;

export type Happening = {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who says so: `deployment-controller`, `kubelet`. */
  readonly component: string;
};

export function tell(actor: Actor, { about, type, reason, message, component }: Happening): void {
  const { clock, rng } = actor.world;
  const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
  const time = timeOf(clock.nowMs());
  // Nothing new goes into a namespace that is going, and nobody would read it.
  const there = actor.get('namespaces', { namespace: '', name: namespace });
  if (there === undefined || isGoing(actor.read(there))) return;
  const suffix = Buffer.from(rng.bytes(8)).toString('hex');
  const entry = actor.create(place, {
    metadata: { name: `${name}.${suffix}`, namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name,
      namespace,
      uid: uid ?? '',
      resourceVersion: resourceVersion ?? '',
    },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  });
  clock.after(lifetimeMs, () => {
    const live = actor.get(place, { namespace, name: entry.name });
    if (live?.uid === entry.uid) actor.remove(place, live);
  });
}
