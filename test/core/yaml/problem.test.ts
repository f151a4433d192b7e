/** What authors are told about their mistakes: read the golden file. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { problemCodes } from '../../../src/core/yaml/problem.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { matchGolden } from '../../builder/golden.ts';

const mistakes: readonly string[] = [
  'a: 1\nb:2\nc: 3',
  'a: 1\nbroken line\nc: 3',
  'a: 1\n  b: 2',
  'a: b: c',
  'time: 12:30: 15',
  'a: 5 # c\n b: 3',
  ': 1',
  `a: 1\n${'k'.repeat(1100)}: 2`,
  '~: 1\nnull: 2',
  'a:\n\tb: 1',
  'a:\n  b: 1\n\tc: 2',
  'a: |\n\t\tx',
  'a: "not closed\nb: 1',
  "a: 'it's'\nb: 1",
  'a: "x" y',
  'a: [x] y',
  'a: [1, 2\nb: 3',
  'a: {b: {c: 1}',
  'a: {b: 1 c: 2}',
  'a: [,]',
  'a: ]',
  'a:\n- x\n b: 1',
  'a:\n  - x\n - y',
  'a:\n  x: 1\n y: 2',
  '- a: 1\n  b: 2\n c: 3',
  'a: |\n  x\n y',
  'a: - b',
  'a: ? b',
  'a: @x',
  'a: %x',
  'a: *x',
  'a: *',
  'a: & b',
  'a: !x y',
  'a: !!int x',
  'a: "\\d+"',
  'a: "\\ud83d\\ude00"',
  'a: "\\u12"',
  'a: |x\n  y',
  'a: |0\n  y',
  'image: {{ .Values.image }}',
  '{{- if .Values.x }}\na: 1\n{{- end }}',
  'a: 1\n{{ include "x" . | nindent 2 }}',
  'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other',
  'a: 1\na: 2',
  '{"a": 1, "a": 2}',
  '? [a]\n: 1',
  '~: 1',
  'a: .inf',
  '{"a": 1e400}',
  '<<: 3',
  'a: &a [*a]',
  '%YAML 1.1\n---\na: 1',
  'a: 1\n--- x\nb: 2',
  'a: |\n-----BEGIN-----\n',
  'a: 1\n...\nb: 2',
  '- a\n- b',
  'just a text',
  'a: \u0007',
  'a: 1\n\ufeffb: 2',
  '#!/bin/sh\nset -e\necho',
];

test('readManifests: mistakes and what is said of them', () => {
  const told = mistakes.map((text) => {
    const { problems } = readManifests('a.yaml', text);
    ok(problems.length > 0, text);
    const lines = problems.map(({ code, line, column, message, hint }) =>
      [`${code} ${line}:${column} ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'),
    );
    return `${JSON.stringify(text)}\n${lines.join('\n')}\n`;
  });
  matchGolden('yaml/problems.txt', told.join('\n'));
});

test('problemCodes: each its own', () => {
  const codes = Object.values(problemCodes);
  deepEqual(codes, [...new Set(codes)].toSorted());
});
