/** What a generator of an ApplicationSet puts into the template once; and putting it in. */
import { isArray, isObject, type Json, type JsonObject } from '../../json/value.ts';
import type { ArgoCluster } from '../argocd-placed.ts';
import { fillTemplate } from '../go-template/run.ts';
import { UnfitError } from '../go-template/syntax.ts';
import type { Surroundings } from '../surroundings.ts';

export type Turn = {
  readonly parameters: JsonObject;
  /** A `clusterSelector`: one turn for whichever clusters these are. `clusterNames`: written out for one. */
  readonly clusters: JsonObject | undefined;
  /** Of a generator of clusters, as written: they may speak of the cluster that they are for. */
  readonly values?: JsonObject;
  /** What the generator says in place of the template. */
  readonly template: JsonObject;
};

/** What all generators of a set share. */
export type Making = {
  readonly known: readonly ArgoCluster[];
  readonly around: Surroundings;
  readonly isGo: boolean;
  /** `goTemplateOptions: ["missingkey=error"]`. */
  readonly isStrict: boolean;
  readonly remark: (reason: string) => void;
};

export const isOpenTurn = ({ clusters }: Turn): boolean => isObject(clusters?.clusterSelector);

/** Puts parameters into every text, and into the names of fields. Errors: UnfitError. */
export function fill(value: Json, parameters: JsonObject, making: Pick<Making, 'isGo' | 'isStrict'>): Json {
  const inText = (text: string): string =>
    making.isGo ? fillTemplate(text, parameters, making) : fillFast(text, parameters);
  const walk = (part: Json): Json => {
    if (typeof part === 'string') return inText(part);
    if (isArray(part)) return part.map(walk);
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([field, inner]) => [inText(field), walk(inner)]));
  };
  return walk(value);
}

export const fillObject = (value: JsonObject, parameters: JsonObject, making: Making): JsonObject => {
  const filled = fill(value, parameters, making);
  return isObject(filled) ? filled : {};
};

/** `{{name}}` and `{{ path.basename }}`. */
function fillFast(text: string, parameters: JsonObject): string {
  return text.replaceAll(/\{\{([^{}]*)\}\}/g, (whole, inside: string) => {
    const found = parameterAt(parameters, inside.trim());
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return String(found);
    throw new UnfitError(`nothing says what ${whole} is`);
  });
}

/** `a.b` is a parameter of that name, or `b` in `a`. */
export function parameterAt(parameters: JsonObject, path: string): Json | undefined {
  if (Object.hasOwn(parameters, path)) return parameters[path];
  return deep(parameters, path.split('.'));
}

/** A name may hold dots: `metadata.labels.example.com/tier`. */
function deep(value: Json, path: readonly string[]): Json | undefined {
  if (path.length === 0) return value;
  for (let size = path.length; size > 0; size -= 1) {
    const field = path.slice(0, size).join('.');
    const inner = isArray(value)
      ? value[Number(field)]
      : isObject(value) && Object.hasOwn(value, field)
        ? value[field]
        : undefined;
    const found = inner === undefined ? undefined : deep(inner, path.slice(size));
    if (found !== undefined) return found;
  }
  return undefined;
}
