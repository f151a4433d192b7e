/** Protects: who looks at the fleet sees what a stage waits for, and by whose word it passes. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { printStages, stageAnswer } from '../../src/cli/output/stages.ts';
import type { StageState } from '../../src/core/rollout/stage.ts';
import { sha } from '../builder/model.ts';
import { Status } from './shapes.ts';

const terminal = { isTerminal: false, hasColor: false, columns: () => 80, write: () => {} } as never;
const waiting: StageState = {
  stage: 'production',
  state: 'waiting',
  reason: 'waits for gate ci: no status yet',
  revision: sha(2),
  bypassed: 'BYPASSED Evidence: INC-12',
  gates: [
    { gate: 'Evidence', kind: 'evidence', result: 'pending', text: 'not shown', atMs: undefined, isBypassed: true },
    {
      gate: 'ci',
      kind: 'status',
      result: 'pending',
      text: 'no status yet',
      atMs: 1_700_000_000_000,
      isBypassed: false,
    },
  ],
};
const complete: StageState = { ...waiting, state: 'complete', reason: undefined, bypassed: undefined, gates: [] };

test('printStages: gates that hold up, and what passes by a person’s word; nothing of what is done', () => {
  const told = printStages([{ app: 'shop/web', state: waiting }], terminal);
  equal(
    told,
    '\nshop/web stage production: waiting\n    BYPASSED Evidence: INC-12\n    waits for gate ci: no status yet\n',
  );
  equal(printStages([{ app: 'shop/web', state: complete }], terminal), '');
});

test('stageAnswer: as programs read it', () => {
  for (const state of [waiting, complete]) Status.shape.stages.parse([stageAnswer({ app: 'shop/web', state })]);
});
