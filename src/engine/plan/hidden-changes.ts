/** Changes of an object that holds values of a Secret: which fields, and nothing of what is in them. */
import type { FieldChange, FieldValue } from '../../core/preview/planned.ts';

export const hiddenChanges = (changes: readonly FieldChange[]): readonly FieldChange[] =>
  changes.map(({ path, before, after }) => ({ path, before: hidden(before), after: hidden(after) }));

const hidden = (value: FieldValue): FieldValue => (value.kind === 'absent' ? value : { kind: 'hidden' });
