/** Which gates a change has to pass on its way, in words. */
import { code } from '../model/markdown.ts';
import { namesOf } from './fold.ts';
import type { PlannedGate, StageGates } from './preview.ts';

const states: Readonly<Record<PlannedGate['state'], string>> = {
  passes: 'passes',
  fails: 'fails',
  waits: 'waits',
  unknown: 'is not known',
  bypassed: 'is bypassed',
  later: 'comes later',
};

const appsMax = 3;

/** Shape: one line for each stage whose gates stand alike, whichever Apps they are of. */
export function gateLines(all: readonly StageGates[]): readonly string[] {
  const told = all.flatMap(({ app, stage, gates }) =>
    gates.length === 0 ? [] : [{ app, text: `${code(stage)}: ${gates.map(gateText).join('; ')}` }],
  );
  return [...Map.groupBy(told, ({ text }) => text)].map(([text, group]) => {
    const apps = namesOf(
      group.map(({ app }) => code(app)),
      appsMax,
    );
    return `${apps}, ${text}`;
  });
}

const gateText = ({ name, state, text }: PlannedGate): string => `${code(name)} ${states[state]} (${code(text)})`;
