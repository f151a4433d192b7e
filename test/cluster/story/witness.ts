/** kubectl as the witness of what a cluster holds. */
import { deepEqual, fail } from 'node:assert/strict';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isObject, type Json } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';

/** Shape: what it prints. Errors: throws what it complains of. */
export type Ask = (...args: readonly string[]) => Promise<string>;

/** As the cluster's administrator. */
export function kubectlOf(server: Pick<ApiServer, 'kubectl' | 'name'>): Ask {
  return async (...args) => {
    const { code, stdout, stderr } = await server.kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} on ${server.name}: ${stderr.trim()}`);
    return stdout;
  };
}

export type Place = readonly [namespace: string, object: string];

/** An object such as `configmap/web`; undefined where there is none. */
export async function seen(server: ApiServer, [namespace, object]: Place): Promise<Json | undefined> {
  const text = await kubectlOf(server)(
    '-n',
    namespace,
    'get',
    object,
    '--ignore-not-found',
    '--show-managed-fields',
    '-o',
    'json',
  );
  return text === '' ? undefined : parseJson(text);
}

/** The value of one field; undefined where the object or the field is not there. */
export async function fieldOf(
  server: ApiServer,
  place: Place,
  ...fields: readonly string[]
): Promise<Json | undefined> {
  return at(await seen(server, place), ...fields);
}

/** The names of all objects of some kinds. */
export async function namesIn(
  server: ApiServer,
  namespace: string,
  kinds: string,
  ...args: string[]
): Promise<string[]> {
  const text = await kubectlOf(server)('-n', namespace, 'get', kinds, '-o', 'name', ...args);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

const pollMs = 150;
const patienceMs = 60_000;

/** Asks until the answer is as wanted. Errors: fails with the last answer when it is not in time. */
export async function becomes<T>(
  what: string,
  ask: () => Promise<T>,
  wanted: T | ((answer: T) => boolean),
  withinMs = patienceMs,
): Promise<T> {
  const isThere = wanted instanceof Function ? wanted : (answer: T): boolean => isSame(answer, wanted);
  const startedAtMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (performance.now() - startedAtMs > withinMs)
      fail(`${what}: not within ${withinMs} ms; last seen: ${textOf(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function isSame(answer: unknown, wanted: unknown): boolean {
  try {
    deepEqual(answer, wanted);
    return true;
  } catch {
    return false;
  }
}

const textOf = (answer: unknown): string =>
  (typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? 'nothing')).slice(0, 2_000);

/** One field of one object becomes a value. */
export const fieldBecomes = (
  server: ApiServer,
  place: Place,
  fields: readonly string[],
  wanted: Json | undefined,
): Promise<Json | undefined> =>
  becomes(`${place.join(' ')} .${fields.join('.')} on ${server.name}`, () => fieldOf(server, place, ...fields), wanted);

/** The image that a Deployment runs, once all of it is there and ready; undefined before. */
export async function runningImage(server: ApiServer, place: Place): Promise<Json | undefined> {
  const deployment = await seen(server, place);
  if (!isObject(deployment)) return undefined;
  const isReady =
    at(deployment, 'status', 'observedGeneration') === at(deployment, 'metadata', 'generation') &&
    at(deployment, 'status', 'updatedReplicas') === at(deployment, 'spec', 'replicas') &&
    at(deployment, 'status', 'availableReplicas') === at(deployment, 'spec', 'replicas');
  const [container] = listOf(at(deployment, 'spec', 'template', 'spec', 'containers'));
  return isReady ? at(container, 'image') : undefined;
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
