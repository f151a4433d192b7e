/** What a value may be, who may own its parts, and how the server reads and writes it. */
import type { Json, JsonObject } from '../../core/json/value.ts';

/**
 * A type is a choice of at most one scalar, one list and one map. Most types allow one; a few (int-or-string, free JSON)
 * allow all three.
 */
export type Type = {
  readonly scalar: Scalar | undefined;
  readonly list: ListType | undefined;
  readonly map: MapType | undefined;
  /** How a built-in kind's value is decoded and written; custom kinds have their own reading. */
  readonly form: Form;
};

export type Scalar = 'numeric' | 'string' | 'boolean' | 'untyped';

export type Form =
  | 'string'
  | 'bytes'
  | 'int32'
  | 'int64'
  | 'double'
  | 'boolean'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'json'
  | 'struct'
  | 'map'
  | 'list';

export type ListType = {
  readonly element: Type;
  /** An atomic list has one owner; the items of any other are owned one by one. */
  readonly isAtomic: boolean;
  /** Fields that name an item, sorted; none in a set of scalars. */
  readonly keys: readonly string[];
};

export type MapType = {
  /** Declared fields; none in a map of free keys. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Of undeclared keys; absent: there must be none. */
  readonly element: Type | undefined;
  readonly isAtomic: boolean;
  /** The Go type's name, in decoding errors; empty for maps. */
  readonly name: string;
  /** Fields that are written though they hold nothing. */
  readonly written: readonly Field[];
  /** Fills in the defaults of a struct whose parts have theirs; gives the same value when there is nothing to fill. */
  readonly fill: ((value: JsonObject) => JsonObject) | undefined;
};

/** When a field is written though it holds nothing. */
export type Presence =
  /** Left out when empty; a struct is always written. */
  | 'unlessEmpty'
  /** Left out when absent; an empty value stays. */
  | 'unlessAbsent'
  /** Always, as its empty value. */
  | 'always'
  /** Always, as null. */
  | 'alwaysNull'
  /** A struct that is left out when empty. */
  | 'unlessZero';

export type Field = {
  readonly name: string;
  /** `f:name`, as ownership sets write it. */
  readonly element: string;
  readonly type: Type;
  readonly presence: Presence;
  /** Of a key of list items. */
  readonly default: Json | undefined;
  /** How a strategic merge patch treats the field. */
  readonly patch: Patching | undefined;
  /** What decoding errors call the type, `[]v1.Container`. */
  readonly goType: string;
};

export type Patching = { readonly isMerged: boolean; readonly retainsKeys: boolean; readonly key: string };

const none: ReadonlyMap<string, Field> = new Map();
const freeKeys = { fields: none, name: '', written: [], fill: undefined } as const;

export const scalarType = (scalar: Scalar, form: Form): Type => ({ scalar, list: undefined, map: undefined, form });
export const listType = (element: Type, isAtomic: boolean, keys: readonly string[] = []): Type => ({
  scalar: undefined,
  list: { element, isAtomic, keys: keys.toSorted() },
  map: undefined,
  form: 'list',
});
export const mapType = (element: Type, isAtomic: boolean): Type => ({
  scalar: undefined,
  list: undefined,
  map: { ...freeKeys, element, isAtomic },
  form: 'map',
});

type Open = { -readonly [Key in keyof Type]: Type[Key] };

/** Anything, with one owner for the whole of a list or map. */
export const opaqueType: Type = freeType(true);
/** Anything; maps are owned key by key, lists as a whole. */
export const freeJsonType: Type = freeType(false);

function freeType(isAtomic: boolean): Type {
  const type: Open = { scalar: 'untyped', list: undefined, map: undefined, form: 'json' };
  type.list = { element: isAtomic ? type : opaqueType, isAtomic: true, keys: [] };
  type.map = { ...freeKeys, element: type, isAtomic };
  return type;
}
