/** One field before and after, as a terminal shows it. */
import { type DiffLine, diffText } from '../../core/preview/diff-lines.ts';
import type { FieldChange } from '../../core/preview/planned.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './text.ts';

/** Shape: the path, then its lines; a short value stands behind the path. Nothing of a hidden value is shown. */
export function printChange(change: FieldChange, paint: Paint): readonly string[] {
  const path = paint('cyan', oneLine(change.path));
  const text = diffText(change);
  switch (text.kind) {
    case 'hidden':
      return [`${path}  ${paint('dim', 'another value (hidden)')}`];
    case 'short': {
      const [before, after] = [paint('red', oneLine(text.before)), paint('green', oneLine(text.after))];
      return [`${path}  ${before} ${paint('dim', '→')} ${after}`];
    }
    case 'lines':
      return [path, ...text.lines.map((line) => `  ${painted(line, paint)}`)];
  }
}

function painted({ mark, text }: DiffLine, paint: Paint): string {
  const shown = oneLine(text);
  if (mark === '+') return paint('green', `+ ${shown}`);
  if (mark === '-') return paint('red', `- ${shown}`);
  return paint('dim', `${mark} ${shown}`.trimEnd());
}
