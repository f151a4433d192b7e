/** `--live FILE`: live objects that copies would find, written down by a person. */
import { readFile } from 'node:fs/promises';
import { isResourceName } from '../../core/grant/resource-name.ts';
import { isArray, isObject, type Json } from '../../core/json/value.ts';
import { groupOf, isKubeObject, type KubeObject, textMapOf } from '../../core/model/object.ts';
import type { LiveRead, ReadResult } from '../../core/model/observed.ts';
import { selects } from '../../core/model/selector.ts';
import { readManifests } from '../../core/yaml/read.ts';
import { UsageError } from '../failure.ts';

export type LiveObjects = ReadonlyMap<string, readonly KubeObject[]>;

/** Reads `{clusters: {name: [object…]}}`, YAML or JSON. Errors: UsageError. */
export async function readLiveFile(path: string): Promise<LiveObjects> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const { documents, problems } = readManifests(path, bytes);
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`${path}:${problem.line}:${problem.column} ${problem.message}`);
  const clusters = documents[0]?.value.clusters;
  if (documents.length !== 1 || !isObject(clusters))
    throw new UsageError(`${path} must be one document with \`clusters\`, as {clusters: {hub: [{kind: Secret, …}]}}`);
  return new Map(Object.entries(clusters).map(([name, list]) => [name, objectsIn(list, name, path)]));
}

function objectsIn(list: Json, name: string, path: string): readonly KubeObject[] {
  const objects = isArray(list) ? list.filter((object) => isKubeObject(object)) : [];
  if (isArray(list) && objects.length === list.length) return objects;
  throw new UsageError(`${path}: \`clusters.${name}\` must be a list of Kubernetes objects`);
}

/** Shape: as a cluster would answer; a cluster that the file does not name is one that cannot be read. */
export function answersFrom(live: LiveObjects, reads: ReadonlyMap<string, LiveRead>): ReadonlyMap<string, ReadResult> {
  return new Map([...reads].map(([key, read]) => [key, answerOf(read, live)]));
}

function answerOf({ copy, app }: LiveRead, live: LiveObjects): ReadResult {
  const objects = live.get(copy.cluster);
  if (objects === undefined) return { kind: 'unreadable', reason: `no objects of ${copy.cluster} are given` };
  const namespace = copy.namespace ?? app.slice(0, app.indexOf('/'));
  const found = objects.filter(
    (object) =>
      isResourceName(copy.resource, object.kind) &&
      (copy.group ?? groupOf(object.apiVersion)) === groupOf(object.apiVersion) &&
      (object.metadata.namespace ?? namespace) === namespace &&
      (copy.which.kind === 'name'
        ? object.metadata.name === copy.which.name
        : selects(copy.which.selector, textMapOf(object, 'labels'))),
  );
  return found.length === 0 ? { kind: 'absent', reason: 'there is no such object' } : { kind: 'found', objects: found };
}
