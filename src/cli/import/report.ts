/** What an import did, and what the manifests would change: which should be nothing. */
import type { Remark } from '../../core/import/manifest.ts';
import type { Json } from '../../core/json/value.ts';
import type { PlannedAction } from '../../core/preview/planned.ts';
import type { FleetPlan } from '../../engine/plan/fleet-plan.ts';
import { paintFor } from '../output/paint.ts';
import { counted, oneLine } from '../output/text.ts';
import { planAnswer } from '../plan/plan-answer.ts';
import { planText } from '../plan/plan-text.ts';
import type { Terminal } from '../surroundings.ts';
import type { WrittenFile } from './write.ts';

export type ImportReport = {
  readonly files: readonly WrittenFile[];
  readonly apps: readonly string[];
  readonly remarks: readonly Remark[];
  /** Undefined: it was not asked for. */
  readonly plan: FleetPlan | undefined;
};

/** By what tools tell that an object is theirs. What kubectl notes down for itself goes with its ownership. */
const marks: readonly string[] = [
  '.metadata.annotations.kubectl.kubernetes.io/last-applied-configuration',
  '.metadata.annotations.argocd.argoproj.io/tracking-id',
  '.metadata.annotations.meta.helm.sh/release-name',
  '.metadata.annotations.meta.helm.sh/release-namespace',
  '.metadata.labels.app.kubernetes.io/instance',
  ...['kustomize', 'helm'].flatMap((tool) =>
    ['name', 'namespace'].map((field) => `.metadata.labels.${tool}.toolkit.fluxcd.io/${field}`),
  ),
];

/** An object that is there as wanted, and would only become Landfall's. */
const isAdoption = ({ verb, changes }: PlannedAction): boolean =>
  verb === 'update' && changes.every(({ path, after }) => marks.includes(path) && after.kind !== 'value');

const actionsOf = (plan: FleetPlan | undefined): readonly PlannedAction[] =>
  plan?.cells.flatMap(({ actions }) => actions) ?? [];

/** What would change beyond whose the objects are. */
export const changesIn = (plan: FleetPlan | undefined): number =>
  actionsOf(plan).filter((action) => !isAdoption(action)).length;

export const reportAnswer = ({ files, apps, remarks, plan }: ImportReport): Json => ({
  files: files.map(({ path, state }) => ({ path, state })),
  apps,
  remarks: remarks.map(({ subject, reason }) => ({ subject, reason })),
  plan: plan === undefined ? null : planAnswer(plan),
  changes: changesIn(plan),
});

export function reportText({ files, apps, remarks, plan }: ImportReport, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const count = (state: WrittenFile['state']): number => files.filter((file) => file.state === state).length;
  const told = (['created', 'changed', 'unchanged', 'kept'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const kept = files.filter(({ state }) => state === 'kept');
  const parts = [
    [`${counted(apps.length, 'App')} in ${counted(files.length, 'file')}: ${told.join(', ') || 'none'}`],
    kept.map(({ path }) => `  ${path} says something else and was left; --force writes over it`),
    remarks.length === 0 ? [] : ['', paint('bold', 'Not brought over, or not whole')],
    remarks.map(({ subject, reason }) => `  ${oneLine(subject)}  ${paint('dim', oneLine(reason))}`),
    plan === undefined ? [] : ['', ...planLines(plan, terminal)],
  ];
  return `${parts.flat().join('\n')}\n`;
}

/** Pages of adoptions hide the one change that matters. */
function planLines(plan: FleetPlan, terminal: Terminal): readonly string[] {
  const adoptions = actionsOf(plan).filter(isAdoption).length;
  const told = {
    ...plan,
    cells: plan.cells.map((cell) => ({ ...cell, actions: cell.actions.filter((each) => !isAdoption(each)) })),
  };
  const taken = `${counted(adoptions, 'object')} would become Landfall's, as ${adoptions === 1 ? 'it is' : 'they are'}`;
  return [
    ...planText(told, terminal)
      .trimEnd()
      .split('\n')
      .filter((line) => !/^commit |^digest /.test(line)),
    taken,
  ];
}
