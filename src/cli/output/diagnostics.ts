/** Problems in manifests, for people and for programs. */
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import type { Terminal } from '../surroundings.ts';
import { paintFor } from './paint.ts';
import { counted, cut, oneLine } from './text.ts';

export type DiagnosticView = {
  /** From a path of the diagnostic to one that the user's editor can open. */
  readonly shownPath: (diagnostic: Diagnostic) => string;
  /** The text of a file, where it is to be shown. */
  readonly textOf: (diagnostic: Diagnostic) => string | undefined;
};

/** Shape: `path:line:column severity CODE message`, a hint below; for somebody who looks, the line that is meant too. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], view: DiagnosticView, terminal: Terminal): string {
  return diagnostics.map((diagnostic) => printDiagnostic(diagnostic, view, terminal)).join('');
}

function printDiagnostic(diagnostic: Diagnostic, view: DiagnosticView, terminal: Terminal): string {
  const { code, severity, origin, message, hint } = diagnostic;
  const paint = paintFor(terminal);
  const colour = severity === 'error' ? 'red' : 'yellow';
  const place = oneLine(`${view.shownPath(diagnostic)}:${origin.line}:${origin.column}`);
  const head = `${paint('bold', place)} ${paint(colour, severity)} ${paint('dim', code)} ${oneLine(message)}\n`;
  const hinted = hint === undefined ? '' : `  ${paint('cyan', 'hint:')} ${oneLine(hint)}\n`;
  return `${head}${hinted}${terminal.isTerminal ? frameOf(diagnostic, view.textOf(diagnostic), terminal) : ''}`;
}

/** A file with a Secret in it is not quoted: its lines may be anybody's password. */
const mayHoldSecrets = (text: string): boolean => /\bkind["']?\s*:\s*["']?\w*Secret/.test(text);

/** The line, the one before it, and a mark below the column. */
function frameOf({ origin, severity }: Diagnostic, text: string | undefined, terminal: Terminal): string {
  if (text === undefined || mayHoldSecrets(text)) return '';
  const lines = text.split(/\r?\n/, origin.line);
  const wanted = lines[origin.line - 1];
  if (wanted === undefined || origin.column > terminal.columns() - 10) return '';
  const paint = paintFor(terminal);
  const digits = String(origin.line).length;
  const room = terminal.columns() - digits - 5;
  const line = (number: number, content: string, mark: string): string =>
    `${mark} ${paint('dim', `${String(number).padStart(digits)} │`)} ${cut(oneLine(content), room)}\n`;
  const before = origin.line > 1 ? line(origin.line - 1, lines[origin.line - 2] ?? '', ' ') : '';
  const colour = severity === 'error' ? 'red' : 'yellow';
  const pointer = `  ${' '.repeat(digits)} ${paint('dim', '│')} ${' '.repeat(origin.column - 1)}${paint(colour, '^')}\n`;
  return `${before}${line(origin.line, wanted, paint(colour, '>'))}${pointer}\n`;
}

/** `2 errors and 1 warning in 14 files`. */
export function printSummary(diagnostics: readonly Diagnostic[], files: number, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const errors = diagnostics.filter(isError).length;
  const warnings = diagnostics.length - errors;
  const where = `in ${counted(files, 'file')}`;
  if (diagnostics.length === 0) return `${paint('green', 'no problems')} ${where}\n`;
  const parts = [
    ...(errors === 0 ? [] : [paint('red', counted(errors, 'error'))]),
    ...(warnings === 0 ? [] : [paint('yellow', counted(warnings, 'warning'))]),
  ];
  return `${parts.join(' and ')} ${where}\n`;
}
