/** Where a Kubernetes quantity can stand, so that `500m` and `0.5` are one value there and two texts elsewhere. */
import { compareQuantities, parseQuantity, type Quantity } from '../json/quantity.ts';
import type { Json } from '../json/value.ts';
import type { FieldPath } from './path.ts';

/** The last two field names of a path; list elements do not count. `depth` is how far below the path a value is. */
export type Place = { readonly parent: string; readonly name: string; readonly depth: number };

export function placeOf(path: FieldPath): Place {
  const names = path.flatMap((element) => (element.kind === 'field' ? element.name : []));
  return { parent: names.at(-2) ?? '', name: names.at(-1) ?? '', depth: 0 };
}

// Maps of quantities, and fields that are one. Custom kinds that keep quantities use the same names.
const maps = new Set([
  'requests',
  'limits',
  'hard',
  'used',
  'capacity',
  'allocatable',
  'allocatedResources',
  'podFixed',
  'max',
  'min',
  'default',
  'defaultRequest',
  'maxLimitRequestRatio',
]);
const fields = new Set(['sizeLimit', 'divisor', 'averageValue', 'capacity', 'maximumVolumeSize']);

export function isQuantityPlace({ parent, name }: Pick<Place, 'parent' | 'name'>): boolean {
  // `value` alone is an environment variable; of a metric's target it is a quantity.
  return maps.has(parent) || fields.has(name) || (name === 'value' && parent === 'target');
}

/** Do both stand for the same number, as `0.5` and `500m` do? False when either is no quantity. */
export function sameQuantity(a: Json | undefined, b: Json | undefined): boolean {
  const [left, right] = [quantityOf(a), quantityOf(b)];
  return left !== undefined && right !== undefined && compareQuantities(left, right) === 0;
}

// In YAML `cpu: 1` is a number; the server makes it a text.
function quantityOf(value: Json | undefined): Quantity | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? parseQuantity(String(value))
    : undefined;
}
