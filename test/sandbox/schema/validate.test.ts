/** What is refused with 422, word for word as a real API server did; its answers are recorded beside this file. */
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, isObject, type Json, numberOf } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import type { Held } from '../../../src/sandbox/merge/managed.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { readStatus, refusalDifferences } from '../../cluster/merge/compare.ts';
import { perform } from '../../cluster/merge/model.ts';
import { refusals } from '../../cluster/merge/refusals/refusals.ts';
import { widgetDefinition } from '../../cluster/merge/widget.ts';

const recorded = new Map<Json | undefined, Json>(
  rowsOf(parseJson(readFileSync(new URL('refusals.json', import.meta.url), 'utf8'))),
);
// The definition is a kind's by its form.
const widgets = customKinds(widgetDefinition as KubeObject);
const time = '2026-01-01T00:00:00Z';
const given = { time, createdAt: time, uid: 'u', allocate: { clusterIP: () => '10.0.0.7', nodePort: () => 30_000 } };

for (const { name, place, writes } of refusals) {
  const label = `${name} (${place.kind})`;
  test(`validate: ${label}`, () => {
    const schema = place.isCustom ? widgets[0] : builtinSchema(place.apiVersion, place.kind);
    const answers = recorded.get(label);
    if (schema === undefined || !isArray(answers)) throw new Error('not recorded');
    equal(answers.length, writes.length);
    let live: Held | undefined;
    for (const [step, write] of writes.entries()) {
      const outcome = perform(live, write, 'body' in write ? write.body : null, schema, given);
      const real: Json = answers[step] ?? null;
      const code: number = numberOf(at(real, 'code')) ?? 0;
      if (outcome.kind === 'refused') {
        deepEqual(refusalDifferences(outcome.refusal, readStatus(code, isObject(real) ? real : {})), []);
      } else {
        deepEqual([code < 300, outcome.warnings], [true, at(real, 'warnings')]);
        live = outcome.value.held;
      }
    }
  });
}

function rowsOf(file: Json): [Json | undefined, Json][] {
  const rows = at(file, 'rows');
  return (isArray(rows) ? rows : []).filter(isArray).map((row) => [row[0], row[1] ?? null]);
}
