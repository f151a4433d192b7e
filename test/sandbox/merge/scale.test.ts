/** The number of replicas as an object of its own, and whether anything changed at all. */
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { apply } from '../../../src/sandbox/merge/apply.ts';
import { type Held, managedText } from '../../../src/sandbox/merge/managed.ts';
import { applyScale, scaleOf, trackScale } from '../../../src/sandbox/merge/scale.ts';
import { settle } from '../../../src/sandbox/merge/settle.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import type { Result } from '../../../src/sandbox/schema/refusal.ts';
import { thing, thingSchema } from './scene.ts';

const deployments = builtinSchema('apps/v1', 'Deployment')!;
const time = '2026-01-01T00:00:00Z';
const done = <Value>(result: Result<Value>): Value => {
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.value;
};
const config = (replicas: number): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { b: '2', a: '1' } },
    template: { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
});
const applied = (live: Held | undefined, replicas: number, manager: string): Result<Held> =>
  apply({ live, config: config(replicas), schema: deployments, manager, isForced: false, subresource: '', time });
const live = (() => {
  const { object, managed } = done(applied(undefined, 2, 'one'));
  const metadata = { ...object.metadata, uid: 'u', resourceVersion: '7', creationTimestamp: time };
  return { object: { ...object, metadata, status: { replicas: 1 } }, managed };
})();
const scale = (replicas: number): JsonObject => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas },
});

test('scaleOf: what GET answers', () => {
  deepEqual(scaleOf(deployments, live.object), {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7', creationTimestamp: time },
    spec: { replicas: 2 },
    status: { replicas: 1, selector: 'a=1,b=2' },
  });
});

test('scaleOf: of a custom object, by the paths of its definition', () => {
  deepEqual(scaleOf(thingSchema(), thing({ count: 3 }, 'v1', { status: { count: 2 } }))?.spec, { replicas: 3 });
});

test('scaleOf: kinds without one', () => {
  equal(
    scaleOf(builtinSchema('v1', 'ConfigMap')!, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }),
    undefined,
  );
});

const numberOf = (held: Held): Json => (held.object.spec as JsonObject).replicas ?? null;

test('trackScale: who sets the number takes it from the applier, as of the subresource', () => {
  const after = done(
    trackScale({
      live,
      scale: { ...scaleOf(deployments, live.object)!, spec: { replicas: 5 } },
      schema: deployments,
      manager: 'hpa',
      time,
    }),
  );
  equal(numberOf(after), 5);
  deepEqual(
    after.managed.map(({ manager, subresource }) => [manager, subresource]),
    [
      ['one', ''],
      ['hpa', 'scale'],
    ],
  );
  equal(managedText(after.managed.slice(1)).includes('{"f:spec":{"f:replicas":{}}}'), true);
  equal(managedText(after.managed.slice(0, 1)).includes('f:replicas'), false);
  // Who applied it before hears of it.
  const refused = applied(after, 2, 'one');
  equal(
    refused.kind === 'refused' && refused.refusal.message,
    'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas',
  );
});

test('applyScale: another number of another applier is a conflict', () => {
  const change = { live, config: scale(5), schema: deployments, manager: 'two', time };
  const refused = applyScale({ ...change, isForced: false });
  equal(
    refused.kind === 'refused' && refused.refusal.message,
    'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
  );
  const after = done(applyScale({ ...change, isForced: true }));
  deepEqual(
    [numberOf(after), after.managed.map(({ manager, subresource }) => `${manager}/${subresource}`)],
    [5, ['two/scale', 'one/']],
  );
});

test('settle: the live object itself when nothing changed, or an owner wrote again what it wrote', () => {
  equal(settle(live, { object: structuredClone(live.object), managed: live.managed }, deployments), live);
  const later = live.managed.map((entry) => ({ ...entry, time: '2027-01-01T00:00:00Z' }));
  equal(settle(live, { object: live.object, managed: later }, deployments), live);
});

test('settle: another owner is a change, and so is another value', () => {
  const shared = [...live.managed, { ...live.managed[0]!, manager: 'two' }];
  notEqual(settle(live, { object: live.object, managed: shared }, deployments), live);
  notEqual(
    settle(live, { object: { ...live.object, status: { replicas: 2 } }, managed: live.managed }, deployments),
    live,
  );
});

test('settle: an object at another version is compared at the version that is held', () => {
  const held = { object: thing({ a: '1' }), managed: [] };
  equal(settle(held, { object: thing({ a: '1' }, 'v2'), managed: [] }, thingSchema('v2')), held);
});
