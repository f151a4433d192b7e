/** Reads a value of a built-in kind as the API server does: what it knows is kept in its own form, what it does not is told. */
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import { ReadingError, readLeaf } from './leaf.ts';
import type { Field, MapType, Type } from './type.ts';
import { zeroElement, zeroField } from './zero.ts';

export type Reading =
  | { readonly kind: 'read'; readonly value: JsonObject; readonly unknown: readonly string[] }
  | { readonly kind: 'misfit'; readonly message: string };

/**
 * Reads an object.
 *
 * Shape: the very same value, and the same parts, where nothing had to change. `unknown` are the paths of fields that
 * were dropped, in the order of the text. With `isDefaulted`, structs fill in their defaults on the way.
 */
export function readObject(value: JsonObject, type: Type, isDefaulted: boolean): Reading {
  const reader = new Reader(isDefaulted);
  try {
    const read = type.map === undefined ? value : reader.struct(value, type.map);
    return { kind: 'read', value: read, unknown: reader.unknown };
  } catch (error) {
    if (!(error instanceof ReadingError)) throw error;
    return { kind: 'misfit', message: error.message };
  }
}

class Reader {
  readonly unknown: string[] = [];
  readonly #isDefaulted: boolean;
  // Where we are: fields, free keys and positions, as strict decoding errors show them; and the fields alone, for others.
  readonly #path: (string | number)[] = [];
  readonly #fields: string[] = [];

  constructor(isDefaulted: boolean) {
    this.#isDefaulted = isDefaulted;
  }

  struct(value: JsonObject, map: MapType): JsonObject {
    let entries: [string, Json][] | undefined;
    const names = Object.keys(value);
    for (const [at, name] of names.entries()) {
      const before = value[name];
      if (before === undefined) continue;
      const field = map.fields.get(name);
      let after: Json | undefined;
      if (field === undefined) this.unknown.push(this.#pathTo(name));
      else {
        this.#path.push(name);
        this.#fields.push(name);
        after = this.#field(before, field, map);
        this.#fields.pop();
        this.#path.pop();
      }
      if (after === before && entries === undefined) continue;
      entries ??= names.slice(0, at).map((earlier): [string, Json] => [earlier, value[earlier] ?? null]);
      if (after !== undefined) entries.push([name, after]);
    }
    let read: JsonObject = entries === undefined ? value : Object.fromEntries(entries);
    const { written, fill } = map;
    for (const field of written) {
      if (Object.hasOwn(read, field.name)) continue;
      // A struct that is absent has defaults of its own.
      const zero = zeroField(field);
      const inner =
        this.#isDefaulted && isObject(zero) && field.type.map !== undefined ? this.struct(zero, field.type.map) : zero;
      if (inner !== undefined) read = { ...read, [field.name]: inner };
    }
    return this.#isDefaulted && fill !== undefined ? fill(read) : read;
  }

  #field(value: Json, field: Field, owner: MapType): Json | undefined {
    if (value === null) return field.presence === 'unlessAbsent' ? undefined : this.#zero(field);
    const read = this.value(value, field.type, field.goType, owner);
    switch (field.presence) {
      case 'unlessEmpty':
        return isEmpty(read, field.type) ? undefined : read;
      case 'unlessZero':
        return read === null ? undefined : read;
      default:
        return read;
    }
  }

  #zero(field: Field): Json | undefined {
    const zero = zeroField(field);
    if (!this.#isDefaulted || !isObject(zero) || field.type.map === undefined) return zero;
    return this.struct(zero, field.type.map);
  }

  /** `goType` and `owner` are what a decoding error calls the value's type and the struct it stands in. */
  value(value: Json, type: Type, goType: string, owner: MapType): Json {
    switch (type.form) {
      case 'struct':
        if (!isObject(value) || type.map === undefined) return this.#misfit(value, goType, owner);
        return this.struct(value, type.map);
      case 'map':
        if (!isObject(value) || type.map?.element === undefined) return this.#misfit(value, goType, owner);
        return this.#map(value, type.map.element, goType.slice(goType.indexOf(']') + 1), owner);
      case 'list':
        if (!isArray(value) || type.list === undefined) return this.#misfit(value, goType, owner);
        return this.#list(value, type.list.element, goType.slice(2), owner);
      case 'string':
        return typeof value === 'string' ? value : this.#misfit(value, goType, owner);
      default:
        return readLeaf(value, type.form, goType, this.#where(owner));
    }
  }

  #map(value: JsonObject, element: Type, goType: string, owner: MapType): JsonObject {
    const changed: [string, Json][] = [];
    for (const name of Object.keys(value)) {
      const before = value[name];
      if (before === undefined || (typeof before === 'string' && element.form === 'string')) continue;
      this.#path.push(name);
      const after = before === null ? zeroElement(element) : this.#mapValue(before, element, goType, owner);
      this.#path.pop();
      if (after !== before) changed.push([name, after]);
    }
    return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
  }

  #mapValue(value: Json, element: Type, goType: string, owner: MapType): Json {
    // Lists of resources are rounded to thousandths.
    if (element.form === 'quantity') return readLeaf(value, 'resource', goType, this.#where(owner));
    return this.value(value, element, goType, owner);
  }

  #list(items: readonly Json[], element: Type, goType: string, owner: MapType): readonly Json[] {
    let read: Json[] | undefined;
    for (const [at, before] of items.entries()) {
      this.#path.push(at);
      const after = before === null ? zeroElement(element) : this.value(before, element, goType, owner);
      this.#path.pop();
      if (after === before && read === undefined) continue;
      read ??= items.slice(0, at);
      read.push(after);
    }
    return read ?? items;
  }

  #misfit(value: Json, goType: string, owner: MapType): never {
    throw ReadingError.misfit(value, goType, this.#where(owner));
  }

  // `DeploymentSpec.spec.replicas`: the struct, then the fields.
  #where(owner: MapType): () => string {
    return () => `${owner.name}.${this.#fields.join('.')}`;
  }

  #pathTo(name: string): string {
    let text = '';
    for (const step of this.#path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    return text === '' ? name : `${text}.${name}`;
  }
}

// What Go's encoder leaves out of a field that is omitted when empty; a struct, a quantity or a time never is.
function isEmpty(value: Json, type: Type): boolean {
  switch (type.form) {
    case 'struct':
    case 'quantity':
    case 'intOrString':
    case 'time':
    case 'microTime':
    case 'json':
      return false;
    default:
      if (isArray(value)) return value.length === 0;
      if (isObject(value)) return Object.keys(value).length === 0;
      return value === '' || value === 0 || value === false || value === null;
  }
}
