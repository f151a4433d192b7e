import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../src/core/model/diagnostic.ts';
import { statusOfCheck } from '../../../src/core/report/check-status.ts';
import { origin } from '../../builder/model.ts';

const found = (severity: Diagnostic['severity'], line: number, message = 'no such field'): Diagnostic => ({
  code: 'A1001',
  severity,
  origin: { ...origin, path: 'apps/web.yaml', line, column: 3 },
  message,
});

const cases = [
  { name: 'nothing', diagnostics: [], is: 'success no errors' },
  {
    name: 'warnings only',
    diagnostics: [found('warning', 1), found('warning', 2)],
    is: 'success no errors, 2 warnings',
  },
  { name: 'one error', diagnostics: [found('error', 7)], is: 'failure 1 error; apps/web.yaml:7:3: no such field' },
  {
    name: 'the first error, not the warning before it',
    diagnostics: [found('warning', 1), found('error', 7), found('error', 9)],
    is: 'failure 2 errors; apps/web.yaml:7:3: no such field',
  },
];
for (const { name, diagnostics, is } of cases)
  test(`statusOfCheck: ${name}`, () => {
    const { state, text } = statusOfCheck(diagnostics);
    equal(`${state} ${text}`, is);
  });

test('statusOfCheck: details name all of them, errors first; the text is cut', () => {
  const { text, details } = statusOfCheck([found('warning', 1), found('error', 7, 'x'.repeat(500))]);
  ok(text.length <= 140 && text.startsWith('1 error; apps/web.yaml:7:3: xxx'));
  deepEqual(
    details.map((detail) => detail.slice(0, 33)),
    ['apps/web.yaml:7:3: error A1001: x', 'apps/web.yaml:1:3: warning A1001:'],
  );
});
