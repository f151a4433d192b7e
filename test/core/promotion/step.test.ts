/** Protects: nothing is merged by itself that a person could not have read, word for word, before. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { digest } from '../../../src/core/model/id.ts';
import type { Request } from '../../../src/core/promotion/aim.ts';
import { type Offer, stepOf } from '../../../src/core/promotion/step.ts';
import type { Trailer } from '../../../src/core/promotion/trailer.ts';
import { sha } from '../../builder/model.ts';

const trailer: Trailer = {
  kind: 'promote',
  from: sha(1),
  to: sha(2),
  content: digest('content'),
  plan: 'sha256:1',
  replaced: [],
  isChosen: false,
  isWithdrawn: false,
};
const offer: Offer = { title: 't', body: 'b\n', trailer, head: sha(5), gates: [], merge: 'Automatic' };
const shown: Request = { number: 3, state: 'open', title: 't', body: 'b', head: sha(5), trailer, isMergeSeen: false };
const gate = (state: 'passed' | 'waiting' | 'failed' | 'bypassed') => ({
  name: 'Window',
  state,
  evidence: 'opens later',
});

const table: readonly (readonly [string, Partial<Offer>, Request | undefined, string])[] = [
  ['opened when there is none', {}, undefined, 'open'],
  ['opened after one that was merged', {}, { ...shown, state: 'merged' }, 'open'],
  ['merged when all is as shown', {}, shown, 'merge'],
  ['merged past a gate that is bypassed', { gates: [gate('passed'), gate('bypassed')] }, shown, 'merge'],
  ['edited when the text is another', { body: 'c' }, shown, 'edit'],
  ['edited when the title is another', { title: 'u' }, shown, 'edit'],
  ['edited when the plan is another', { trailer: { ...trailer, plan: 'sha256:2' } }, shown, 'edit'],
  ['edited when a person wrote over its end', {}, { ...shown, trailer: undefined }, 'edit'],
  ['left while its branch holds something else', {}, { ...shown, head: sha(6) }, 'wait'],
  ['left while a gate waits', { gates: [gate('waiting')] }, shown, 'wait'],
  ['left while a gate fails', { gates: [gate('failed')] }, shown, 'wait'],
  ['left to a person', { merge: 'Manual' }, shown, 'wait'],
  ['the same with other line ends', { body: 'x\ny' }, { ...shown, body: 'x\r\ny\r\n' }, 'merge'],
];
for (const [name, fields, request, expected] of table)
  test(`stepOf: ${name}`, () => equal(stepOf({ ...offer, ...fields }, request).kind, expected));

test('stepOf: merges the commit that was looked at, no other', () =>
  deepEqual(stepOf(offer, shown), { kind: 'merge', number: 3, head: sha(5) }));
