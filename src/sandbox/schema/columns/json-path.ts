/** The paths that columns of custom kinds are read by, such as `.status.conditions[?(@.type=="Ready")].status`. */
import { isArray, isObject, type Json, numberOf, textOf } from '../../../core/json/value.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly wanted: Json };

// A field, escaped dots in it; or brackets around a quoted name, a number, a star, a comparison.
const stepPattern =
  /\.((?:\\.|[^.[\\])+)|\[(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*)|\?\(\s*@((?:\\.|[^=!<>\s])*)\s*(==|!=|<=?|>=?)\s*("[^"]*"|'[^']*'|[^)\s]+)\s*\))\]/y;

const parsed = new Map<string, readonly Step[] | undefined>();

/** The first value that the path leads to; undefined when there is none, or the path is not of this simple kind. */
export function firstAt(value: Json, path: string): Json | undefined {
  if (!parsed.has(path)) parsed.set(path, parsePath(path));
  const steps = parsed.get(path);
  return steps === undefined ? undefined : follow([value], steps)[0];
}

function parsePath(path: string): readonly Step[] | undefined {
  const text = path.startsWith('.') || path.startsWith('[') ? path : `.${path}`;
  const steps: Step[] = [];
  let end = 0;
  while (end < text.length) {
    stepPattern.lastIndex = end;
    const match = stepPattern.exec(text);
    if (match === null) return undefined;
    end = stepPattern.lastIndex;
    const [, name, single, double, index, star, inner, operator, wanted] = match;
    const quoted = single ?? double;
    if (name !== undefined) steps.push(name === '*' ? { kind: 'all' } : { kind: 'field', name: unescaped(name) });
    else if (quoted !== undefined) steps.push({ kind: 'field', name: unescaped(quoted) });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (star !== undefined) steps.push({ kind: 'all' });
    else {
      const below = inner === undefined || inner === '' ? [] : parsePath(inner);
      if (below === undefined) return undefined;
      steps.push({ kind: 'filter', path: below, operator: operator ?? '', wanted: literal(wanted ?? '') });
    }
  }
  return steps;
}

const unescaped = (name: string): string => name.replace(/\\(.)/g, '$1');

function literal(text: string): Json {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function follow(values: readonly Json[], steps: readonly Step[]): readonly Json[] {
  return steps.reduce<readonly Json[]>((found, step) => found.flatMap((value) => below(value, step)), values);
}

function below(value: Json, step: Step): readonly Json[] {
  switch (step.kind) {
    case 'field': {
      if (!isObject(value) || !Object.hasOwn(value, step.name)) return [];
      const inner = value[step.name];
      return inner === undefined ? [] : [inner];
    }
    case 'index': {
      const item = isArray(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'all':
      return isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    case 'filter': {
      const items = isArray(value) ? value : [];
      return items.filter((item) => compares(follow([item], step.path)[0], step.operator, step.wanted));
    }
  }
}

function compares(found: Json | undefined, operator: string, wanted: Json): boolean {
  if (found === undefined) return false;
  if (operator === '==') return found === wanted;
  if (operator === '!=') return found !== wanted;
  const [left, right] = [numberOf(found) ?? textOf(found), numberOf(wanted) ?? textOf(wanted)];
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
