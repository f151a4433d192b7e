/** Statuses as kube-controller-manager and kube-apiserver 1.36 write them, and what is to be said of them. */
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { healthOf } from '../../../src/core/health/health.ts';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, textOf } from '../../../src/core/json/value.ts';
import { isKubeObject } from '../../../src/core/model/object.ts';

const recorded = parseJson(readFileSync(new URL('./recorded/status.json', import.meta.url), 'utf8'));
const rows = isArray(recorded) ? recorded : [];

test('recorded health: all are there', () => equal(rows.length, 48));

for (const row of rows) {
  test(`recorded health: ${textOf(at(row, 'name'))}`, () => {
    const object = at(row, 'object');
    deepEqual(isKubeObject(object) ? healthOf(object) : undefined, at(row, 'health'));
  });
}
