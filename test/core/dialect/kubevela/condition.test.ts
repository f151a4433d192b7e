/** Protects: a step is left out only when it is sure that it would not run. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Verdict } from '../../../../src/core/dialect/kubevela/condition.ts';

const cases: readonly (readonly [string | undefined, Verdict])[] = [
  [undefined, 'runs'],
  ['', 'runs'],
  ['always', 'runs'],
  ['status.a.succeeded', 'runs'],
  ['status.a.failed', 'skipped'],
  ['!status.a.failed', 'runs'],
  ['status["a-b"].phase == "succeeded"', 'runs'],
  ['status.a.phase != "succeeded"', 'skipped'],
  ['status.a.failed || status.b.succeeded', 'runs'],
  ['status.a.failed && inputs.x', 'skipped'],
  ['status.a.succeeded && inputs.x', 'unknown'],
  ['status.a.succeeded || context.name == "x"', 'runs'],
  ['(status.a.failed || status.b.timeout) == false', 'runs'],
  ['inputs.x == "y"', 'unknown'],
  ['status.a.message == "y"', 'unknown'],
  ['status.a.succeeded &&', 'unknown'],
  ['(status.a.succeeded', 'unknown'],
  ['status.a.succeeded)', 'unknown'],
  ['"text"', 'unknown'],
  ['a + b', 'unknown'],
  [`!${'!'.repeat(1_991)}true`, 'runs'],
  [`${'('.repeat(3_000)}`, 'unknown'],
];

for (const [text, verdict] of cases) {
  test(`judge: ${text === undefined ? 'nothing' : text.slice(0, 60)}`, () => equal(judge(text), verdict));
}
