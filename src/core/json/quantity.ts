/** Kubernetes quantities (`250m`, `1.5Gi`, `3e6`): exact numbers with a unit. */

/** The number is `unscaled * 10 ** exponent`; the format says how to write it. */
export type Quantity = {
  readonly unscaled: bigint;
  readonly exponent: number;
  readonly format: 'BinarySI' | 'DecimalSI' | 'DecimalExponent';
};

const decimalSuffixes = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const binarySuffixes = new Map(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 10 * (index + 1)]));
const decimalSuffixOf = new Map([...decimalSuffixes].map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixOf = new Map([...binarySuffixes].map(([suffix, exponent]) => [exponent / 10, suffix]));

// Kubernetes has neither limit, but no sum of resources needs more, and comparing 1 with 1e999999999 must cost nothing.
const lengthMax = 256;
const exponentMax = 1_000;
const binaryMax = 2n ** 63n - 1n;
const nano = -9;

type Parts = {
  readonly sign: string;
  /** Digits before the point, without leading zeros. */
  readonly whole: string;
  readonly fraction: string;
  readonly suffix: string;
};

/**
 * Reads a quantity; undefined when it is none.
 *
 * Shape: finer than nano is rounded away from zero; a binary number above int64 becomes the largest int64.
 * Source: apimachinery `resource.ParseQuantity`, as lenient (`.5`, `1.`, `+1`) but for three things: a digit is asked for
 * (there `k` is 0 and `Pi` is none), and a text has at most 256 characters and an exponent at most 1,000.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = partsOf(text);
  return parts && quantityOf(parts);
}

function partsOf(text: string): Parts | undefined {
  if (text.length > lengthMax) return undefined;
  const match = /^([+-]?)(?=\.?[0-9])0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  return { sign, whole, fraction, suffix };
}

function quantityOf({ sign, whole, fraction, suffix }: Parts): Quantity | undefined {
  const digits = BigInt(`${whole}${fraction}` || '0');
  const negative = sign === '-';
  const shift = binarySuffixes.get(suffix);
  if (shift !== undefined) {
    const scaled = atLeastNano(digits << BigInt(shift), -fraction.length);
    const isTooLarge = scaled.unscaled > binaryMax * 10n ** BigInt(-Math.min(scaled.exponent, 0));
    const { unscaled, exponent } = isTooLarge ? { unscaled: binaryMax, exponent: 0 } : scaled;
    const isFraction = unscaled > 0n && exponent < 0 && unscaled < 10n ** BigInt(-exponent);
    return { unscaled: negative ? -unscaled : unscaled, exponent, format: isFraction ? 'DecimalSI' : 'BinarySI' };
  }
  const power = decimalSuffixes.get(suffix) ?? exponentOf(suffix);
  if (power === undefined) return undefined;
  const { unscaled, exponent } = atLeastNano(digits, power - fraction.length);
  const format = decimalSuffixes.has(suffix) ? 'DecimalSI' : 'DecimalExponent';
  return { unscaled: negative ? -unscaled : unscaled, exponent, format };
}

function exponentOf(suffix: string): number | undefined {
  if (!/^[eE][+-]?[0-9]{1,9}$/.test(suffix)) return undefined;
  const exponent = Number(suffix.slice(1));
  return Math.abs(exponent) > exponentMax ? undefined : exponent;
}

function atLeastNano(unscaled: bigint, exponent: number): { readonly unscaled: bigint; readonly exponent: number } {
  if (exponent >= nano) return { unscaled, exponent };
  const divisor = 10n ** BigInt(nano - exponent);
  return { unscaled: (unscaled + divisor - 1n) / divisor, exponent: nano };
}

/** Compares the numbers; how they are written does not matter. */
export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.unscaled * 10n ** BigInt(a.exponent - exponent);
  const right = b.unscaled * 10n ** BigInt(b.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Writes a quantity without fraction and with the largest suffix that loses nothing: `1.5Gi` is `1536Mi`. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.unscaled === 0n) return '0';
  return quantity.format === 'BinarySI' ? formatBinary(quantity) : formatDecimal(quantity);
}

function formatBinary(quantity: Quantity): string {
  const divisor = 10n ** BigInt(Math.max(-quantity.exponent, 0));
  const whole = (quantity.unscaled * 10n ** BigInt(Math.max(quantity.exponent, 0))) / divisor;
  const isExact = quantity.unscaled % divisor === 0n;
  // Kubernetes writes small numbers and fractions in decimal, so that nothing is rounded.
  if (!isExact || (whole > -1024n && whole < 1024n)) return formatDecimal({ ...quantity, format: 'DecimalSI' });
  let [mantissa, power] = [whole, 0];
  while (mantissa % 1024n === 0n) [mantissa, power] = [mantissa / 1024n, power + 1];
  return `${mantissa}${binarySuffixOf.get(power) ?? ''}`;
}

function formatDecimal({ unscaled, exponent, format }: Quantity): string {
  let [mantissa, power] = [unscaled, exponent];
  while (mantissa % 10n === 0n) [mantissa, power] = [mantissa / 10n, power + 1];
  while (power % 3 !== 0) [mantissa, power] = [mantissa * 10n, power - 1];
  if (format === 'DecimalExponent') return power === 0 ? `${mantissa}` : `${mantissa}e${power}`;
  // Beyond exa and below nano there is no suffix, and the API server writes none: 1000E comes back as 1.
  return `${mantissa}${decimalSuffixOf.get(power) ?? ''}`;
}

/**
 * The text that the API server gives back for a quantity it was sent; undefined when it refuses it.
 *
 * Shape: mostly `formatQuantity`, but a short text that looks canonical is kept as it came, even `1.500` or `+5`.
 */
export function canonicalQuantity(text: string): string | undefined {
  const parts = partsOf(text);
  const quantity = parts && quantityOf(parts);
  if (parts === undefined || quantity === undefined) return undefined;
  return isKept(parts) ? text : formatQuantity(quantity);
}

function isKept({ whole, fraction, suffix }: Parts): boolean {
  const shifted = `${whole || '0'}${fraction}`;
  const shift = binarySuffixes.get(suffix);
  if (shift !== undefined) {
    const isShort = fraction === '' && 14 - (whole.length || 1) - Math.trunc((shift * 3) / 10) >= 0;
    const number = BigInt(shifted);
    return isShort && number << BigInt(shift) <= binaryMax && (number & 7n) !== 0n;
  }
  const exponent = (decimalSuffixes.get(suffix) ?? exponentOf(suffix) ?? 0) - fraction.length;
  const isShort = shifted.length <= 18 && exponent >= nano;
  return isShort && exponent % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
}
