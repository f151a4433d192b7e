/** Protects: whoever follows a status finds what it is about. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf } from '../../../src/cli/connect/pages.ts';
import { contextOf } from '../../../src/core/report/context.ts';

const commit = 'c'.repeat(40);
const page = `https://landfall.example.com/commits/fleet/${commit}`;
const cases: readonly (readonly [context: string, url: string])[] = [
  ['landfall/check', page],
  ['landfall/plan', page],
  ['landfall/shop/web', `${page}?app=shop%2Fweb`],
  ['landfall/shop/web/production', `${page}?app=shop%2Fweb`],
];
for (const [context, url] of cases)
  test(`pagesOf: ${context}`, () =>
    equal(pagesOf('fleet', { publicURL: 'https://landfall.example.com' })(commit, contextOf(context)), url));

test('pagesOf: without a public address nothing links to pages', () =>
  equal(pagesOf('fleet', { publicURL: undefined })(commit, contextOf('landfall/check')), undefined));
