/** `${name}` in the few places that allow it. Never in arbitrary manifests. */
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import type { Cluster } from '../model/fleet.ts';

export type Variables = ReadonlyMap<string, string>;

/** `name` and `region`, the App's variables, then the cluster's own. */
export function variablesOf(cluster: Cluster, defaults: Readonly<Record<string, string>>): Variables {
  const region = cluster.labels['topology.kubernetes.io/region'];
  return new Map([
    ...Object.entries(defaults),
    ...Object.entries(cluster.variables),
    ['name', cluster.id],
    ...(region === undefined ? [] : [['region', region] as const]),
  ]);
}

export type Substituted<T> = { readonly value: T; readonly unknown: readonly string[] };

/** Replaces `${name}`; `$${` stands for `${`. Shape: the names that no variable has are left as written and listed. */
export function substitute(text: string, variables: Variables): Substituted<string> {
  const unknown: string[] = [];
  const value = text.replaceAll(/\$\$\{|\$\{([^}]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return '${';
    const found = variables.get(name.trim());
    if (found === undefined) unknown.push(name.trim());
    return found ?? whole;
  });
  return { value, unknown };
}

/** The same in every string of a value; field names are left alone. */
export function substituteIn(value: Json, variables: Variables): Substituted<Json> {
  const unknown: string[] = [];
  const walk = (part: Json): Json => {
    if (typeof part === 'string') {
      const done = substitute(part, variables);
      unknown.push(...done.unknown);
      return done.value;
    }
    if (isArray(part)) return part.map(walk);
    return isObject(part) ? walkObject(part) : part;
  };
  const walkObject = (part: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(part).map(([field, inner]) => [field, walk(inner)]));
  return { value: walk(value), unknown };
}
