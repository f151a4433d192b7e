/** What kubectl takes a scalar for: YAML 1.1 as go-yaml reads it, then through JSON. */
import type { Json } from '../json/value.ts';
import { formatFloat32 } from './float.ts';

export type ScalarTag = 'str' | 'bool' | 'int' | 'float' | 'null' | 'binary';

/** A scalar as it is written: its text without quotes, and its tag where one was given. */
export type Written = {
  readonly text: string;
  readonly isPlain: boolean;
  readonly tag: ScalarTag | undefined;
};

/** `float` keeps apart what only a key shows: kubectl spells 1e3 as a value 1000, and 1e6 as a key `1e+06`. */
export type Resolved =
  | { readonly kind: 'value'; readonly value: null | boolean | string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'wrongTag'; readonly found: string };

const words = new Map<string, Resolved>([
  ...wordsFor({ kind: 'value', value: true }, 'y Y yes Yes YES true True TRUE on On ON'),
  ...wordsFor({ kind: 'value', value: false }, 'n N no No NO false False FALSE off Off OFF'),
  ...wordsFor({ kind: 'value', value: null }, '~ null Null NULL'),
  ['', { kind: 'value', value: null }],
  ...wordsFor({ kind: 'float', value: Number.NaN }, '.nan .NaN .NAN'),
  ...wordsFor({ kind: 'float', value: Number.POSITIVE_INFINITY }, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...wordsFor({ kind: 'float', value: Number.NEGATIVE_INFINITY }, '-.inf -.Inf -.INF'),
]);

function wordsFor(resolved: Resolved, spellings: string): (readonly [string, Resolved])[] {
  return spellings.split(' ').map((spelling) => [spelling, resolved]);
}

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const uint64Max = 2n ** 64n - 1n;

/**
 * Resolves a scalar.
 *
 * Source: go-yaml v2 `resolve.go`, which is neither YAML 1.1 nor 1.2: `yes`, `0o17` and `017`, `1_000` and `0b11` count,
 * `1:30`, dates and numbers beyond a double are text.
 */
export function resolveScalar({ text, isPlain, tag }: Written): Resolved {
  if (tag === 'str' || tag === 'binary' || (tag === undefined && !isPlain)) return { kind: 'value', value: text };
  const resolved = resolvePlain(text);
  if (tag === undefined) return resolved;
  const found = tagOf(resolved);
  if (found === tag) return resolved;
  if (tag === 'float' && resolved.kind === 'integer' && resolved.value <= int64Max)
    return { kind: 'float', value: Number(resolved.value) };
  return { kind: 'wrongTag', found };
}

function tagOf(resolved: Resolved): ScalarTag {
  if (resolved.kind === 'integer') return 'int';
  if (resolved.kind === 'float') return 'float';
  if (resolved.kind === 'value' && typeof resolved.value === 'boolean') return 'bool';
  if (resolved.kind === 'value' && resolved.value === null) return 'null';
  return 'str';
}

function resolvePlain(text: string): Resolved {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  // Nothing else can be a number: + - . and the digits.
  if (!isDigit && first !== 0x2b && first !== 0x2d && first !== 0x2e) return { kind: 'value', value: text };
  // Behind a point underscores must stand between digits; elsewhere kubectl drops them all, wherever they stand.
  if (first === 0x2e && /_(?![0-9])|[^0-9]_/.test(text)) return { kind: 'value', value: text };
  return numberOf(text.replaceAll('_', '')) ?? { kind: 'value', value: text };
}

// A sign may stand behind 0b as well, where kubectl reads the digits a second time.
const integer = /^([+-]?)(?:0[bB]([01]+)|0[oO]?([0-7]+)|0[xX]([0-9a-fA-F]+)|(0|[1-9][0-9]*))$|^0b([+-])([01]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** A number longer than these cannot fit into 64 bits, in any base; its digits need not be read. */
const integerLengthMax = 80;

function numberOf(text: string): Resolved | undefined {
  const match = text.length > integerLengthMax ? null : integer.exec(text);
  if (match !== null) {
    const [, before = '', binary, octal, hex, decimal, behind = '', digits] = match;
    const sign = before || behind;
    const bits = binary ?? digits;
    const magnitude = BigInt(bits ? `0b${bits}` : octal ? `0o${octal}` : hex ? `0x${hex}` : (decimal ?? ''));
    const value = sign === '-' ? -magnitude : magnitude;
    if (value >= int64Min && value <= (sign === '' ? uint64Max : int64Max)) return { kind: 'integer', value };
  }
  if (!float.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

/**
 * The value in JSON, as kubectl hands it on.
 *
 * Shape: an integer that int64 holds keeps all digits (bigint beyond 2^53); a larger one becomes a double, as in kubectl.
 * Undefined for what JSON has no number for.
 */
export function jsonOf(resolved: Exclude<Resolved, { kind: 'wrongTag' }>): Json | undefined {
  switch (resolved.kind) {
    case 'value':
      return resolved.value;
    case 'integer':
      return integerOf(resolved.value);
    case 'float':
      return floatOf(resolved.value);
  }
}

export function integerOf(value: bigint): number | bigint {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value >= int64Min && value <= int64Max ? value : Number(value);
}

/** kubectl writes a double as JSON and reads that: what looks like an integer then is one, of the digits written. */
export function floatOf(value: number): number | bigint | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (!Number.isInteger(value) || Math.abs(value) >= 1e21) return value;
  return integerOf(BigInt(String(value)));
}

/** How kubectl spells a key that is no string; undefined where it refuses: null, and integers above int64. */
export function keyTextOf(resolved: Exclude<Resolved, { kind: 'wrongTag' }>): string | undefined {
  switch (resolved.kind) {
    case 'value':
      return resolved.value === null ? undefined : String(resolved.value);
    case 'integer':
      return resolved.value > int64Max ? undefined : String(resolved.value);
    case 'float':
      return formatFloat32(resolved.value);
  }
}
