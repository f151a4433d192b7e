/** Makes what a YAML text holds at one place equal to a value, and changes nothing else: comments, quotes and layout stay. */
import { type Difference, differenceOf } from '../json/difference.ts';
import { applyPatch } from '../json/patch.ts';
import { formatPointer, type Pointer, valueAt } from '../json/pointer.ts';
import { isObject, type Json } from '../json/value.ts';
import { readDocument } from './document.ts';
import { defaultReadLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { placeIn } from './place.ts';
import { refuse, rewrite, type Splice } from './rewrite.ts';
import { openText } from './source-text.ts';
import { splitDocuments } from './split.ts';

/**
 * Sets the value at a pointer; undefined takes it out. Maps that are not there on the way are made.
 *
 * Shape: as `spliceScalar`; only what differs inside of the value is written. What is right already stays to the letter.
 * Refused: a way through what is no map or list; what stands in more than one place (anchors).
 */
export function spliceValue(text: string, pointer: Pointer, value: Json | undefined, document = 0): Splice {
  const before = documentIn(text, document);
  if (before === undefined) return refuse(`there is no document ${document} that can be read`);
  const steps = stepsTo(before, pointer, value);
  if (typeof steps === 'string') return refuse(steps);
  let now = text;
  for (const step of steps) {
    const done = spliceStep(now, step, document);
    if (done.kind === 'refused') return done;
    now = done.text;
  }
  return { kind: 'spliced', text: now };
}

function documentIn(text: string, document: number): Json | undefined {
  const opened = openText(text, defaultReadLimits);
  const chunk = opened.kind === 'text' ? splitDocuments(opened.text).chunks[document] : undefined;
  const [read, ...others] = chunk === undefined ? [] : readDocument(chunk, new Lines(chunk.text), defaultReadLimits);
  return read === undefined || others.length > 0 || read.flaws.list.length > 0 ? undefined : read.value;
}

function stepsTo(before: Json, pointer: Pointer, value: Json | undefined): readonly Difference[] | string {
  const here = valueAt(before, pointer);
  if (value === undefined) return here === undefined ? [] : [{ op: 'remove', path: pointer }];
  if (here !== undefined) return differenceOf(here, value, pointer);
  // The last map on the way that is there.
  for (let length = pointer.length - 1; length >= 0; length -= 1) {
    const [above, missing] = [pointer.slice(0, length), pointer.slice(length)];
    const parent = valueAt(before, above);
    if (parent === undefined) continue;
    const [name = '', ...rest] = missing;
    const made = rest.reduceRight<Json>((inner, step) => ({ [step]: inner }), value);
    if (isObject(parent)) return [{ op: 'add', path: [...above, name], value: made }];
    if (parent === null && length > 0) return [{ op: 'replace', path: above, value: { [name]: made } }];
    return `there is no map at ${formatPointer(above)}`;
  }
  return `there is nothing at ${formatPointer(pointer)}`;
}

function spliceStep(text: string, step: Difference, document: number): Splice {
  return rewrite(text, document, (chunk, before) => {
    const wanted = applyPatch(before, [step]);
    if (wanted.kind === 'refused') return wanted.problem.message;
    const place = placeIn(chunk, step.path);
    const whyNot = `${formatPointer(step.path)} cannot be changed alone`;
    if (place === undefined) return whyNot;
    const texts =
      step.op === 'remove'
        ? place.without()
        : step.op === 'add'
          ? place.withNew(step.value)
          : place.withOther(step.value);
    return texts.length === 0 ? whyNot : { wanted: wanted.value, texts, whyNot };
  });
}
