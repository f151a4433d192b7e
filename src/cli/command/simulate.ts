/** `landfall simulate`: what would become of the fleet, thought through to the end without asking anybody. */
import { dirname, resolve } from 'node:path';
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import type { Violation } from '../../core/simulation/judge-policy.ts';
import { UsageError } from '../failure.ts';
import { parserFor } from '../offline/parser.ts';
import { toolsFor } from '../offline/tools.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { type DiagnosticView, printDiagnostics } from '../output/diagnostics.ts';
import { drawPlayed, violationText } from '../simulate/draw.ts';
import { Manifests } from '../simulate/manifests.ts';
import { type Played, play } from '../simulate/play.ts';
import { isFlag, readScript, withFlags } from '../simulate/script.ts';
import { simulateAnswer } from '../simulate/simulate-answer.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';

export type SimulateOptions = {
  readonly lose: readonly string[];
  readonly add?: string | undefined;
  readonly script?: string | undefined;
  readonly config?: string | undefined;
  readonly output: Format;
};

export async function simulate(path: string, options: SimulateOptions, around: Surroundings): Promise<ExitCode> {
  const { stdout, stderr, folder, signal } = around;
  const parser = await parserFor(options, around);
  const scriptPath = options.script === undefined ? undefined : resolve(folder, options.script);
  const read =
    scriptPath === undefined
      ? { value: undefined, diagnostics: [] }
      : await readScript(scriptPath, options.script ?? '');
  const add = options.add === undefined ? undefined : { path: resolve(folder, options.add), shown: options.add };
  const manifests = await Manifests.open(resolve(folder, path), parser, signal);
  try {
    const view: DiagnosticView = {
      shownPath: ({ origin }) =>
        origin.repository === manifests.id ? manifests.shownPath(origin.path, path) : origin.path,
      textOf: ({ origin }) => (origin.repository === manifests.id ? manifests.textOf(origin.path) : read.value?.text),
    };
    const tell = (diagnostics: readonly Diagnostic[]): void =>
      stderr.write(printDiagnostics(diagnostics, view, stderr));
    if (scriptPath !== undefined && read.value === undefined) {
      tell(read.diagnostics);
      return 2;
    }
    const story = withFlags(read.value?.simulation, { lose: options.lose, add });
    const played = await play(story, {
      manifests,
      base: scriptPath === undefined ? folder : dirname(scriptPath),
      openTools: toolsFor(options, around),
      nowMs: around.clock.nowMs(),
      signal,
    });
    const ofFlags = played.diagnostics.find(({ origin }) => isFlag(origin));
    if (ofFlags !== undefined)
      throw new UsageError([ofFlags.message, ...(ofFlags.hint === undefined ? [] : [ofFlags.hint])].join('; '));
    tell(played.diagnostics);
    if (played.isStuck) return 2;
    printAnswer(options.output, simulateAnswer(played), () => drawPlayed(played, stdout), stdout);
    tell(played.violations.map((violation) => diagnosticOf(violation, played)));
    return played.violations.length > 0 || played.diagnostics.some(isError) ? 1 : 0;
  } finally {
    manifests.close();
  }
}

/** Where the policy is written. */
function diagnosticOf(violation: Violation, played: Played): Diagnostic {
  const { origin, because } = violation.policy;
  const message = violationText(violation, played);
  return { code: 'A1701', severity: 'error', origin, message, ...(because === undefined ? {} : { hint: because }) };
}
