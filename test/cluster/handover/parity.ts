/** Two ways to one object: what an old controller made, and what a server would make of what Landfall builds. */

import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { titleOf } from './history.ts';

export type Served = {
  /** With all defaults, as the server would hold them. */
  readonly objects: readonly Json[];
  /** What it says of those that it would not take. */
  readonly complaint: string;
};

/** `server`: one that holds none of them yet; nothing is written. */
export async function served(server: ApiServer, objects: readonly Json[]): Promise<Served> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const args = ['create', '--dry-run=server', '-o', 'json', '-f', '-'];
  const { stdout, stderr } = await server.kubectl(args, { input });
  // One after the other, and no list.
  const texts = stdout.split(/\n(?=\{)/).filter((text) => text.trim() !== '');
  const complaints = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning: '));
  return { objects: texts.map(parseJson), complaint: complaints.join('\n') };
}

/** One object is printed as it is, several as a list. */
export function itemsOf(answer: Json): readonly Json[] {
  if (at(answer, 'kind') !== 'List') return [answer];
  const items = at(answer, 'items');
  return isArray(items) ? items : [];
}

/** A line for each value that is not the same, both ways. `isMark`: a label or an annotation that may be there or not. */
export function differencesOf(
  theirs: readonly Json[],
  ours: readonly Json[],
  isMark: (key: string) => boolean,
): readonly string[] {
  const bare = (objects: readonly Json[]): Map<string, Json> =>
    new Map(objects.map((object) => [titleOf(object), bareOf(object, isMark)]));
  const [there, here] = [bare(theirs), bare(ours)];
  return [...new Set([...there.keys(), ...here.keys()])]
    .toSorted()
    .flatMap((title) => compare(title, there.get(title), here.get(title)));
}

function compare(path: string, theirs: Json | undefined, ours: Json | undefined): readonly string[] {
  if (isObject(theirs) && isObject(ours))
    return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((key) =>
      compare(`${path}.${key}`, theirs[key], ours[key]),
    );
  if (isArray(theirs) && isArray(ours) && theirs.length === ours.length)
    return theirs.flatMap((value, index) => compare(`${path}[${index}]`, value, ours[index]));
  const [old, own] = [theirs, ours].map((value) => JSON.stringify(value) ?? 'missing');
  return old === own ? [] : [`${path}: ${old} there, ${own} here`];
}

/** What each server fills in for itself. */
const servers = ['managedFields', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink'];
const allocated = ['clusterIP', 'clusterIPs', 'healthCheckNodePort'];

function bareOf(object: Json, isMark: (key: string) => boolean): Json {
  if (!isObject(object)) return object;
  const { status: _, metadata, spec, secrets: _secrets, ...rest } = object;
  const clean: JsonObject = {
    ...rest,
    metadata: metadataOf(metadata, isMark),
    ...(spec === undefined ? {} : { spec: specOf(object.kind, spec, isMark) }),
  };
  return clean;
}

function metadataOf(metadata: Json | undefined, isMark: (key: string) => boolean): JsonObject {
  if (!isObject(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
      if (servers.includes(key) || value === undefined) return [];
      if ((key !== 'labels' && key !== 'annotations') || !isObject(value)) return [[key, value]];
      const kept = Object.entries(value).filter(([name]) => !isMark(name) && !isServers(name));
      return kept.length === 0 ? [] : [[key, Object.fromEntries(kept)]];
    }),
  );
}

const isServers = (name: string): boolean =>
  ['deployment.kubernetes.io/revision', 'deprecated.daemonset.template.generation'].includes(name) ||
  /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/.test(name);

function specOf(kind: Json | undefined, spec: Json, isMark: (key: string) => boolean): Json {
  if (!isObject(spec)) return spec;
  if (kind === 'Service') {
    const ports = isArray(spec.ports) ? spec.ports.map((port) => without(port, ['nodePort'])) : [];
    return { ...without(spec, allocated), ports };
  }
  // The selector of a Job is its own uid, and so are two labels of its pods.
  const own = kind === 'Job' ? without(spec, ['selector']) : spec;
  const template = at(own, 'template');
  if (!isObject(template)) return own;
  return { ...own, template: { ...template, metadata: metadataOf(template.metadata, isMark) } };
}

function without(object: Json, keys: readonly string[]): JsonObject {
  if (!isObject(object)) return {};
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
