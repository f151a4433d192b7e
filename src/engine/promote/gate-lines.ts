/** What must hold before a pin moves, gate by gate, as a pull request shows it. */
import type { Aim } from '../../core/promotion/aim.ts';
import type { GateLine } from '../../core/promotion/body.ts';
import type { Content } from './contents.ts';
import type { PinnedStage, PromoteView } from './pinned-stage.ts';
import { whyUnproved } from './proof.ts';

/** Shape: a way back needs no evidence: what was good once may return. */
export function gateLines(
  { before, of }: PinnedStage,
  { route, unproved }: Extract<Aim, { kind: 'show' }>,
  content: Content | undefined,
  view: PromoteView,
): readonly GateLine[] {
  if (route.kind === 'revert') return [];
  // Looked at once more, for exactly the revision that the pin will name.
  const missing =
    content === undefined ? 'the revision cannot be read' : (whyUnproved(before, content, of, view) ?? unproved);
  const names = before.map(({ name }) => name).join(', ');
  return [
    {
      name: 'Evidence',
      state: missing === undefined ? 'passed' : 'waiting',
      evidence: missing ?? `shown to be good by ${names}`,
    },
  ];
}
