/** Reads values that have no parts: numbers, quantities, times, bytes. */
import { canonicalQuantity, formatQuantity, parseQuantity } from '../../core/json/quantity.ts';
import { isArray, type Json } from '../../core/json/value.ts';
import { canonicalTime, timeProblem } from './time-text.ts';
import type { Form } from './type.ts';

/** A value of the wrong kind; the message is the API server's. */
export class ReadingError extends Error {
  override readonly name = 'ReadingError';

  static misfit(value: Json, goType: string, where: () => string): ReadingError {
    const isNumber = /^u?int\d*$|^float64$/.test(goType);
    return new ReadingError(
      `json: cannot unmarshal ${wordFor(value, isNumber)} into Go struct field ${where()} of type ${goType}`,
    );
  }
}

function wordFor(value: Json, isNumberWanted: boolean): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return isNumberWanted ? `number ${value}` : 'number';
    default:
      return isArray(value) ? 'array' : 'object';
  }
}

/**
 * Reads one value into its canonical form; `resource` is a quantity in a list of resources.
 *
 * Errors: ReadingError when it is of the wrong kind; `where` names the field then.
 */
export function readLeaf(value: Json, form: Form | 'resource', goType: string, where: () => string): Json {
  const refuse = (type = goType): never => {
    throw ReadingError.misfit(value, type, where);
  };
  switch (form) {
    case 'string':
      return typeof value === 'string' ? value : refuse();
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse();
    case 'double':
      return typeof value === 'number' || typeof value === 'bigint' ? value : refuse();
    case 'int32':
      return isInteger(value, 2n ** 31n) ? value : refuse();
    case 'int64':
      return isInteger(value, 2n ** 63n) ? value : refuse();
    case 'intOrString':
      return typeof value === 'string' || isInteger(value, 2n ** 31n) ? value : refuse('int32');
    case 'quantity':
    case 'resource':
      return readQuantity(value, form === 'resource');
    case 'time':
      return typeof value === 'string' ? readTime(value, 0) : refuse('string');
    case 'microTime':
      return typeof value === 'string' ? readTime(value, 6) : refuse('string');
    case 'bytes':
      return typeof value === 'string' ? readBytes(value) : refuse();
    default:
      return value;
  }
}

function isInteger(value: Json, limit: bigint): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value >= -Number(limit) && value < Number(limit);
  return typeof value === 'bigint' && value >= -limit && value < limit;
}

const quantityProblem = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

// There are few quantities in a cluster, and many places that name them.
const quantities = new Map<string, string>();
const quantitiesMax = 10_000;

function readQuantity(value: Json, isRounded: boolean): string {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  if (!isText) throw new ReadingError(quantityProblem);
  const key = `${isRounded ? 'r' : ''} ${value}`;
  const known = quantities.get(key);
  if (known !== undefined) return known;
  const text = String(value).trim();
  const read = isRounded ? roundedQuantity(text) : canonicalQuantity(text);
  if (read === undefined) throw new ReadingError(quantityProblem);
  if (quantities.size >= quantitiesMax) quantities.clear();
  quantities.set(key, read);
  return read;
}

// Amounts of resources are kept to thousandths, and never cut short.
function roundedQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined || quantity.exponent >= -3) return canonicalQuantity(text);
  const divisor = 10n ** BigInt(-3 - quantity.exponent);
  const rest = quantity.unscaled % divisor;
  const unscaled = quantity.unscaled / divisor + (rest === 0n ? 0n : rest > 0n ? 1n : -1n);
  return formatQuantity({ ...quantity, unscaled, exponent: -3 });
}

function readTime(text: string, digits: 0 | 6): string {
  const read = canonicalTime(text, digits);
  if (read === undefined) throw new ReadingError(timeProblem(text, digits));
  return read;
}

function readBytes(text: string): string {
  const compact = text.replace(/[\r\n]/g, '');
  const bad = compact.search(/[^A-Za-z0-9+/]/);
  const end = bad === -1 ? compact.length : bad;
  const isPadded = compact.length % 4 === 0 && /^={0,2}$/.test(compact.slice(end));
  if (!isPadded) throw new ReadingError(`illegal base64 data at input byte ${bad === -1 ? end - (end % 4) : bad}`);
  return compact;
}
