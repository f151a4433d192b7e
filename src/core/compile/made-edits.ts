/** What an App changes in objects that a tool has made. */
import { applyEdits } from '../json/edit.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import type { DeclaredObject, MadeEdit } from '../model/intent.ts';
import { describeObject, isKubeObject } from '../model/object.ts';
import { changeImage } from '../render/image.ts';
import { describeTarget, isTarget } from '../render/target.ts';

/** Shape: in their order; with an error for each change that an object does not take, or that meets none. */
export function editMade(
  made: readonly DeclaredObject[],
  edits: readonly MadeEdit[],
): Findings<readonly DeclaredObject[]> {
  const diagnostics: Diagnostic[] = [];
  let objects = made;
  for (const edit of edits) {
    const isMeant = ({ object }: DeclaredObject, index: number): boolean =>
      edit.to === 'each' || (edit.to === 'first' ? index === 0 : isTarget(edit.to, object));
    if (typeof edit.to !== 'string' && !objects.some(isMeant))
      diagnostics.push(problem('A1308', edit, `there is no ${describeTarget(edit.to)} in what was made`));
    objects = objects.map((each, index) => (isMeant(each, index) ? edited(each, edit, diagnostics) : each));
  }
  return { value: objects, diagnostics };
}

function edited(declared: DeclaredObject, edit: MadeEdit, diagnostics: Diagnostic[]): DeclaredObject {
  const object = edit.image === undefined ? declared.object : changeImage(declared.object, edit.image).object;
  const result = applyEdits(object, edit.edits);
  if (result.kind === 'edited' && isKubeObject(result.value)) return { ...declared, object: result.value };
  const reason = result.kind === 'refused' ? result.message : 'no object is left';
  diagnostics.push(problem('A1515', edit, `on ${describeObject(object)}: ${reason}`));
  return declared;
}

const problem = (code: Diagnostic['code'], { origin }: MadeEdit, message: string): Diagnostic => ({
  code,
  severity: 'error',
  origin,
  message,
});
