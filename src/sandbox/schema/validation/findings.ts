/** Collects what is wrong with an object, in the words of the API server. */
import { canonical } from '../../../core/json/digest.ts';
import { isArray, isObject, type Json } from '../../../core/json/value.ts';
import type { Cause } from '../refusal.ts';

/** Shape: paths as the server prints them, `spec.ports[0].name`, `data[key]`. */
export class Findings {
  readonly #causes: Cause[] = [];

  get causes(): readonly Cause[] {
    return this.#causes;
  }

  required(field: string, why = ''): void {
    this.#add('FieldValueRequired', field, withWhy('Required value', why));
  }

  forbidden(field: string, why: string): void {
    this.#add('FieldValueForbidden', field, withWhy('Forbidden', why));
  }

  tooLong(field: string, bytesMax: number): void {
    const noun = bytesMax === 1 ? 'byte' : 'bytes';
    this.#add('FieldValueTooLong', field, `Too long: may not be more than ${bytesMax} ${noun}`);
  }

  tooMany(field: string, count: number, max: number): void {
    const noun = max === 1 ? 'item' : 'items';
    this.#add('FieldValueTooMany', field, `Too many: ${count}: must have at most ${max} ${noun}`);
  }

  invalid(field: string, value: Json | undefined, why: string): void {
    this.#add('FieldValueInvalid', field, withWhy(`Invalid value: ${shown(value)}`, why));
  }

  /** A value of another type than the schema says. */
  wrongType(field: string, value: Json | undefined, why: string): void {
    this.#add('FieldValueTypeInvalid', field, withWhy(`Invalid value: ${shown(value)}`, why));
  }

  notFound(field: string, value: Json): void {
    this.#add('FieldValueNotFound', field, `Not found: ${shown(value)}`);
  }

  duplicate(field: string, value: Json): void {
    this.#add('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`);
  }

  unsupported(field: string, value: Json | undefined, supported: readonly string[]): void {
    const list = supported.map((one) => JSON.stringify(one)).join(', ');
    this.#add('FieldValueNotSupported', field, `Unsupported value: ${shown(value)}: supported values: ${list}`);
  }

  /** Each of the problems that a check of one value found. */
  eachInvalid(field: string, value: string, problems: readonly string[]): void {
    for (const problem of problems) this.invalid(field, value, problem);
  }

  nonNegative(field: string, value: Json | undefined): void {
    if (typeof value === 'number' && value < 0) this.invalid(field, value, 'must be greater than or equal to 0');
  }

  immutable(field: string, value: Json | undefined, isSame: boolean): void {
    if (!isSame) this.invalid(field, value, 'field is immutable');
  }

  addAll(causes: readonly Cause[]): void {
    this.#causes.push(...causes);
  }

  #add(reason: string, field: string, message: string): void {
    this.#causes.push({ reason, field, message });
  }
}

const withWhy = (text: string, why: string): string => (why === '' ? text : `${text}: ${why}`);

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  return isObject(value) || isArray(value) ? canonical(value) : String(value);
}
