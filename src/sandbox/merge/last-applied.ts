/** The annotation in which client-side `kubectl apply` keeps what it applied, for those who change over. */
import { formatJson, parseJson } from '../../core/json/text.ts';
import { at, isObject, type Json, textOf, withFields } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Schema } from '../schema/schema.ts';
import { misfit } from './checking.ts';
import { compareValues } from './comparing.ts';
import { difference, type FieldSet } from './fieldset.ts';
import { ownedFields } from './owned.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const annotationsBytesMax = 262_144;

/**
 * Fields that client-side apply set and that still hold what it set: kubectl may take them over without force.
 *
 * Shape: undefined when there is no such annotation, or none that can be read.
 */
export function allowedByLastApplied(live: KubeObject, schema: Schema): FieldSet | undefined {
  const text = textOf(at(live, 'metadata', 'annotations', annotation)) ?? '';
  if (text === '') return undefined;
  let applied: Json;
  try {
    applied = parseJson(text);
  } catch {
    return undefined;
  }
  if (!isObject(applied) || applied.apiVersion !== schema.apiVersion || misfit(applied, schema.type) !== undefined) {
    return undefined;
  }
  const { modified, added, removed } = compareValues(applied, live, schema.type);
  return difference(difference(difference(ownedFields(applied, schema.type), modified), added), removed);
}

/** Keeps the annotation in step with what kubectl now applies, where there is one. */
export function withLastApplied(object: KubeObject, config: { readonly [field: string]: Json }): KubeObject {
  const annotations = at(object, 'metadata', 'annotations');
  if (!isObject(annotations) || (textOf(annotations[annotation]) ?? '') === '') return object;
  const written = { ...annotations, [annotation]: appliedText(config) };
  const bytes = Object.entries(written).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  const kept = bytes > annotationsBytesMax ? withFields(annotations, { [annotation]: undefined }) : written;
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}

function appliedText(config: { readonly [field: string]: Json }): string {
  const metadata = isObject(config.metadata) ? config.metadata : {};
  const annotations = isObject(metadata.annotations)
    ? withFields(metadata.annotations, { [annotation]: undefined })
    : undefined;
  const isBare = annotations === undefined || Object.keys(annotations).length === 0;
  const bare = { ...config, metadata: withFields(metadata, { annotations: isBare ? undefined : annotations }) };
  return `${formatJson(sorted(bare))}\n`;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, sorted(inner)]));
}
