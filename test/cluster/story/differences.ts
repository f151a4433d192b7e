/** What differs between what should be on a cluster and what is: objects by name, and fields that somebody asked for. */
import { at, isArray, isObject, type Json, textOf } from '../../../src/core/json/value.ts';

/** `spaces`: namespaces that are there, whoever made them. What a server adds to an object is no difference. */
export function differences(
  wanted: readonly Json[],
  held: readonly Json[],
  spaces: readonly Json[],
): readonly string[] {
  const there = new Map(
    [...held.filter((object) => !isRecord(object)), ...spaces].map((object) => [nameOf(object), object]),
  );
  const names = new Set(wanted.map(nameOf));
  const missing = [...names].filter((name) => !there.has(name)).map((name) => `${name} is missing`);
  const more = [...there.keys()].filter((name) => !names.has(name) && !name.startsWith('Namespace '));
  return [
    ...missing,
    ...more.map((name) => `${name} is too much`),
    ...wanted.flatMap((object) => fields(nameOf(object), object, there.get(nameOf(object)))),
  ];
}

const isRecord = (object: Json): boolean => at(object, 'metadata', 'namespace') === 'landfall-system';

const nameOf = (object: Json): string => {
  const [version, kind] = [textOf(at(object, 'apiVersion')), textOf(at(object, 'kind'))];
  return `${kind} ${version} ${textOf(at(object, 'metadata', 'namespace')) ?? ''}/${textOf(at(object, 'metadata', 'name'))}`;
};

function fields(path: string, wanted: Json, held: Json | undefined): readonly string[] {
  if (held === undefined) return [];
  if (isObject(wanted) && isObject(held))
    return Object.entries(wanted).flatMap(([key, value]) => {
      const found = at(held, key);
      return value === undefined || found !== undefined
        ? fields(`${path}.${key}`, value ?? null, found)
        : [`${path}.${key} is missing`];
    });
  if (isArray(wanted) && isArray(held) && wanted.length === held.length)
    return wanted.flatMap((value, index) => fields(`${path}[${index}]`, value, held[index]));
  return JSON.stringify(wanted) === JSON.stringify(held)
    ? []
    : [`${path} is ${JSON.stringify(held)}, not ${JSON.stringify(wanted)}`];
}
