import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { sameSent, sameStored } from '../../../src/core/diff/equality.ts';
import { fieldPath } from '../../../src/core/diff/path.ts';
import { placeOf } from '../../../src/core/diff/quantity-place.ts';
import type { Json } from '../../../src/core/json/value.ts';

type Case = {
  readonly name: string;
  readonly at?: readonly string[];
  readonly wanted: Json | undefined;
  readonly live: Json | undefined;
  readonly stored: boolean;
  readonly sent: boolean;
};
const cpu = ['spec', 'resources', 'requests', 'cpu'];

const cases: readonly Case[] = [
  { name: 'equal texts', wanted: 'a', live: 'a', stored: true, sent: true },
  { name: 'other texts', wanted: 'a', live: 'b', stored: false, sent: false },
  { name: 'missing, missing', wanted: undefined, live: undefined, stored: true, sent: true },
  { name: 'null, missing', wanted: null, live: undefined, stored: true, sent: true },
  { name: 'missing, there', wanted: undefined, live: 'a', stored: false, sent: true },
  { name: 'there, missing', wanted: 'a', live: undefined, stored: false, sent: false },
  { name: 'empty text, missing', wanted: '', live: undefined, stored: false, sent: true },
  { name: 'false, missing', wanted: false, live: undefined, stored: false, sent: true },
  { name: 'zero, missing', wanted: 0, live: null, stored: false, sent: true },
  { name: 'empty list, missing', wanted: [], live: undefined, stored: false, sent: true },
  { name: 'empty object, missing', wanted: {}, live: undefined, stored: false, sent: true },
  { name: 'object of empty values, missing', wanted: { a: '', b: {} }, live: undefined, stored: false, sent: true },
  { name: 'true, missing', wanted: true, live: undefined, stored: false, sent: false },
  { name: 'number and its text', wanted: 80, live: '80', stored: false, sent: false },
  { name: 'int64', wanted: 9007199254740993n, live: 9007199254740993n, stored: true, sent: true },
  { name: 'neighbouring int64', wanted: 9007199254740993n, live: 9007199254740992, stored: false, sent: false },
  { name: 'quantity, by value', at: cpu, wanted: '0.5', live: '500m', stored: true, sent: true },
  { name: 'quantity as a number', at: cpu, wanted: 1, live: '1', stored: true, sent: true },
  { name: 'another quantity', at: cpu, wanted: '0.5', live: '501m', stored: false, sent: false },
  { name: 'no quantity where one can stand', at: cpu, wanted: 'a', live: 'b', stored: false, sent: false },
  { name: 'quantity in data is text', at: ['data', 'cpu'], wanted: '0.5', live: '500m', stored: false, sent: false },
  { name: 'value of a variable is text', at: ['env', 'value'], wanted: '1', live: '1000m', stored: false, sent: false },
  {
    name: 'quantity in a whole',
    wanted: [{ target: { value: '1' } }],
    live: [{ target: { value: '1000m' } }],
    stored: true,
    sent: true,
  },
  { name: 'sizeLimit', at: ['emptyDir', 'sizeLimit'], wanted: '1Gi', live: '1024Mi', stored: true, sent: true },
  { name: 'default filled in', wanted: { port: 80 }, live: { port: 80, protocol: 'TCP' }, stored: false, sent: true },
  {
    name: 'default filled in, in a list',
    wanted: [{ port: 80 }],
    live: [{ port: 80, protocol: 'TCP' }],
    stored: false,
    sent: true,
  },
  { name: 'field gone', wanted: { port: 80, name: 'a' }, live: { port: 80 }, stored: false, sent: false },
  { name: 'null field, missing field', wanted: { a: null, b: 1 }, live: { b: 1 }, stored: true, sent: true },
  { name: 'fields in another order', wanted: { a: 1, b: 2 }, live: { b: 2, a: 1 }, stored: true, sent: true },
  { name: 'list in another order', wanted: [1, 2], live: [2, 1], stored: false, sent: false },
  { name: 'list with one other element', wanted: [1, 2], live: [1, 3], stored: false, sent: false },
  { name: 'longer list', wanted: [1], live: [1, 2], stored: false, sent: false },
  { name: 'object for a list', wanted: [1], live: { 0: 1 }, stored: false, sent: false },
  { name: 'text for an object', wanted: { a: 1 }, live: 'a', stored: false, sent: false },
  { name: 'field of the prototype', wanted: { toString: 'a' }, live: {}, stored: false, sent: false },
];

for (const { name, at = ['spec', 'field'], wanted, live, stored, sent } of cases) {
  const place = placeOf(fieldPath(...at));
  test(`sameStored: ${name}`, () => equal(sameStored(wanted, live, place), stored));
  test(`sameSent: ${name}`, () => equal(sameSent(wanted, live, place), sent));
}

test('sameStored, sameSent: what nests beyond all kinds is no crash', () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 20_000; depth++) deep = depth % 2 === 0 ? [deep] : { deep };
  for (const same of [sameStored, sameSent]) equal(same(deep, deep, placeOf(fieldPath('spec'))), false);
});
