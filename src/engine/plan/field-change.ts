/** What an apply would change in one object, field by field: only fields that are ours, and no secret. */
import { driftOf } from '../../core/diff/drift.ts';
import { ourSetOf } from '../../core/diff/entries.ts';
import { type FieldSet, hasPath, leavesOf } from '../../core/diff/fields.ts';
import { valueAtPath } from '../../core/diff/lookup.ts';
import { type FieldPath, fieldPath, printPath } from '../../core/diff/path.ts';
import type { Pointer } from '../../core/json/pointer.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { installationLabel, partOfLabel } from '../../core/plan/manifest.ts';
import type { FieldChange, FieldValue } from '../../core/preview/planned.ts';

/**
 * Compares an object as it is with the answer of a dry run.
 *
 * Shape: in the order of the fields; what leaves the object comes last. `handedOver` are fields that stay, with nobody's
 *   name on them; `taken` those that become ours by adoption.
 */
export function changesOf(
  before: KubeObject,
  after: KubeObject,
  manager: string,
  { handedOver = [], taken }: { readonly handedOver?: readonly Pointer[]; readonly taken?: FieldSet | undefined } = {},
): readonly FieldChange[] {
  const ours = ourSetOf(after, manager);
  const changed = ours === undefined ? [] : driftOf(after, before, ours);
  const stays = new Set(handedOver.map((pointer) => printPath(fieldPath(...pointer))));
  const left = [ourSetOf(before, manager), taken].flatMap((set) => (set === undefined ? [] : leavesOf(set)));
  const removed = left.filter(
    (path) =>
      !has(ours, path) &&
      !stays.has(printPath(path)) &&
      valueAtPath(before, path) !== undefined &&
      valueAtPath(after, path) === undefined,
  );
  // The answer still has what another tool owns; once that is ours it goes. Defaults would come back, labels do not.
  const going = taken === undefined ? [] : leavesOf(taken).filter((path) => isText(path) && !has(ours, path));
  const goes = new Set(going.map(printPath));
  const paths = new Map(
    [...changed, ...removed.map((path) => wholeOf(path, after)), ...going].map((path) => [printPath(path), path]),
  );
  return [...paths.values()]
    .filter((path) => !isOurMark(path))
    .map((path) => ({
      path: printPath(path),
      before: shown(before, path),
      after: goes.has(printPath(path)) ? { kind: 'absent' } : shown(after, path),
    }));
}

const has = (set: FieldSet | undefined, path: FieldPath): boolean => set !== undefined && hasPath(set, path);

/** One label or one annotation. */
function isText(path: FieldPath): boolean {
  const [first, second] = path.map((element) => (element.kind === 'field' ? element.name : ''));
  return path.length === 3 && first === 'metadata' && (second === 'labels' || second === 'annotations');
}

/** The largest part above a field that is gone as well: a container, not each of its fields. */
function wholeOf(path: FieldPath, after: KubeObject): FieldPath {
  const end = path.findIndex((_, index) => valueAtPath(after, path.slice(0, index + 1)) === undefined);
  return end === -1 ? path : path.slice(0, end + 1);
}

/** Labels that say whose an object is: on every one, and nobody's change. */
function isOurMark(path: FieldPath): boolean {
  const [first, second, third] = path.map((element) => (element.kind === 'field' ? element.name : ''));
  return first === 'metadata' && second === 'labels' && (third === installationLabel || third === partOfLabel);
}

function shown(object: KubeObject, path: FieldPath): FieldValue {
  const value = valueAtPath(object, path);
  if (value === undefined) return { kind: 'absent' };
  return isHidden(object, path) ? { kind: 'hidden' } : { kind: 'value', value };
}

/**
 * Of a Secret, all but its type and labels is hidden: values hide in annotations too, where tools keep what they last
 * applied, and an answer to a dry run holds live values that are not in Git.
 */
function isHidden({ apiVersion, kind }: KubeObject, path: FieldPath): boolean {
  const [first, second, third] = path.map((element) => (element.kind === 'field' ? element.name : ''));
  const isAnnotation = first === 'metadata' && (second === undefined || second === 'annotations');
  if (isAnnotation && (third === undefined || third === 'kubectl.kubernetes.io/last-applied-configuration'))
    return true;
  if (apiVersion !== 'v1' || kind !== 'Secret') return false;
  return !(first === 'type' || first === 'immutable' || (first === 'metadata' && second === 'labels'));
}
