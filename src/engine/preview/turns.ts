/** In which order stages and clusters take what a pull request changes. */
import type { AppTurns, StageTurn } from '../../core/preview/preview.ts';
import type { PlannedCell } from '../plan/fleet-plan.ts';
import type { Seen } from './seen.ts';

/** Shape: Apps in order; of each all stages, with the clusters on which it changes something. */
export function turnsOf({ plan, survey, touched, outlook }: Seen): readonly AppTurns[] {
  const { compiled } = survey.revision;
  const changing = plan.cells.filter(({ actions, isRemoval }) => actions.length > 0 && !isRemoval);
  const apps = new Set([...changing.map(({ app }) => app), ...touched.apps]);
  return [...apps].toSorted().flatMap((app): readonly AppTurns[] => {
    const stages = (compiled.placed.get(app)?.stages ?? []).map((stage): StageTurn => {
      const here = changing.filter((cell) => cell.app === app && cell.stage === stage.name);
      const isFirst = ({ cell }: PlannedCell): boolean => outlook.decisions.get(cell)?.kind === 'go';
      const first = here.filter(isFirst);
      return {
        stage: stage.name,
        clusters: [...first, ...here.filter((cell) => !isFirst(cell))].map(({ cluster }) => cluster),
        isPinned: stage.revision === 'Pinned' && touched.apps.has(app),
        isAtOnce: stage.isAtOnce === true || first.length !== 1 || here.length === 1,
        soakMs: stage.soakMs,
      };
    });
    return [{ app, stages }];
  });
}
