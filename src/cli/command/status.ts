/** `landfall status`: the fleet as it is now, looked at and not touched. */
import type { Json } from '../../core/json/value.ts';
import { isError } from '../../core/model/diagnostic.ts';
import { describeFault } from '../../engine/fault-text.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { componentsHeld } from '../../engine/plan/components-held.ts';
import { isSelected } from '../../engine/plan/fleet-plan.ts';
import { outlookOf, tryNothing } from '../../engine/plan/outlook.ts';
import { whyUnread } from '../../engine/plan/read-member.ts';
import { type Survey, withSurvey } from '../../engine/plan/survey.ts';
import type { SurveyMember } from '../../engine/plan/survey-member.ts';
import { toldStatus } from '../../engine/plan/told-status.ts';
import { cellAnswer } from '../../server/api/cell-answer.ts';
import { openParts } from '../connect/parts.ts';
import { printAnswer } from '../output/answer.ts';
import { printCells, printReasons } from '../output/cells.ts';
import { paintFor } from '../output/paint.ts';
import { printStages, stageAnswer, type ToldStage } from '../output/stages.ts';
import { printTable } from '../output/table.ts';
import { oneLine } from '../output/text.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';
import { type FleetOptions, problemsText } from './plan.ts';

type Seen = {
  readonly cells: readonly CellStatus[];
  readonly clusters: readonly SurveyMember[];
  readonly stages: readonly ToldStage[];
  readonly nowMs: number;
};

export async function status(options: FleetOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, signal, stdout, stderr } = around;
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const parts = await openParts(settings, { isOneShot: true }, around);
  try {
    const { engineSettings, engineDeps } = parts;
    return await withSurvey(
      engineSettings,
      engineDeps,
      undefined,
      async (survey) => {
        const outlook = await outlookOf(survey, tryNothing, signal);
        const cells = [...outlook.statuses.values()]
          .filter((cell) => isSelected(options, cell))
          .map((cell) => toldStatus(cell, survey, outlook))
          .toSorted((a, b) => compare(a.app, b.app) || compare(a.cluster, b.cluster));
        const apps = new Set(cells.map(({ app }) => app));
        const stages = [...outlook.stages]
          .filter(([app]) => apps.has(app))
          .flatMap(([app, states]) => states.map((state): ToldStage => ({ app, state })));
        const seen = { cells, stages, clusters: [...survey.members.values()], nowMs: survey.nowMs };
        printAnswer(options.output, answerOf(seen, survey), () => textOf(seen, stdout), stdout);
        stderr.write(problemsText(survey.revision.compiled.diagnostics.filter(isError), stderr));
        stderr.write(unreadText(survey));
        return survey.unread.size > 0 ? 1 : 0;
      },
      signal,
    );
  } finally {
    await parts.close();
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function answerOf({ cells, clusters, stages, nowMs }: Seen, survey: Survey): Json {
  const now = new Date(nowMs).toISOString();
  return {
    cells: cells.map((status) => ({ ...cellAnswer(status), components: componentsOf(status, survey) })),
    clusters: clusters.map((member) => ({
      name: member.id,
      reachable: member.isRead,
      version: member.version ?? null,
      lifecycle: member.cluster.lifecycle,
      seenAt: member.isRead ? now : null,
    })),
    stages: stages.map(stageAnswer),
  };
}

/** What of the App is there by now, and how much of it. */
function componentsOf({ cell: id }: CellStatus, { revision: { compiled, world } }: Survey): Json {
  const cell = compiled.cells.get(id);
  const held = cell === undefined ? [] : componentsHeld(cell, world.observed.records.get(id));
  return held.map(({ name, replicas }) => (replicas === undefined ? { name } : { name, replicas }));
}

function textOf({ cells, clusters, stages }: Seen, terminal: Terminal): string {
  return `${printCells(cells, terminal)}${printReasons(cells, terminal)}${printStages(stages, terminal)}\n${clusterTable(clusters, terminal)}`;
}

function clusterTable(clusters: readonly SurveyMember[], terminal: Terminal): string {
  const paint = paintFor(terminal);
  const rows = clusters.map((member) => [
    member.id,
    member.isRead ? paint('green', 'yes') : paint('red', 'no'),
    member.version ?? '-',
    member.cluster.lifecycle,
    member.isRead ? noteOf(member) : oneLine(describeFault(whyUnread(member))),
  ]);
  const columns = terminal.isTerminal ? terminal.columns() : undefined;
  return printTable(['CLUSTER', 'REACHABLE', 'VERSION', 'LIFECYCLE', 'NOTE'], rows, { paint, columns });
}

function noteOf({ cluster, isKnown }: SurveyMember): string {
  if (cluster.isSuspended) return 'suspended: nothing is written';
  return isKnown ? '' : 'Landfall has never written here';
}

const unreadText = ({ unread }: Survey): string =>
  [...unread].map(([repository, reason]) => `repository ${repository} cannot be read: ${oneLine(reason)}\n`).join('');
