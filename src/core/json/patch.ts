/** JSON Patch: a list of operations, applied all or not at all. */
import { equal } from './equal.ts';
import type { PatchOperation, PatchProblem } from './patch-operation.ts';
import { arrayIndex, childOf, formatPointer, type Pointer, valueAt } from './pointer.ts';
import { isArray, isObject, type Json } from './value.ts';

export type PatchResult =
  | { readonly kind: 'patched'; readonly value: Json }
  | { readonly kind: 'refused'; readonly problem: PatchProblem };

/** One operation's answer; the caller knows which operation it was. */
type Outcome =
  | { readonly kind: 'patched'; readonly value: Json }
  | {
      readonly kind: 'refused';
      readonly reason: PatchProblem['kind'];
      readonly path: Pointer;
      readonly message: string;
    };

const patched = (value: Json): Outcome => ({ kind: 'patched', value });
const refused = (reason: PatchProblem['kind'], path: Pointer, message: string): Outcome => ({
  kind: 'refused',
  reason,
  path,
  message,
});

/**
 * Applies the operations in order; the first that cannot be done refuses the whole patch.
 *
 * Shape: pure; the answer holds every part of `value` that no operation touched, not a copy of it.
 * Cost: per operation, the width of each container on the way. Source: RFC 6902.
 */
export function applyPatch(value: Json, patch: readonly PatchOperation[]): PatchResult {
  let result = value;
  for (const [index, operation] of patch.entries()) {
    const outcome = applyOperation(result, operation);
    if (outcome.kind === 'refused') {
      const { reason, path, message } = outcome;
      return { kind: 'refused', problem: { kind: reason, operation: index, path: formatPointer(path), message } };
    }
    result = outcome.value;
  }
  return { kind: 'patched', value: result };
}

function applyOperation(value: Json, operation: PatchOperation): Outcome {
  const { path } = operation;
  switch (operation.op) {
    case 'add':
      return add(value, path, operation.value);
    case 'remove':
      return remove(value, path);
    case 'replace':
      return replace(value, path, operation.value);
    case 'test': {
      const found = valueAt(value, path);
      if (found === undefined) return refused('missing', path, 'there is nothing to test');
      return equal(found, operation.value) ? patched(value) : refused('testFailed', path, 'the value is another');
    }
    case 'copy': {
      const found = valueAt(value, operation.from);
      return found === undefined
        ? refused('missing', operation.from, 'there is nothing to copy')
        : add(value, path, found);
    }
    case 'move':
      return move(value, operation.from, path);
  }
}

function move(value: Json, from: Pointer, path: Pointer): Outcome {
  const found = valueAt(value, from);
  if (found === undefined) return refused('missing', from, 'there is nothing to move');
  const isInside = from.every((step, depth) => path[depth] === step);
  if (isInside && path.length === from.length) return patched(value);
  if (isInside) return refused('intoItself', path, 'a value cannot be moved into itself');
  const without = remove(value, from);
  return without.kind === 'refused' ? without : add(without.value, path, found);
}

function add(value: Json, path: Pointer, added: Json): Outcome {
  return edit(value, path, 0, added, (container, step) => {
    if (isObject(container)) return patched({ ...container, [step]: added });
    if (!isArray(container)) return refused('notContainer', path, 'only objects and arrays have members');
    const index = step === '-' ? container.length : arrayIndex(step);
    if (index === undefined || index > container.length)
      return refused('badIndex', path, `an array of ${container.length} cannot take an item at ${step}`);
    return patched(container.toSpliced(index, 0, added));
  });
}

function replace(value: Json, path: Pointer, replacement: Json): Outcome {
  return edit(value, path, 0, replacement, (container, step) =>
    childOf(container, step) === undefined
      ? refused('missing', path, 'there is nothing to replace')
      : patched(withChild(container, step, replacement)),
  );
}

function remove(value: Json, path: Pointer): Outcome {
  if (path.length === 0) return refused('root', path, 'the whole value cannot be removed');
  return edit(value, path, 0, null, (container, step) => {
    if (childOf(container, step) === undefined) return refused('missing', path, 'there is nothing to remove');
    if (isArray(container)) return patched(container.toSpliced(Number(step), 1));
    const kept = Object.entries(isObject(container) ? container : {}).filter(([field]) => field !== step);
    return patched(Object.fromEntries(kept));
  });
}

/** Makes the containers on the way anew around what `change` makes of the last one. An empty path is `root` itself. */
function edit(
  value: Json,
  path: Pointer,
  depth: number,
  root: Json,
  change: (container: Json, step: string) => Outcome,
): Outcome {
  const step = path[depth];
  if (step === undefined) return patched(root);
  if (depth === path.length - 1) return change(value, step);
  const child = childOf(value, step);
  if (child === undefined) return refused('missing', path.slice(0, depth + 1), 'the path ends here');
  const inner = edit(child, path, depth + 1, root, change);
  return inner.kind === 'refused' ? inner : patched(withChild(value, step, inner.value));
}

/** `container` with the child at `step`, which it has, replaced. A computed `__proto__` is a field like any other. */
function withChild(container: Json, step: string, child: Json): Json {
  if (isArray(container)) return container.with(Number(step), child);
  return isObject(container) ? { ...container, [step]: child } : container;
}
