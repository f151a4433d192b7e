/** How a command ends when it cannot answer. */
import { relative } from 'node:path';
import { FaultError } from '../core/model/fault.ts';
import { DeadlineError } from '../seam/clock.ts';
import { type Paint, paintFor } from './output/paint.ts';
import { oneLine } from './output/text.ts';
import { SettingsError, type SettingsProblem } from './settings/problem.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

/** The arguments make no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Says what is wrong, in a line or two, on standard error. Rethrows bugs: they are not for the user to mend. */
export function reportFailure(error: unknown, { stderr, folder }: Surroundings): ExitCode {
  const paint = paintFor(stderr);
  if (error instanceof SettingsError) {
    for (const problem of error.problems) stderr.write(settingsText(problem, folder, paint));
    return 2;
  }
  if (error instanceof UsageError) {
    stderr.write(`${paint('red', 'error:')} ${oneLine(error.message)}\n`);
    return 2;
  }
  if (error instanceof FaultError) {
    stderr.write(`${paint('red', 'error:')} ${oneLine(error.fault.detail)}\n`);
    return error.fault.kind === 'misconfigured' ? 2 : 1;
  }
  if (error instanceof DeadlineError) {
    stderr.write(`${paint('red', 'error:')} ${error.message}\n`);
    return 1;
  }
  throw error;
}

function settingsText({ source, position, message, hint }: SettingsProblem, folder: string, paint: Paint): string {
  const near = relative(folder, source);
  const name = source.startsWith('/') && !near.startsWith('..') ? near : source;
  const place = position === undefined ? name : `${name}:${position.line}:${position.column}`;
  const line = `${paint('bold', place)} ${paint('red', 'error')} ${oneLine(message)}\n`;
  return hint === undefined ? line : `${line}  ${paint('cyan', 'hint:')} ${oneLine(hint)}\n`;
}
