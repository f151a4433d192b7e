/** What a case of kubectl is, and how it says what must come out. */
import { equal, fail, ok } from 'node:assert/strict';
import { parseJson } from '../../src/core/json/text.ts';
import { isObject, type JsonObject } from '../../src/core/json/value.ts';
import type { Kubectl, KubectlRun } from './run-kubectl.ts';

export type KubectlCase = { readonly name: string; readonly run: (scope: KubectlScope) => Promise<void> };
export type KubectlScope = {
  /** In the namespace of the case, which exists. */
  readonly kubectl: Kubectl;
  readonly namespace: string;
  /** Such as `1.36`. */
  readonly version: string;
};

/** It must have ended well, and with exactly this output where one is given. */
export function said(run: KubectlRun, stdout?: string | RegExp): string {
  if (run.code !== 0) fail(`exit code ${run.code}: ${run.stderr}${run.stdout}`);
  checkText(run.stdout, stdout);
  return run.stdout;
}

/** It must have ended with this code, and have said this on stderr. */
export function failed(run: KubectlRun, code: number, stderr: string | RegExp): void {
  equal(run.code, code, `exit code ${run.code}: ${run.stderr}${run.stdout}`);
  checkText(run.stderr, stderr);
}

export function jsonOf(run: KubectlRun): JsonObject {
  const value = parseJson(said(run));
  return isObject(value) ? value : fail(`no object: ${run.stdout}`);
}

/** The lines of a table as lists of cells, the header first. */
export function tableOf(run: KubectlRun): readonly (readonly string[])[] {
  return rowsOf(said(run));
}

export const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/ {2,}/));

function checkText(text: string, expected: string | RegExp | undefined): void {
  if (typeof expected === 'string') equal(text, expected);
  else if (expected !== undefined) ok(expected.test(text), `${JSON.stringify(text)} is not ${expected}`);
}

/** What kubectl reads from stdin: one JSON document after the other, which every version takes. */
export const documents = (...objects: readonly JsonObject[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');
