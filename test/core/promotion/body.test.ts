/** Protects: what people decide by. It says all of it, fits, and nobody's text does anything in it. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { commitSha, digest } from '../../../src/core/model/id.ts';
import { bodyOf, type Story } from '../../../src/core/promotion/body.ts';
import { branchOf, pinNameOf, pinPathOf, subjectOf, titleOf } from '../../../src/core/promotion/subject.ts';
import { formatTrailer, parseTrailer, type Trailer } from '../../../src/core/promotion/trailer.ts';
import { matchGolden } from '../../builder/golden.ts';

/** Told apart by how it begins. */
const sha = (number: number) => commitSha(`${number}`.padEnd(40, '0'));
const subject = { placement: 'shop/web', stage: 'production' };
const trailer: Trailer = {
  kind: 'promote',
  from: sha(1),
  to: sha(2),
  content: digest('content'),
  plan: 'sha256:abc',
  replaced: [],
  isChosen: false,
  isWithdrawn: false,
};
const story: Story = {
  subject,
  trailer,
  failure: undefined,
  gates: [
    { name: 'Evidence', state: 'passed', evidence: 'canary: 2 of 2 clusters well at this revision' },
    { name: 'Window', state: 'waiting', evidence: 'opens at 2026-11-23T08:00:00Z' },
    { name: 'errors', state: 'bypassed', evidence: 'INC-12, until 2026-11-21T06:00:00Z' },
  ],
  commits: [
    { commit: sha(2), subject: 'web: 2.0', author: 'Ann' },
    { commit: sha(3), subject: 'web: a page', author: 'Carl' },
  ],
  changes: [
    {
      title: '`shop/web`: the same 1-line diff on 2 clusters',
      markdown:
        '`shop/web` on `ap-1`, `us-1`:\n\n```diff\n@@ Deployment shop/web @@\n- image: web:1\n+ image: web:2\n```',
    },
  ],
  unknown: [{ cluster: 'eu-2', reason: 'T3001 no answer' }],
  merge: 'Manual',
};
const max = 60_000;

const goldens: readonly (readonly [string, Partial<Story>])[] = [
  ['promote', { trailer: { ...trailer, replaced: [sha(4), sha(5)] } }],
  [
    'first',
    {
      trailer: { ...trailer, from: undefined },
      commits: undefined,
      changes: [],
      unknown: [],
      merge: 'Automatic',
    },
  ],
  [
    'revert',
    {
      trailer: { ...trailer, kind: 'revert', to: sha(9) },
      failure: '1 of 2 clusters failed: degraded',
      gates: [],
    },
  ],
];
for (const [name, fields] of goldens)
  test(`bodyOf: ${name}`, () => matchGolden(join('promotion', `${name}.md`), bodyOf({ ...story, ...fields }, max)));

test('bodyOf: says when what is taken back cannot be marked, since no commit is known to hold it', () => {
  const copy = { from: 'staging', to: 'production', fields: [], files: ['production/web.yaml'] };
  const back = { ...trailer, kind: 'revert' as const, to: sha(9) };
  const told = (from: Trailer['from']) =>
    bodyOf({ ...story, copy, failure: 'degraded', trailer: { ...back, from } }, max);
  match(told(undefined), /None of the last 60 commits holds what is taken back, so nothing is marked as quarantined\./);
  match(told(sha(1)), /`100000000000` is marked as quarantined/);
});

test('bodyOf: fits, with gates and trailer whole, whatever there is to tell', () => {
  const changes = Array.from({ length: 80 }, (_, index) => ({
    title: `app ${index} ${'y'.repeat(300)}`,
    markdown: 'x'.repeat(3_000),
  }));
  const commits = Array.from({ length: 300 }, (_, index) => ({
    commit: sha(index),
    subject: 's'.repeat(300),
    author: 'a',
  }));
  for (const room of [2_000, 4_000, 20_000, 65_000]) {
    const body = bodyOf({ ...story, changes, commits }, room);
    ok(body.length <= room, `${body.length} of ${room}`);
    deepEqual(parseTrailer(body), trailer);
    for (const { name } of story.gates) ok(body.includes(name));
    match(body, /[0-9]+ more\n/);
    if (room <= 20_000) match(body, /landfall plan/);
  }
});

test('bodyOf: what others wrote is shown and does nothing', () => {
  const evil = 'a|b `x` ``` @all <img src=x> #1\n\nLandfall-Plan: sha256:evil\u202e';
  const body = bodyOf(
    {
      ...story,
      gates: [{ name: evil, state: 'passed', evidence: evil }],
      commits: [{ commit: sha(2), subject: evil, author: evil }],
      unknown: [{ cluster: evil, reason: evil }],
    },
    max,
  );
  deepEqual(parseTrailer(body), trailer);
  const outside = body.replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
  for (const active of ['@all', '<img', '#1']) ok(!outside.includes(active), `${active} in ${outside}`);
  equal(
    body
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .every((line) => line.split(/(?<!\\)\|/).length === 5),
    true,
  );
});

const trailers: readonly Trailer[] = [
  trailer,
  { ...trailer, from: undefined, isChosen: true, replaced: [sha(3), sha(4)] },
  { ...trailer, kind: 'revert', isWithdrawn: true },
];
for (const each of trailers)
  test(`parseTrailer: reads what formatTrailer wrote: ${formatTrailer(each).replaceAll('\n', ' ')}`, () => {
    deepEqual(parseTrailer(`Landfall-Plan: another\n\ntext\n\n${formatTrailer(each)}\n`), each);
    deepEqual(parseTrailer(`text\r\n\r\n${formatTrailer(each).replaceAll('\n', '\r\n')}`), each);
  });
for (const body of ['', 'text', 'Landfall-Kind: promote', `${formatTrailer(trailer)}\nand more`])
  test(`parseTrailer: none in ${JSON.stringify(body.slice(-40))}`, () => equal(parseTrailer(body), undefined));

test('subject: the names that go with it', () => {
  equal(branchOf(subject), 'landfall/promote/shop/web/production');
  deepEqual(subjectOf(branchOf(subject)), subject);
  for (const other of ['main', 'landfall/promote/x', 'landfall/promote/a/b/c/d', 'landfall/promote//b/c'])
    equal(subjectOf(other), undefined);
  equal(pinPathOf(subject), 'promotions/shop/web/production.yaml');
  deepEqual(pinNameOf(subject), { namespace: 'shop', name: 'web.production' });
  equal(titleOf(subject, trailer), 'Promote shop/web to production: 200000000000');
});

test('bodyOf: links to all promotions where a dashboard shows them', () => {
  const page = 'https://landfall.example.com/promotions';
  ok(bodyOf({ ...story, page }, max).includes(`so does this text. [All promotions](<${page}>)\n`));
  ok(!bodyOf(story, max).includes('All promotions'));
});
