/** Stages with gates: for programs, and in a few lines for people. */
import type { Json } from '../../core/json/value.ts';
import { describeGate, isOpen } from '../../core/rollout/gate-state.ts';
import type { StageState } from '../../core/rollout/stage.ts';
import type { Terminal } from '../surroundings.ts';
import { paintFor } from './paint.ts';
import { oneLine, padded } from './text.ts';

export type ToldStage = { readonly app: string; readonly state: StageState };

export function stageAnswer({ app, state: { stage, state, reason, revision, gates, bypassed } }: ToldStage): Json {
  return {
    app,
    stage,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(revision === undefined ? {} : { revision }),
    ...(bypassed === undefined ? {} : { bypassed }),
    gates: gates.map(({ gate, result, text, isBypassed, atMs }) => ({
      gate,
      result,
      text,
      ...(isBypassed ? { bypassed: true } : {}),
      ...(atMs === undefined ? {} : { at: new Date(atMs).toISOString() }),
    })),
  };
}

/** Shape: those that a gate holds up, and those that pass one by a person's word; nothing when there are none. */
export function printStages(stages: readonly ToldStage[], terminal: Terminal): string {
  const paint = paintFor(terminal);
  const lines = stages.flatMap(({ app, state: { stage, state, gates, bypassed } }) => {
    const shut = state === 'waiting' ? gates.filter((gate) => !isOpen(gate)) : [];
    if (shut.length === 0 && bypassed === undefined) return [];
    return [
      `${paint('bold', app)} stage ${stage}: ${state}`,
      ...(bypassed === undefined ? [] : [`${padded('', 4)}${paint('red', oneLine(bypassed))}`]),
      ...shut.map((gate) => `${padded('', 4)}${oneLine(describeGate(gate))}`),
    ];
  });
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}
