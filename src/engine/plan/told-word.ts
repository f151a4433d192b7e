/** How KubeFed's status would call the state of a cell that was looked at. */
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
  return propagationOf({
    aim: survey.revision.compiled.cells.get(id)?.aim,
    memberFault: member === undefined || member.isReady ? undefined : whyUnread(member),
    readFault: draft === undefined || isDraft(draft) ? undefined : draft.fault,
    actions: draft !== undefined && isDraft(draft) ? draft.actions : [],
    outcomes: outlook.outcomes.get(id) ?? new Map(),
  });
}
