/** What stages of a native Placement say of each other: names, and who comes after whom. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import { circleFrom } from '../circle.ts';
import { nearest } from '../nearest.ts';
import { originAt, type Placed } from '../placed.ts';

type Stage = {
  readonly name: string;
  readonly revision: 'Head' | 'Pinned';
  readonly after?: readonly string[] | undefined;
  readonly gates: readonly { readonly name: string; readonly approval?: unknown }[];
};

export function stageProblems(stages: readonly Stage[], placed: Placed): readonly Diagnostic[] {
  const names = stages.map(({ name }) => name);
  const order = new Map(stages.map(({ name, after }, index) => [name, after ?? names.slice(index - 1, index)]));
  return stages.flatMap((stage, index) => {
    const at = (...path: readonly (string | number)[]) => originAt(placed, ['spec', 'stages', index, ...path]);
    const problem = (code: Diagnostic['code'], origin: Diagnostic['origin'], message: string, hint?: string) =>
      ({ code, severity: 'error', origin, message, ...(hint === undefined ? {} : { hint }) }) as const;
    const { name, after, gates, revision } = stage;
    const isDouble = names.indexOf(name) !== index;
    const missing = (after ?? []).flatMap((earlier, place) => {
      if (names.includes(earlier)) return [];
      const guess = nearest(earlier, names);
      const message = `there is no stage ${JSON.stringify(earlier)}`;
      return [
        problem('A1223', at('after', place), message, guess === undefined ? undefined : `did you mean \`${guess}\`?`),
      ];
    });
    // Of two stages of one name nobody can say which is meant.
    const isClear = names.indexOf(name) === names.lastIndexOf(name);
    const circle = isClear ? circleFrom(name, order) : undefined;
    const path = after === undefined ? at() : at('after');
    const doubles = gates.flatMap((gate, place) =>
      gates.findIndex((each) => each.name === gate.name) === place
        ? []
        : [problem('A1222', at('gates', place, 'name'), `two gates are named ${JSON.stringify(gate.name)}`)],
    );
    const unpinned = gates.flatMap((gate, place) =>
      gate.approval === undefined || revision === 'Pinned'
        ? []
        : [
            problem(
              'A1225',
              at('gates', place),
              `gate ${gate.name} asks for an approval, and stage ${name} has no Pin to hold one`,
              'a stage is pinned by `revision: Pinned`',
            ),
          ],
    );
    return [
      ...(isDouble ? [problem('A1205', at('name'), `two stages are named ${JSON.stringify(name)}`)] : []),
      ...missing,
      ...(circle === undefined
        ? []
        : [problem('A1224', path, `stage ${name} waits for itself: ${circle.join(' > ')}`)]),
      ...doubles,
      ...unpinned,
    ];
  });
}
