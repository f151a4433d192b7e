/** Paths as KubeVela writes them: `env[0].value`, `data["a.b"]`. */
import { isArray, isObject, type Json } from '../../json/value.ts';

export type ValuePath = readonly (string | number)[];

const stepsMax = 50;
const stepShape = /(?:^|\.)([^.[\]"\s]+)|\[(?:(\d{1,4})|"([^"]*)")\]/y;

/** Shape: undefined for a text that is no path. */
export function parsePath(text: string): ValuePath | undefined {
  const steps: (string | number)[] = [];
  stepShape.lastIndex = 0;
  while (stepShape.lastIndex < text.length && steps.length < stepsMax) {
    const [, name, index, quoted] = stepShape.exec(text) ?? [];
    const step = name ?? quoted ?? (index === undefined ? undefined : Number(index));
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps.length === 0 || stepShape.lastIndex < text.length ? undefined : steps;
}

/** Makes the objects and lists on the way. Shape: undefined where something else stands in the way, or an item would be left out. */
export function withValueIn(value: Json | undefined, [step, ...rest]: ValuePath, inner: Json): Json | undefined {
  if (step === undefined) return inner;
  if (typeof step === 'number') {
    const list = value ?? [];
    if (!isArray(list) || step > list.length) return undefined;
    const item = withValueIn(list[step], rest, inner);
    return item === undefined ? undefined : step === list.length ? [...list, item] : list.with(step, item);
  }
  const fields = value ?? {};
  if (!isObject(fields)) return undefined;
  const part = withValueIn(Object.hasOwn(fields, step) ? fields[step] : undefined, rest, inner);
  return part === undefined ? undefined : { ...fields, [step]: part };
}
