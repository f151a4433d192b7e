/** Reads the packed types of the built-in kinds, `data/types.json`; types are built when first asked for. */
import type { Json } from '../../core/json/value.ts';
import { invariant } from '../../core/model/invariant.ts';
import packed from './data/types.json' with { type: 'json' };
import { fills } from './defaults/fills.ts';
import { goTypeOfCode } from './go-type.ts';
import {
  type Field,
  freeJsonType,
  listType,
  type MapType,
  mapType,
  opaqueType,
  type Patching,
  type Presence,
  scalarType,
  type Type,
} from './type.ts';

/**
 * One type as packed. A field is its code, or its code and notes.
 *
 * Shape of a code: how it is left out (see `presences`), then what it is: a letter of `letters`, `#n` the type of row n,
 * `~#n` the same as one atom, `[T` an atomic list (`(T` one that does not say so), `<keys>T` a list owned item by item
 * (`<>T` a set, a `*` after the keys where only the patch strategy says so), `{T` a map, `{!T` an atomic map.
 */
export type PackedType = {
  readonly name: string;
  /** `group/version/Kind`. */
  readonly kinds?: readonly string[];
  /** OpenAPI's type where it is no object. */
  readonly scalar?: string;
  readonly isAtomic?: true;
  readonly required?: readonly string[];
  readonly fields?: Readonly<Record<string, PackedField>>;
  readonly text?: string;
  readonly texts?: Readonly<Record<string, string>>;
};
export type PackedField = string | readonly [string, PackedNotes];
/** Default, allowed values, patch strategy, patch merge key, Go type where the code does not tell. */
export type PackedNotes = {
  readonly d?: Json;
  readonly e?: readonly Json[];
  readonly p?: string;
  readonly k?: string;
  readonly g?: string;
};

// Our own generated file: its shape is held by the script that writes it.
export const packedTypes = packed.rows as unknown as readonly PackedType[];

const presences: Readonly<Record<string, Presence>> = {
  '!': 'always',
  '&': 'alwaysNull',
  '?': 'unlessAbsent',
  '0': 'unlessZero',
};

const letters: Readonly<Record<string, Type>> = {
  s: scalarType('string', 'string'),
  B: scalarType('string', 'bytes'),
  i: scalarType('numeric', 'int32'),
  l: scalarType('numeric', 'int64'),
  n: scalarType('numeric', 'double'),
  b: scalarType('boolean', 'boolean'),
  q: scalarType('untyped', 'quantity'),
  t: scalarType('untyped', 'time'),
  m: scalarType('untyped', 'microTime'),
  x: { ...freeJsonType, form: 'intOrString' },
  f: { ...mapType(freeJsonType, false), form: 'json' },
  r: opaqueType,
  j: freeJsonType,
};

const built = new Map<number, Type>();

/** The type of a row. Cost: built once, with all that it reaches. */
export function typeOfRow(row: number): Type {
  const known = built.get(row);
  if (known !== undefined) return known;
  const pack = packedTypes[row];
  invariant(pack !== undefined, 'a packed type refers to one that is there');
  const fields = new Map<string, Field>();
  const written: Field[] = [];
  const isStruct = pack.fields !== undefined;
  const map: MapType = {
    fields,
    element: isStruct ? undefined : freeJsonType,
    isAtomic: pack.isAtomic === true,
    name: pack.name.slice(pack.name.lastIndexOf('.') + 1),
    written,
    fill: fillOf(pack),
  };
  const type: Type = { scalar: undefined, list: undefined, map, form: isStruct ? 'struct' : 'json' };
  // Known before its fields are read: a type may hold itself.
  built.set(row, type);
  for (const [name, packedField] of Object.entries(pack.fields ?? {})) {
    const field = readField(name, packedField);
    fields.set(name, field);
    if (isWritten(field)) written.push(field);
  }
  return type;
}

// Go's encoder takes no struct for empty.
function isWritten({ presence, type: { form } }: Field): boolean {
  if (presence !== 'unlessEmpty') return presence === 'always' || presence === 'alwaysNull';
  return ['struct', 'quantity', 'intOrString', 'time', 'microTime', 'json'].includes(form);
}

// Defaults that are part of a field's declaration come before those that take thought.
function fillOf({ name, fields = {} }: PackedType): MapType['fill'] {
  const declared = Object.entries(fields).flatMap(([field, packedField]): [string, Json][] => {
    const value = unpackField(packedField).notes.d;
    const isPlain = typeof value === 'string' || typeof value === 'number';
    return isPlain && value !== '' && value !== 0 ? [[field, value]] : [];
  });
  const fill = fills[name];
  if (declared.length === 0) return fill;
  return (value) => {
    const missing = declared.filter(([field]) => !Object.hasOwn(value, field) || value[field] === '');
    const filled = missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
    return fill === undefined ? filled : fill(filled);
  };
}

const rowsByKind = new Map(packedTypes.flatMap((type, row) => (type.kinds ?? []).map((kind) => [kind, row] as const)));
const rowsByName = new Map(packedTypes.map((type, row) => [type.name, row]));

/** `group` is empty for the core group. */
export function typeOfKind(group: string, version: string, kind: string): Type | undefined {
  const row = rowsByKind.get(`${group}/${version}/${kind}`);
  return row === undefined ? undefined : typeOfRow(row);
}

/** By OpenAPI name, `io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`. */
export function typeNamed(name: string): Type {
  const row = rowsByName.get(name);
  invariant(row !== undefined, `there is a type ${name}`);
  return typeOfRow(row);
}

/** A field's code without how it is left out, and its notes. */
export function unpackField(field: PackedField): {
  readonly presence: Presence;
  readonly code: string;
  readonly notes: PackedNotes;
} {
  const [text, notes] = typeof field === 'string' ? [field, {}] : field;
  const presence = presences[text.charAt(0)];
  return { presence: presence ?? 'unlessEmpty', code: presence === undefined ? text : text.slice(1), notes };
}

function readField(name: string, field: PackedField): Field {
  const { presence, code, notes } = unpackField(field);
  const patch: Patching | undefined =
    notes.p === undefined
      ? undefined
      : { isMerged: notes.p.includes('merge'), retainsKeys: notes.p.includes('retainKeys'), key: notes.k ?? '' };
  return {
    name,
    element: `f:${name}`,
    type: readCode(code),
    presence,
    default: notes.d,
    patch,
    goType: notes.g ?? goTypeOfCode(code, (row) => packedTypes[row]?.name ?? ''),
  };
}

function readCode(code: string): Type {
  const rest = code.slice(1);
  switch (code.charAt(0)) {
    case '#':
      return typeOfRow(Number(rest));
    case '~': {
      const type = readCode(rest);
      return type.map === undefined ? type : { ...type, map: { ...type.map, isAtomic: true } };
    }
    case '[':
    case '(':
      return listType(readCode(rest), true);
    case '<': {
      const [keys = '', element = ''] = rest.split('>', 2);
      return listType(
        readCode(element.startsWith('*') ? element.slice(1) : element),
        false,
        keys === '' ? [] : keys.split(','),
      );
    }
    case '{':
      return rest.startsWith('!') ? mapType(readCode(rest.slice(1)), true) : mapType(readCode(rest), false);
    default: {
      const type = letters[code];
      invariant(type !== undefined, `there is a type code ${code}`);
      return type;
    }
  }
}
