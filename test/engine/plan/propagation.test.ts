/** Protects: each way in which a cluster is not done has the word that KubeFed's status had for it. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { objectKey } from '../../../src/core/model/id.ts';
import type { Action } from '../../../src/core/model/plan.ts';
import type { Outcome } from '../../../src/engine/plan/dry-run.ts';
import { type PropagationFacts, type PropagationStatus, propagationOf } from '../../../src/engine/plan/propagation.ts';

const key = objectKey('', 'ConfigMap', 'shop', 'settings');
const remove: Action = { kind: 'delete', key, owned: undefined, live: undefined };
const release: Action = { ...remove, kind: 'release' };
const wait: Action = { kind: 'wait', key, reason: 'waits for its stage' };
const quiet: Action = { kind: 'keep', key, reason: 'inSync', owned: undefined };
const going: Action = { kind: 'keep', key, reason: 'beingDeleted', owned: undefined };

const origin = { repository: 'fleet', path: 'a.yaml', line: 1, column: 1 } as never;
const unknown = (...codes: readonly string[]): PropagationFacts['aim'] => ({
  kind: 'unknown',
  reason: 'it cannot be rendered',
  diagnostics: codes.map((code) => ({ code: code as 'A1309', severity: 'error', origin, message: 'no' })),
});

type Case = { readonly name: string; readonly word: PropagationStatus } & Partial<
  Omit<PropagationFacts, 'outcomes'>
> & {
    readonly outcome?: Outcome;
  };
const cases: readonly Case[] = [
  { name: 'in sync', actions: [quiet], word: '' },
  { name: 'away', memberFault: { kind: 'unreachable', detail: '' }, word: 'ClusterNotReady' },
  { name: 'no credentials', memberFault: { kind: 'misconfigured', detail: '' }, word: 'ClientRetrievalFailed' },
  { name: 'not to be listed', readFault: { kind: 'forbidden', detail: '' }, word: 'CachedRetrievalFailed' },
  { name: 'an override does not apply', aim: unknown('A1309'), word: 'ApplyOverridesFailed' },
  { name: 'a manifest with errors', aim: unknown(), errors: ['A1102'], word: 'ComputeResourceFailed' },
  { name: 'a manifest that overrides a name', aim: unknown(), errors: ['A1557'], word: 'ApplyOverridesFailed' },
  { name: 'not yet', actions: [wait], word: 'CreationTimedOut' },
  {
    name: 'taken over as it is',
    actions: [wait],
    outcome: { kind: 'changed', changes: [], note: undefined },
    word: '',
  },
  { name: 'refused', actions: [remove], outcome: { kind: 'refused', reason: '' }, word: 'DeletionFailed' },
  { name: 'label refused', actions: [release], outcome: { kind: 'refused', reason: '' }, word: 'LabelRemovalFailed' },
  {
    name: 'opted out',
    actions: [quiet, wait],
    outcome: { kind: 'refused', reason: '', cause: 'ManagedLabelFalse' },
    word: 'ManagedLabelFalse',
  },
  {
    name: 'a fault that passes',
    actions: [remove],
    outcome: { kind: 'failed', fault: { kind: 'throttled', detail: '' } },
    word: 'WaitingForRemoval',
  },
  { name: 'what is stuck goes before what is under way', actions: [going, wait, quiet], word: 'CreationTimedOut' },
];

for (const { name, word, outcome, ...facts } of cases)
  test(`propagationOf: ${name}`, () => {
    const outcomes = new Map(outcome === undefined ? [] : [[key, outcome]]);
    const nothing = { aim: undefined, errors: [], memberFault: undefined, readFault: undefined, actions: [] };
    equal(propagationOf({ ...nothing, ...facts, outcomes }), word);
  });
