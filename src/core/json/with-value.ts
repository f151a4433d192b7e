/** A value with another one at a place inside of it. */
import { type Pointer, valueAt } from './pointer.ts';
import { isObject, type Json, withFields } from './value.ts';

/** Makes the objects on the way. Pointers into lists lead nowhere here: a list is given whole or not at all. */
export function withValueAt(value: Json, pointer: Pointer, inner: Json): Json {
  const [step, ...rest] = pointer;
  if (step === undefined) return inner;
  const fields = isObject(value) ? value : {};
  return withFields(fields, { [step]: withValueAt(valueAt(fields, [step]) ?? {}, rest, inner) });
}
