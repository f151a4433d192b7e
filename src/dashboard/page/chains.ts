/** The steps of a commit by App, clusters that went the same way told once. */
import type { StepAnswer } from '../../server/api/commit-answer.ts';

/** Clusters that took the same steps with the same results, whatever the time. */
export type Chain = {
  readonly clusters: readonly string[];
  /** Of the first of them. */
  readonly steps: readonly StepAnswer[];
};

export type AppSteps = {
  readonly app: string;
  /** What is said of the App as a whole. */
  readonly about: StepAnswer | undefined;
  readonly chains: readonly Chain[];
  /** The commit wants of it what the one before wanted, everywhere. */
  readonly isUnchanged: boolean;
};

/** Shape: in the order in which Apps, then clusters, are first told of; so stages stay in order. */
export function chainsOf(steps: readonly StepAnswer[]): readonly AppSteps[] {
  const byApp = Map.groupBy(
    steps.filter(({ subject }) => subject !== undefined),
    ({ subject = '' }) => subject.split('@')[0] ?? '',
  );
  return [...byApp].map(([app, all]) => {
    const byCell = Map.groupBy(
      all.filter(({ subject = '' }) => subject.includes('@')),
      ({ subject = '' }) => subject.slice(subject.lastIndexOf('@') + 1),
    );
    const rendered = all.filter(({ step }) => step.startsWith('render '));
    const isUnchanged = rendered.length > 0 && rendered.every(({ result }) => result === 'unchanged');
    const alike = Map.groupBy(byCell, ([, taken]) => taken.map(wayOf).join('\n'));
    return {
      app,
      isUnchanged,
      about: all.find(({ subject }) => subject === app),
      chains: [...alike.values()].map((group) => ({
        clusters: group.map(([cluster]) => cluster),
        steps: group[0]?.[1] ?? [],
      })),
    };
  });
}

const wayOf = ({ step, result, reason = '', tone }: StepAnswer): string =>
  `${step.split(' ')[0]} ${result} ${tone === 'good' ? '' : reason}`;
