/** Checks of what all objects have: names, labels, annotations, owners, and what of them never changes. */
import { equal } from '../../../core/json/equal.ts';
import { at, isArray, isObject, type Json, textOf } from '../../../core/json/value.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import type { Schema } from '../schema.ts';
import type { Findings } from './findings.ts';
import { keyProblems, labelNameProblems, labelValueProblems, pathSegmentProblems, subdomainProblems } from './names.ts';

type Metadata = KubeObject['metadata'];

const textAt = (value: Json | undefined, field: string): string => textOf(at(value, field)) ?? '';

const annotationsBytesMax = 262_144;

export function checkCreated(schema: Schema, metadata: Metadata, findings: Findings): void {
  const { name } = metadata;
  const generated = textOf(metadata.generateName);
  if (generated !== undefined) {
    // What is generated ends in letters; a dash before them is fine.
    findings.eachInvalid('metadata.generateName', generated, nameProblems(schema, generated.replace(/-$/, 'a')));
  }
  if ((name ?? '') === '') findings.required('metadata.name', 'name or generateName is required');
  else findings.eachInvalid('metadata.name', name, nameProblems(schema, name));
  checkLabels(metadata.labels, 'metadata.labels', findings);
  checkRest(metadata, findings);
  checkFinalizers(metadata.finalizers, hasOwnFinalizers(schema), findings);
}

// Built-in kinds know the finalizers of Kubernetes itself, which need no domain.
const hasOwnFinalizers = ({ group, custom }: Schema): boolean =>
  custom === undefined && group !== 'apiextensions.k8s.io';
const standardFinalizers = new Set<Json>(['kubernetes', 'orphan', 'foregroundDeletion']);

function checkFinalizers(value: Json | undefined, needsDomain: boolean, findings: Findings): void {
  const finalizers = isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  for (const finalizer of finalizers) findings.eachInvalid('metadata.finalizers', finalizer, keyProblems(finalizer));
  if (!needsDomain) return;
  for (const [index, finalizer] of finalizers.entries()) {
    if (finalizer.includes('/') || standardFinalizers.has(finalizer)) continue;
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    findings.invalid(`metadata.finalizers[${index}]`, finalizer, why);
  }
}

export function checkChanged(live: Metadata, next: Metadata, findings: Findings): void {
  if (live.deletionTimestamp !== undefined) {
    const before = isArray(live.finalizers) ? live.finalizers : [];
    const added = (isArray(next.finalizers) ? next.finalizers : []).filter((finalizer) => !before.includes(finalizer));
    if (added.length > 0) {
      const list = added
        .map((one) => JSON.stringify(one))
        .toSorted()
        .join(', ');
      const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
      findings.forbidden('metadata.finalizers', why);
    }
  }
  for (const field of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ]) {
    findings.immutable(`metadata.${field}`, next[field], equal(live[field], next[field]));
  }
  checkLabels(next.labels, 'metadata.labels', findings);
  checkRest(next, findings);
}

function checkRest(metadata: Metadata, findings: Findings): void {
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    findings.eachInvalid('metadata.annotations', key, keyProblems(key.toLowerCase()));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(textOf(value) ?? '');
  }
  if (bytes > annotationsBytesMax) findings.tooLong('metadata.annotations', annotationsBytesMax);
  checkOwners(metadata.ownerReferences, findings);
}

function checkOwners(references: Json | undefined, findings: Findings): void {
  const path = 'metadata.ownerReferences';
  const controllers: string[] = [];
  for (const reference of isArray(references) ? references : []) {
    for (const [field, why] of [
      ['apiVersion', 'version must not be empty'],
      ['kind', 'must not be empty'],
      ['name', 'must not be empty'],
      ['uid', 'must not be empty'],
    ] as const) {
      if (textAt(reference, field) === '') findings.invalid(`${path}.${field}`, '', why);
    }
    if (at(reference, 'controller') === true)
      controllers.push(`${textAt(reference, 'kind')}/${textAt(reference, 'name')}`);
  }
  const [first, second] = controllers;
  if (second === undefined) return;
  const why = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  findings.invalid(path, references, why);
}

export function checkLabels(labels: Json | undefined, path: string, findings: Findings): void {
  if (!isObject(labels)) return;
  for (const [key, value] of Object.entries(labels)) {
    findings.eachInvalid(path, key, keyProblems(key));
    if (typeof value === 'string') findings.eachInvalid(path, value, labelValueProblems(value));
  }
}

const byLabel = new Set(['/Namespace', '/Service', 'apps/StatefulSet']);

function nameProblems(schema: Schema, name: string): readonly string[] {
  const kind = `${schema.group}/${schema.kind}`;
  if (byLabel.has(kind)) return labelNameProblems(name);
  if (schema.group === 'rbac.authorization.k8s.io' && schema.custom === undefined) return pathSegmentProblems(name);
  return subdomainProblems(name);
}
