/** The status of a commit's manifests. */
import { type Diagnostic, isError } from '../model/diagnostic.ts';
import { count, cut, oneLine } from '../model/line.ts';
import { textOfErrors } from './errors.ts';
import { type Status, textMax } from './status.ts';

const detailMax = 200;

/** Shape: `diagnostics` of the commit's own repository, in order of path and line. Never pending: it is known at once. */
export function statusOfCheck(diagnostics: readonly Diagnostic[]): Status {
  const errors = diagnostics.filter(isError);
  const warnings = diagnostics.length - errors.length;
  const also = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`;
  const details = [...errors, ...diagnostics.filter((each) => !isError(each))].map(detailOf);
  const progress = `${errors.length} ${warnings} ${details[0] ?? ''}`;
  const [first] = errors;
  if (first === undefined) return { state: 'success', cause: 'well', text: `no errors${also}`, progress, details };
  const text = cut(textOfErrors({ first, count: errors.length }), textMax);
  return { state: 'failure', cause: 'manifests', text, progress, details };
}

function detailOf({ code, severity, origin, message }: Diagnostic): string {
  const { path, line, column } = origin;
  return cut(oneLine(`${path}:${line}:${column}: ${severity} ${code}: ${message}`), detailMax);
}
