/** `landfall explain`: one commit through every step, with the reason of each wait or refusal. */
import type { Json } from '../../core/json/value.ts';
import { partsOfCell } from '../../core/model/id.ts';
import { cellOf } from '../../engine/cell-facts.ts';
import { attemptWith } from '../../engine/plan/attempt.ts';
import { type Explained, explain as explainCommit } from '../../engine/plan/explain.ts';
import type { ExplainedOutlook } from '../../engine/plan/explainable.ts';
import { fleetPlanOf, isSelected } from '../../engine/plan/fleet-plan.ts';
import { outlookOf, type Try } from '../../engine/plan/outlook.ts';
import type { Step, StepTone } from '../../engine/plan/step.ts';
import { withSurvey } from '../../engine/plan/survey.ts';
import { toldWord } from '../../engine/plan/told-word.ts';
import { openParts } from '../connect/parts.ts';
import { commitNamed } from '../connect/revision.ts';
import { printAnswer } from '../output/answer.ts';
import { type Paint, paintFor, type Style } from '../output/paint.ts';
import { oneLine } from '../output/text.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';
import type { FleetOptions } from './plan.ts';

export async function explain(commit: string, options: FleetOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, signal, stdout } = around;
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const at = commitNamed(commit, settings);
  const parts = await openParts(settings, { isOneShot: true }, around);
  try {
    const { engineSettings, engineDeps } = parts;
    const explained = await withSurvey(
      engineSettings,
      engineDeps,
      at,
      async (survey) => {
        const attempt = attemptWith(survey.clients, engineSettings.worker.writesMax);
        const asked: Try = async (draft, member, until) =>
          isSelected(options, partsOfCell(cellOf(draft.task))) ? attempt(draft, member, until) : new Map();
        const outlook = await outlookOf(survey, asked, signal);
        const { decisions, stages } = outlook;
        const wordOf: ExplainedOutlook['wordOf'] = (cell) => toldWord(cell, survey, outlook);
        return explainCommit(survey, { decisions, stages, wordOf }, fleetPlanOf(survey, outlook, options), signal);
      },
      signal,
    );
    printAnswer(options.output, answerOf(explained), () => textOf(explained, at.commit, stdout), stdout);
    return 0;
  } finally {
    await parts.close();
  }
}

function answerOf({ steps }: Explained): Json {
  return {
    steps: steps.map(({ step, subject, atMs, result, reason }) => ({
      step: subject === undefined ? step : `${step} ${subject}`,
      at: atMs === undefined ? null : new Date(atMs).toISOString(),
      result,
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}

const tones: Readonly<Record<StepTone, readonly [mark: string, style: Style]>> = {
  good: ['✓', 'green'],
  waiting: ['…', 'yellow'],
  bad: ['✗', 'red'],
};

function textOf({ info, steps }: Explained, commit: string, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const about = info === undefined ? '' : `  ${oneLine(info.subject)}  ${paint('dim', `by ${oneLine(info.author)}`)}`;
  const lines = [`${paint('bold', `commit ${commit}`)}${about}`];
  let subject: string | undefined;
  for (const each of steps) {
    if (each.subject !== subject && each.subject !== undefined) lines.push('', paint('bold', each.subject));
    subject = each.subject;
    lines.push(lineOf(each, paint));
  }
  return `${lines.join('\n')}\n`;
}

function lineOf({ step, tone, result, reason, atMs }: Step, paint: Paint): string {
  const [mark, style] = tones[tone];
  const when = atMs === undefined ? '' : `  ${paint('dim', `${new Date(atMs).toISOString().slice(0, 19)}Z`)}`;
  const why = reason === undefined ? '' : `  ${oneLine(reason)}`;
  return `  ${paint(style, mark)} ${paint('dim', step.padEnd(6))}  ${paint(style, result)}${when}${why}`;
}
