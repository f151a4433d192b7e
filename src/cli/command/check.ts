/** `landfall check`: reads manifests and tells everything that is wrong with them. */
import { join, resolve } from 'node:path';
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import { diagnosticAnswer } from '../../server/api/diagnostic-answer.ts';
import { compileFolder, readNothing } from '../offline/compiled.ts';
import { type Folder, openFolder } from '../offline/folder.ts';
import { parserFor } from '../offline/parser.ts';
import { toolsFor } from '../offline/tools.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { type DiagnosticView, printDiagnostics, printSummary } from '../output/diagnostics.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';

export type CheckOptions = {
  readonly at?: string | undefined;
  readonly config?: string | undefined;
  readonly output: Format;
};

export async function check(path: string, options: CheckOptions, around: Surroundings): Promise<ExitCode> {
  const parser = await parserFor(options, around);
  const folder = await openFolder(resolve(around.folder, path), options.at, around.signal, parser);
  try {
    const choice = {
      plain: 'auto',
      assumed: undefined,
      missingPin: 'warning',
      read: readNothing,
      openTools: toolsFor(options, around),
    } as const;
    const { diagnostics } = await compileFolder(folder, choice, around.signal);
    const { stdout } = around;
    const human = (): string =>
      `${printDiagnostics(diagnostics, viewOf(folder, path, options.at), stdout)}${printSummary(diagnostics, folder.snapshot.files.length, stdout)}`;
    printAnswer(options.output, { diagnostics: diagnostics.map(diagnosticAnswer) }, human, stdout);
    return diagnostics.some(isError) ? 1 : 0;
  } finally {
    folder.close();
  }
}

/** Paths as an editor opens them from here; at another revision there is no such file to open. */
export function viewOf(folder: Folder, path: string, at: string | undefined): DiagnosticView {
  return {
    shownPath: ({ origin }: Diagnostic) => (at === undefined ? join(path, origin.path) : origin.path),
    textOf: ({ origin }: Diagnostic) => folder.textOf(origin.path),
  };
}
