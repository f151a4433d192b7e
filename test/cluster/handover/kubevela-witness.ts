/** What KubeVela has made of the Applications of a namespace, on whichever cluster. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, type Json, textOf } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { kubectlOf } from '../story/witness.ts';
import { titleOf } from './history.ts';
import { velaKinds } from './kubevela.ts';
import { itemsOf } from './parity.ts';

const patienceMs = 120_000;

/** Shape: the Applications that are not done in time, and how far they are. */
export async function lateApplications(hub: ApiServer, space: string): Promise<readonly string[]> {
  const startedAtMs = performance.now();
  for (;;) {
    const left = await undispatched(hub, space);
    if (left.length === 0 || performance.now() - startedAtMs > patienceMs) return left;
    await sleep(500);
  }
}

/** Applications of which nothing is there yet, or not all. */
async function undispatched(hub: ApiServer, space: string): Promise<readonly string[]> {
  const text = await kubectlOf(hub)('get', 'applications.core.oam.dev', '-n', space, '-o', 'json');
  return itemsOf(parseJson(text))
    .filter((object) => !isDone(at(object, 'status')))
    .map((object) => `${textOf(at(object, 'metadata', 'name'))} ${textOf(at(object, 'status', 'status'))}`);
}

const isDone = (status: Json | undefined): boolean => {
  const steps = at(status, 'workflow', 'steps');
  const isApplied = isArray(steps) && steps.every((step) => at(step, 'phase') === 'succeeded');
  return isApplied || ['running', 'unhealthy', 'workflowFailed'].includes(textOf(at(status, 'status')) ?? '');
};

const scaler = 'HorizontalPodAutoscaler';
const versionOf = (object: Json): string => `${at(object, 'apiVersion')} ${titleOf(object)}`;

/** Shape: an object that a server has in two versions in both. */
export async function heldBy(server: ApiServer, space: string): Promise<readonly Json[]> {
  const kinds = `${velaKinds},endpoints,horizontalpodautoscalers.v1.autoscaling`;
  const text = await kubectlOf(server)('get', kinds, '-A', '-l', `app.oam.dev/namespace=${space}`, '-o', 'json');
  // Pods and what controllers make bear the labels of their templates, and of their Services.
  return itemsOf(parseJson(text)).filter((object) => {
    const isOfController = at(object, 'metadata', 'labels', 'endpoints.kubernetes.io/managed-by') !== undefined;
    return at(object, 'metadata', 'ownerReferences') === undefined && !isOfController;
  });
}

/** Those in the version in which they were written here. */
export function inVersionsOf(theirs: readonly Json[], ours: readonly Json[]): readonly Json[] {
  const wanted = new Set(ours.map(versionOf));
  return theirs.filter((object) => at(object, 'kind') !== scaler || wanted.has(versionOf(object)));
}

export const applicationOf = (object: Json): string =>
  textOf(at(object, 'metadata', 'labels', 'app.oam.dev/name')) ?? '';

/** KubeVela's own, which change with each revision, and Landfall's. */
export const isMark = (key: string): boolean =>
  key.startsWith('landfall.dev/') ||
  key === 'applyset.kubernetes.io/part-of' ||
  ['appRevision', 'app-revision-hash', 'revision', 'cluster', 'last-applied-configuration', 'last-applied-time'].some(
    (name) => key === `app.oam.dev/${name}`,
  ) ||
  ['oam.dev/render-hash', 'oam.dev/kubevela-version'].includes(key);
