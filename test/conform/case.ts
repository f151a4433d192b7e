/** What a conformance case is, and the words in which cases say what they expect. */
import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import type { Answer, Api, Target } from './client.ts';

/** One behaviour of an API server. Cases run side by side, so each keeps to its own namespace and names. */
export type Case = {
  readonly name: string;
  readonly run: (scope: Scope) => Promise<void>;
  /** Set where the case makes no namespaced object, so that it gets no namespace. */
  readonly isClusterWide?: boolean;
};
export type Theme = { readonly name: string; readonly cases: readonly Case[] };

export type Scope = {
  readonly api: Api;
  readonly target: Target;
  /** Made for this case. */
  readonly namespace: string;
  /** `/api/v1/namespaces/<namespace>`. */
  readonly core: string;
  /** `/apis/apps/v1/namespaces/<namespace>`. */
  readonly apps: string;
  /** `/apis/<group version>/namespaces/<namespace>`. */
  readonly group: (groupVersion: string) => string;
};

/** The body of an answer that must have this status. */
export function answered(status: number, answer: Answer): JsonObject {
  if (answer.status !== status) fail(`expected HTTP ${status}, got ${answer.status}: ${answer.text.slice(0, 2_000)}`);
  return answer.json;
}

export type Refusal = {
  /** Absent where the server gives none. */
  readonly reason?: string;
  readonly message?: string | RegExp;
  readonly details?: JsonObject;
};

/** The answer must be a Status that says no, with at least these contents. */
export function refused(code: number, answer: Answer, expected: Refusal): JsonObject {
  const status = answered(code, answer);
  const { reason, message, details } = expected;
  holds(status, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code });
  equal(status.reason, reason);
  if (details !== undefined) holds(status.details, details);
  if (typeof message === 'string') equal(status.message, message);
  else if (message !== undefined)
    ok(message.test(String(status.message)), `${String(status.message)} is not ${message}`);
  return status;
}

/** The causes of a refusal by field: servers list them in any order. */
export function causesOf(status: Json): readonly JsonObject[] {
  const causes = at(status, 'details', 'causes');
  const found = isArray(causes) ? causes.filter(isObject) : [];
  return found.toSorted((one, other) => (String(one.field) < String(other.field) ? -1 : 1));
}

/** `value` has all that `part` has. Lists must have as many items, each holding its counterpart. */
export function holds(value: Json | undefined, part: Json, path = ''): void {
  if (isArray(part) && isArray(value) && part.length === value.length) {
    for (const [index, item] of part.entries()) holds(value[index], item, `${path}[${index}]`);
  } else if (isObject(part) && isObject(value)) {
    for (const [field, wanted] of Object.entries(part)) holds(value[field], wanted, `${path}.${field}`);
  } else {
    deepEqual(
      value,
      part,
      `at ${path}: expected ${JSON.stringify(part)}, got ${JSON.stringify(value)?.slice(0, 2_000)}`,
    );
  }
}

export const textAt = (value: Json | undefined, ...fields: readonly string[]): string => {
  const text = at(value, ...fields);
  if (typeof text !== 'string') fail(`no text at ${fields.join('.')} of ${JSON.stringify(value)}`);
  return text;
};
export const versionOf = (object: Json): string => textAt(object, 'metadata', 'resourceVersion');
export const uidOf = (object: Json): string => textAt(object, 'metadata', 'uid');
export const nameOf = (object: Json): string => textAt(object, 'metadata', 'name');

export function itemsOf(list: Json): readonly JsonObject[] {
  const items = at(list, 'items');
  if (!isArray(items)) fail(`no items in ${JSON.stringify(list).slice(0, 500)}`);
  return items.filter(isObject);
}
export const namesOf = (list: Json): readonly string[] => itemsOf(list).map(nameOf).toSorted();

/** The managedFields of an object without times, by operation, manager and subresource; the controllers' are left out. */
export function entriesOf(object: Json): readonly JsonObject[] {
  const entries = at(object, 'metadata', 'managedFields');
  const nameOfEntry = ({ operation, manager, subresource = '' }: JsonObject): string =>
    `${String(operation)} ${String(manager)} ${String(subresource)}`;
  return (isArray(entries) ? entries : [])
    .filter(isObject)
    .filter((entry) => entry.manager !== 'kube-controller-manager')
    .map(({ time: _time, ...entry }) => entry)
    .toSorted((one, other) => (nameOfEntry(one) < nameOfEntry(other) ? -1 : 1));
}

/** One manager's entry as it must be in managedFields. */
export const entry = (
  operation: 'Apply' | 'Update',
  manager: string,
  apiVersion: string,
  fieldsV1: JsonObject,
  subresource?: string,
): JsonObject => ({
  manager,
  operation,
  apiVersion,
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
});

/** Asks again until the answer passes; what a controller does takes a moment. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isThere: (seen: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  const startedAtMs = performance.now();
  for (;;) {
    const seen = await ask();
    if (isThere(seen)) return seen;
    if (performance.now() - startedAtMs > withinMs)
      fail(`not within ${withinMs} ms; last seen ${JSON.stringify(seen).slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const configMap = (name: string, data: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

/** The smallest Deployment that is accepted; `spec` and the pod's `container` add to it. */
export const deployment = (name: string, spec: JsonObject = {}, container: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'registry.example/main:1', ...container }] },
    },
    ...spec,
  },
});
