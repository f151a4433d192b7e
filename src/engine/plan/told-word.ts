/** How KubeFed's status would call the state of a cell that was looked at. */
import type { Compiled } from '../../core/compile/compile.ts';
import { isError } from '../../core/model/diagnostic.ts';
import type { AppId } from '../../core/model/id.ts';
import type { Origin } from '../../core/model/source.ts';
import { isDraft } from './draft.ts';
import type { PlannedCell } from './fleet-plan.ts';
import type { Outlook } from './outlook.ts';
import { propagationOf } from './propagation.ts';
import { whyUnread } from './read-member.ts';
import type { Survey } from './survey.ts';

/** Shape: empty for a cell that KubeFed had no word for. */
export function toldWord(
  { cell: id, cluster }: Pick<PlannedCell, 'cell' | 'cluster'>,
  survey: Survey,
  outlook: Outlook,
): string {
  const member = survey.members.get(cluster);
  const draft = outlook.drafts.get(id);
  const { compiled } = survey.revision;
  const cell = compiled.cells.get(id);
  return propagationOf({
    aim: cell?.aim,
    errors: cell?.aim.kind === 'unknown' ? errorsIn(compiled, cell.app) : [],
    memberFault: member === undefined || member.isReady ? undefined : whyUnread(member),
    readFault: draft === undefined || isDraft(draft) ? undefined : draft.fault,
    actions: draft !== undefined && isDraft(draft) ? draft.actions : [],
    outcomes: outlook.outcomes.get(id) ?? new Map(),
  });
}

/** Of the document that declares the App: up to the next one of its file. */
function errorsIn({ gathered, diagnostics }: Compiled, app: AppId): readonly string[] {
  const origin = gathered.intents.get(app)?.origin;
  if (origin === undefined) return [];
  const isSameFile = (other: Origin): boolean =>
    other.repository === origin.repository && other.path === origin.path && other.line >= origin.line;
  const next = [...gathered.intents.values()]
    .filter((intent) => isSameFile(intent.origin) && intent.origin.line > origin.line)
    .map((intent) => intent.origin.line);
  const end = Math.min(...next, Number.POSITIVE_INFINITY);
  return diagnostics
    .filter((each) => isError(each) && isSameFile(each.origin) && each.origin.line < end)
    .map(({ code }) => code);
}
