import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { describeOwner, isAutoscaler, ownersOf } from '../../../src/core/diff/blame.ts';
import type { Owner } from '../../../src/core/diff/entries.ts';
import { fieldPath } from '../../../src/core/diff/path.ts';
import { contestLimits, judge, noteReverts, type Revert } from '../../../src/core/diff/verdict.ts';
import { entryOf, objectWith, ours } from './recorded.ts';

const owner = (manager: string, subresource?: string): Owner => ({
  manager,
  operation: 'Update',
  subresource,
  time: undefined,
});
const replicas = fieldPath('spec', 'replicas');
const image = fieldPath('spec', 'image');

const scalers = [
  { name: 'the HorizontalPodAutoscaler', owner: owner('kube-controller-manager', 'scale'), is: true },
  { name: 'KEDA', owner: owner('keda', 'scale'), is: true },
  { name: 'any other program through scale', owner: owner('acme-autoscaler', 'scale'), is: true },
  { name: 'a person through scale', owner: owner('kubectl', 'scale'), is: false },
  { name: 'a person with another tool', owner: owner('Lens', 'scale'), is: false },
  { name: 'a controller that does not scale', owner: owner('kube-controller-manager'), is: false },
  { name: 'status', owner: owner('kube-controller-manager', 'status'), is: false },
];
for (const { name, owner: candidate, is } of scalers)
  test(`isAutoscaler: ${name}`, () => equal(isAutoscaler(candidate), is));

test('describeOwner: names the subresource', () => {
  equal(describeOwner(owner('kubectl-edit')), 'kubectl-edit');
  equal(describeOwner(owner('keda', 'scale')), 'keda through scale');
});

test('ownersOf: who owns the place, something in it, or the whole that it is part of', () => {
  const live = objectWith([
    entryOf({ 'f:spec': { 'f:image': {} } }),
    {
      manager: 'x',
      operation: 'Update',
      subresource: 'scale',
      time: '2026-11-20T14:00:00Z',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    },
    { manager: 'y', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:image': { 'f:tag': {} } } } },
    { manager: 'z', operation: 'Update', fieldsV1: { 'f:spec': {} } },
  ]);
  const blames = ownersOf(live, [replicas, image, fieldPath('status')]);
  deepEqual(
    blames.map(({ owners }) => owners.map(({ manager }) => manager)),
    [['x', 'z'], [ours, 'y', 'z'], []],
  );
  deepEqual(blames[0]?.owners[0], {
    manager: 'x',
    operation: 'Update',
    subresource: 'scale',
    time: '2026-11-20T14:00:00Z',
  });
});

const blame = (path: typeof image, ...owners: readonly Owner[]) => ({ path, owners });
const reverted = (count: number, atMs: number): readonly Revert[] =>
  Array.from({ length: count }, () => ({ path: '.spec.image', atMs }));
const now = 10_000_000;
const cases = [
  { name: 'a first edit', blame: blame(image, owner('kubectl-edit')), reverts: [], kind: 'heal' },
  { name: 'removed', blame: blame(image), reverts: [], kind: 'heal' },
  { name: 'an autoscaler', blame: blame(replicas, owner('keda', 'scale')), reverts: [], kind: 'release' },
  {
    name: 'an autoscaler beside us',
    blame: blame(replicas, owner(ours), owner('keda', 'scale')),
    reverts: [],
    kind: 'release',
  },
  { name: 'two reverts', blame: blame(image, owner('x')), reverts: reverted(2, now - 1), kind: 'heal' },
  { name: 'three reverts', blame: blame(image, owner('x')), reverts: reverted(3, now - 1), kind: 'contested' },
  {
    name: 'three reverts of another path',
    blame: blame(replicas, owner('x')),
    reverts: reverted(3, now - 1),
    kind: 'heal',
  },
  {
    name: 'three reverts, long ago',
    blame: blame(image, owner('x')),
    reverts: reverted(3, now - contestLimits.windowMs),
    kind: 'heal',
  },
];
for (const { name, blame: given, reverts, kind } of cases) {
  test(`judge: ${name}: ${kind}`, () => deepEqual(judge([given], reverts, now), [{ kind, ...given }]));
}

test('noteReverts: adds, and forgets what is past', () => {
  const before = [...reverted(1, now - contestLimits.windowMs), ...reverted(1, now - 5)];
  deepEqual(noteReverts(before, [image, replicas], now), [
    { path: '.spec.image', atMs: now - 5 },
    { path: '.spec.image', atMs: now },
    { path: '.spec.replicas', atMs: now },
  ]);
});
