/** `landfall plan`: what would change on the fleet, tried by dry run, done by nobody. */
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import { isError } from '../../core/model/diagnostic.ts';
import { attemptWith } from '../../engine/plan/attempt.ts';
import { type FleetPlan, fleetPlanOf, isBlind } from '../../engine/plan/fleet-plan.ts';
import { outlookOf } from '../../engine/plan/outlook.ts';
import { withSurvey } from '../../engine/plan/survey.ts';
import { openParts } from '../connect/parts.ts';
import { commitNamed } from '../connect/revision.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { printDiagnostics } from '../output/diagnostics.ts';
import { oneLine } from '../output/text.ts';
import { planAnswer } from '../plan/plan-answer.ts';
import { planText } from '../plan/plan-text.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';

export type FleetOptions = {
  readonly config?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly refObjectsAvailableScope?: string | undefined;
  readonly app?: string | undefined;
  readonly cluster?: string | undefined;
  readonly output: Format;
};

export type PlanOptions = FleetOptions & { readonly at?: string | undefined; readonly exitCode?: boolean | undefined };

export async function plan(options: PlanOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, signal, stdout, stderr } = around;
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const at = options.at === undefined ? undefined : commitNamed(options.at, settings);
  const parts = await openParts(settings, { isOneShot: true }, around);
  try {
    const { engineSettings, engineDeps } = parts;
    const made = await withSurvey(
      engineSettings,
      engineDeps,
      at,
      async (survey) => {
        const attempt = attemptWith(survey.clients, engineSettings.worker.writesMax);
        return fleetPlanOf(survey, await outlookOf(survey, attempt, signal), options);
      },
      signal,
    );
    printAnswer(options.output, planAnswer(made), () => planText(made, stdout), stdout);
    stderr.write(problemsText(made.diagnostics, stderr));
    stderr.write(blindText(made));
    return codeOf(made, options);
  } finally {
    await parts.close();
  }
}

/** Problems of the manifests, without the lines: these files may be anywhere. */
export const problemsText = (diagnostics: readonly Diagnostic[], terminal: Terminal): string =>
  printDiagnostics(diagnostics, { shownPath: ({ origin }) => origin.path, textOf: () => undefined }, terminal);

/** Whoever reads the answer by program is told on the side why there is none. */
function blindText(made: FleetPlan): string {
  if (!isBlind(made)) return '';
  const reasons = [...made.unreachable].map(([cluster, reason]) => `  ${cluster}: ${oneLine(reason)}\n`);
  return `nothing can be planned: no cluster that it is about could be read\n${reasons.join('')}`;
}

function codeOf(made: FleetPlan, { exitCode }: PlanOptions): ExitCode {
  const { cells, diagnostics, unread } = made;
  if (diagnostics.some(isError) || unread.size > 0 || isBlind(made)) return 1;
  return exitCode === true && cells.some(({ actions }) => actions.length > 0) ? 1 : 0;
}
