/** Field sets as JSON and back (`fieldsV1`), and one copy of each set however many objects have it. */
import { isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import { compareElements, compareText, type Element, readElement } from './element.ts';
import { emptySet, type FieldSet, leaf, type Part } from './fieldset.ts';

/** `isPlain`: the text is in plain order of its steps, not in the order of what they mean; see `plainlyOrdered`. */
type Written = { text?: string; json?: JsonObject; isPlain?: boolean };
const writings = new WeakMap<FieldSet, Written>();
/** Sets by the JSON that was made of them: most of what clients send back comes from here. */
const sources = new WeakMap<JsonObject, FieldSet>();
const known = new Map<string, WeakRef<FieldSet>>();
const forget = new FinalizationRegistry<string>((text) => {
  if (known.get(text)?.deref() === undefined) known.delete(text);
});

/** The set as `fieldsV1`, in the API server's order. Cost: once a set. */
export function setText(set: FieldSet): string {
  const written = writingOf(set);
  written.text ??= `{${partsText(set, false)}}`;
  return written.text;
}

/** The set as `fieldsV1`. Cost: once a set. */
export function setJson(set: FieldSet): JsonObject {
  const written = writingOf(set);
  if (written.json !== undefined) return written.json;
  const json = JSON.parse(setText(set)) as JsonObject;
  written.json = json;
  sources.set(json, set);
  return json;
}

function writingOf(set: FieldSet): Written {
  let written = writings.get(set);
  if (written === undefined) {
    written = {};
    writings.set(set, written);
  }
  return written;
}

function partsText(set: FieldSet, isSelfOwned: boolean): string {
  let text = isSelfOwned && set.size > 0 ? '".":{}' : '';
  const elements = [...set.keys()];
  if (elements.length > 1) elements.sort(compareElements);
  for (const element of elements) {
    const { isOwned, below } = set.get(element) ?? leaf;
    text += `${text === '' ? '' : ','}${JSON.stringify(element)}:{${partsText(below, isOwned)}}`;
  }
  return text;
}

/**
 * The one copy of this set: equal sets give the same one, so that a thousand objects with the same owners cost one set
 * in memory and compare by identity.
 */
export function intern(set: FieldSet): FieldSet {
  if (set.size === 0) return emptySet;
  return writingOf(set).isPlain === true ? shared(new Map(set)) : shared(set);
}

function shared(set: FieldSet): FieldSet {
  const text = setText(set);
  const copy = known.get(text)?.deref();
  if (copy !== undefined) return copy;
  known.set(text, new WeakRef(set));
  forget.register(set, text);
  return set;
}

/**
 * The same set written as plain JSON is, `443` before `80`: requests to a scale subresource leave all sets of an object
 * so, and the next write puts them in order again, which counts as a change.
 */
export function plainlyOrdered(set: FieldSet): FieldSet {
  const text = plainText(set, false);
  if (text === setText(set)) return set;
  const copy: FieldSet = new Map(set);
  writings.set(copy, { text, isPlain: true });
  return shared(copy);
}

function plainText(set: FieldSet, isSelfOwned: boolean): string {
  const parts = [...set].toSorted(([a], [b]) => compareText(a, b));
  const self = isSelfOwned && set.size > 0 ? ['".":{}'] : [];
  const texts = parts.map(([element, { isOwned, below }]) => `${JSON.stringify(element)}:${plainText(below, isOwned)}`);
  return `{${[...self, ...texts].join(',')}}`;
}

/** Reads `fieldsV1`. Shape: undefined when a step is malformed; steps of unknown kinds are dropped. */
export function readSet(json: Json | undefined): FieldSet | undefined {
  if (json === undefined || json === null) return emptySet;
  const made = isObject(json) ? sources.get(json) : undefined;
  if (made !== undefined) return intern(made);
  const found = readPart(json)?.below;
  return found === undefined ? undefined : intern(found);
}

// An object without steps stands for its own path; `.` says the same beside steps.
function readPart(json: Json): Part | undefined {
  if (!isObject(json)) return undefined;
  const below = new Map<Element, Part>();
  let isOwned = false;
  for (const [text, inner] of Object.entries(json)) {
    if (text === '.') {
      isOwned = true;
      continue;
    }
    if (text.length < 2 || text.charAt(1) !== ':') return undefined;
    if (!'fkvi'.includes(text.charAt(0))) continue;
    const element = readElement(text);
    const part = readPart(inner);
    if (element === undefined || part === undefined) return undefined;
    below.set(element, part);
  }
  return below.size === 0 ? leaf : { isOwned, below };
}
