/** How the API server tells an applier that others own what it would change. */
import { type Refused, refused } from '../schema/refusal.ts';
import type { ManagedEntry } from './managed.ts';
import type { Conflict } from './ownership.ts';

/** 409, with a cause for each field and the whole story in its message. Shape: at least one conflict. */
export function conflictRefusal(conflicts: readonly Conflict[]): Refused {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${shownManager(entry)}`,
    field: path,
  }));
  return refused({ code: 409, reason: 'Conflict', message: messageOf(conflicts), details: { causes } });
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${shownManager(first.entry)}: ${first.path}`;
  }
  const byEntry = new Map<ManagedEntry, string[]>();
  for (const { entry, path } of conflicts) byEntry.set(entry, [...(byEntry.get(entry) ?? []), `- ${path}`]);
  const lines = [...byEntry].flatMap(([entry, paths]) => [`conflicts with ${shownManager(entry)}:`, ...paths]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function shownManager({ manager, operation, apiVersion, subresource }: ManagedEntry): string {
  const name =
    subresource === ''
      ? JSON.stringify(manager)
      : `${JSON.stringify(manager)} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
