/** Label selectors. */
import { equal, throws } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { parseLabelSelector, selectorOf } from '../../../src/sandbox/api/label-selector.ts';

const labels = { tier: 'web', env: 'prod', size: '3', flag: '', 'example.com/in': 'in' };

const selections: readonly (readonly [string, boolean])[] = [
  ['', true],
  ['tier=web', true],
  ['tier == web', true],
  ['tier=db', false],
  ['tier!=db', true],
  ['absent!=db', true],
  ['tier in (web,db)', true],
  ['tier in (db)', false],
  ['tier notin (web)', false],
  ['absent notin (web)', true],
  ['tier', true],
  ['absent', false],
  ['!absent', true],
  ['! tier', false],
  ['flag=', true],
  ['flag in ()', true],
  ['flag in (,x)', true],
  ['size>2', true],
  ['size<3', false],
  ['example.com/in in (in)', true],
  ['tier=web,env=prod', true],
  ['tier=web,env=test', false],
];
for (const [text, expected] of selections) {
  test(`parseLabelSelector: ${text === '' ? 'nothing' : text}`, () => {
    equal(parseLabelSelector(text)?.(labels) ?? true, expected);
  });
}

const broken: readonly (readonly [string, string])[] = [
  ['a===b', "unable to parse requirement: found '=', expected: identifier"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=b,', "found '', expected: identifier after ','"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
];
for (const [text, message] of broken) {
  test(`parseLabelSelector: ${text} is refused`, () => {
    throws(() => parseLabelSelector(text), { name: 'SelectorError', message });
  });
}

const inSpecs: readonly { readonly name: string; readonly value: Json | undefined; readonly selects: boolean }[] = [
  { name: 'absent: nothing', value: undefined, selects: false },
  { name: 'empty: everything', value: {}, selects: true },
  { name: 'a plain map', value: { tier: 'web' }, selects: true },
  { name: 'matchLabels', value: { matchLabels: { tier: 'db' } }, selects: false },
  { name: 'In', value: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] }, selects: true },
  { name: 'NotIn', value: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] }, selects: false },
  { name: 'Exists', value: { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, selects: true },
  { name: 'DoesNotExist', value: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, selects: false },
  {
    name: 'an unknown operator: nothing',
    value: { matchExpressions: [{ key: 'tier', operator: 'Near' }] },
    selects: false,
  },
  {
    name: 'both parts must hold',
    value: { matchLabels: { tier: 'web' }, matchExpressions: [{ key: 'absent', operator: 'Exists' }] },
    selects: false,
  },
];
for (const { name, value, selects } of inSpecs) {
  test(`selectorOf: ${name}`, () => equal(selectorOf(value)(labels), selects));
}
