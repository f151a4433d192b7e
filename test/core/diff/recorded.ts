/** What a kube-apiserver 1.36 answered, recorded: edits of an object that we own, and adoptions. */
import { readFileSync } from 'node:fs';
import { mergePatch } from '../../../src/core/json/merge.ts';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, type Json, type JsonObject, textOf } from '../../../src/core/json/value.ts';
import { isKubeObject, type KubeObject } from '../../../src/core/model/object.ts';

/** The manager that we applied as. */
export const ours = 'landfall-test';

/** One edit: the live object after it, the answer to our forced dry run then, and what is to be said of it. */
export type Edit = {
  readonly name: string;
  /** What became of the fingerprint. */
  readonly fingerprint: 'changed' | 'same' | 'gone';
  readonly drift: readonly string[];
  readonly owners: readonly string[];
  readonly verdicts: readonly string[];
  readonly live: KubeObject;
  readonly answer: KubeObject;
};

export type Recording = { readonly applied: KubeObject; readonly edits: readonly Edit[] };

export function readEdits(): Recording {
  const file = read('edits.json');
  const applied = objectOf(at(file, 'applied'));
  // Kept as merge patches of the object as we applied it.
  const edits = listOf(at(file, 'edits')).map((edit) => ({
    name: textIn(edit, 'name'),
    fingerprint: stateOf(textIn(edit, 'fingerprint')),
    drift: textsIn(edit, 'drift'),
    owners: textsIn(edit, 'owners'),
    verdicts: textsIn(edit, 'verdicts'),
    live: objectOf(mergePatch(applied, at(edit, 'live') ?? {})),
    answer: objectOf(mergePatch(applied, at(edit, 'answer') ?? {})),
  }));
  return { applied, edits };
}

export type RecordedAdoption = {
  readonly name: string;
  readonly tool: string;
  readonly live: KubeObject;
  /** The entries as the server keeps them after our patch, without their times. */
  readonly stored: readonly Json[];
  /** After our next apply, of a manifest that has less. */
  readonly after: KubeObject;
};

export function readAdoptions(): readonly RecordedAdoption[] {
  return listOf(read('adoptions.json')).map((adoption) => ({
    name: textIn(adoption, 'name'),
    tool: textIn(adoption, 'tool'),
    live: objectOf(at(adoption, 'live')),
    stored: listOf(at(adoption, 'stored')),
    after: objectOf(at(adoption, 'after')),
  }));
}

const read = (file: string): Json => parseJson(readFileSync(new URL(`./recorded/${file}`, import.meta.url), 'utf8'));
const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const textIn = (value: Json, field: string): string => textOf(at(value, field)) ?? '';
const textsIn = (value: Json, field: string): readonly string[] =>
  listOf(at(value, field)).map((text) => textOf(text) ?? '');

function stateOf(text: string): Edit['fingerprint'] {
  if (text === 'changed' || text === 'same' || text === 'gone') return text;
  throw new Error(`no state of a fingerprint: ${text}`);
}

function objectOf(value: Json | undefined): KubeObject {
  if (!isKubeObject(value)) throw new Error('the recording holds something that is no object');
  return value;
}

/** A small object with managedFields, for tables. */
export function objectWith(managedFields: readonly JsonObject[], fields: JsonObject = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', managedFields }, ...fields };
}

/** An Apply entry of ours. */
export function entryOf(fieldsV1: JsonObject, changes: JsonObject = {}): JsonObject {
  return { manager: ours, operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1, ...changes };
}
