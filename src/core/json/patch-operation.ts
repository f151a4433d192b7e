/** The operations of a JSON Patch, read from the JSON in which they are written. */
import { type Pointer, parsePointer } from './pointer.ts';
import { fieldOf, isArray, isObject, type Json, textOf } from './value.ts';

export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: Pointer; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Pointer }
  | { readonly op: 'move' | 'copy'; readonly from: Pointer; readonly path: Pointer };

/** Why a patch cannot be read or applied. */
export type PatchProblem = {
  readonly kind: /** Not an operation: a field is missing or wrong. */
    | 'malformed'
    /** The path leads nowhere. */
    | 'missing'
    /** No index of this array. */
    | 'badIndex'
    /** The path goes through a string, number, boolean or null. */
    | 'notContainer'
    /** `test` found another value. */
    | 'testFailed'
    /** `move` into a part of what is moved. */
    | 'intoItself'
    /** `remove` of the whole value. */
    | 'root';
  /** Which operation, from 0. */
  readonly operation: number;
  /** The pointer at which it failed, as text; as it was written when it is no pointer. */
  readonly path: string;
  readonly message: string;
};

export type PatchRead =
  | { readonly kind: 'read'; readonly patch: readonly PatchOperation[] }
  | { readonly kind: 'refused'; readonly problems: readonly PatchProblem[] };

/** Reads a JSON Patch document: an array of operations. Unknown fields are ignored, as the RFC asks. */
export function readPatch(value: Json): PatchRead {
  if (!isArray(value))
    return { kind: 'refused', problems: [malformed(0, '', 'a JSON Patch is an array of operations')] };
  const read = value.map(readOperation);
  const problems = read.filter((part) => 'kind' in part);
  return problems.length > 0
    ? { kind: 'refused', problems }
    : { kind: 'read', patch: read.filter((part) => 'op' in part) };
}

function readOperation(value: Json, operation: number): PatchOperation | PatchProblem {
  if (!isObject(value)) return malformed(operation, '', 'an operation is an object');
  const path = pointerIn(value, 'path', operation);
  if ('kind' in path) return path;
  const op = textOf(fieldOf(value, 'op'));
  switch (op) {
    case 'add':
    case 'replace':
    case 'test': {
      const operand = fieldOf(value, 'value');
      return operand === undefined
        ? malformed(operation, '', `"${op}" needs a value`)
        : { op, path: path.pointer, value: operand };
    }
    case 'remove':
      return { op, path: path.pointer };
    case 'move':
    case 'copy': {
      const from = pointerIn(value, 'from', operation);
      return 'kind' in from ? from : { op, from: from.pointer, path: path.pointer };
    }
    default:
      return malformed(operation, '', `"op" is one of add, remove, replace, move, copy, test`);
  }
}

function pointerIn(value: Json, field: string, operation: number): { readonly pointer: Pointer } | PatchProblem {
  const text = textOf(fieldOf(value, field));
  if (text === undefined) return malformed(operation, '', `"${field}" must be a JSON Pointer`);
  const pointer = parsePointer(text);
  return pointer === undefined ? malformed(operation, text, `"${field}" is no JSON Pointer`) : { pointer };
}

const malformed = (operation: number, path: string, message: string): PatchProblem => ({
  kind: 'malformed',
  operation,
  path,
  message,
});
