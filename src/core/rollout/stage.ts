/** A stage as decisions see it, and what is decided. */
import type { CellId, CommitSha, Digest } from '../model/id.ts';
import type { Pin, Stage } from '../model/placement.ts';
import type { Evidence } from './evidence.ts';
import type { GateAsk, GateEvidence, GateState } from './gate-state.ts';

/** A stage with its cells, wave by wave. */
export type StageCells = { readonly stage: Stage; readonly waves: readonly (readonly Evidence[])[] };

/** What counts beside the cells; all of it about one App in one placement. */
export type Beside = {
  /** What the Pin of a stage says; undefined where there is none, or more than one. */
  readonly pinOf: (stage: string) => Pick<Pin, 'approvals' | 'bypass'> | undefined;
  readonly quarantine: Quarantine;
  /** What was last found out; undefined while nobody has looked. */
  readonly evidenceOf: (ask: GateAsk) => GateEvidence | undefined;
};

/** Revisions that go nowhere new, and what they hold of the App, by whatever other revision it comes. */
export type Quarantine = { readonly revisions: ReadonlySet<CommitSha>; readonly intents: ReadonlySet<Digest> };

export const noQuarantine: Quarantine = { revisions: new Set(), intents: new Set() };

export const nothingBeside: Beside = {
  pinOf: () => undefined,
  quarantine: noQuarantine,
  evidenceOf: () => undefined,
};

export type Decision =
  /** Change to the aim, or stay there. */
  | { readonly kind: 'go' }
  /** Keep what it holds. `isStill`: not even healed. */
  | { readonly kind: 'wait'; readonly reason: string; readonly isStill?: true };

export type StageState = {
  readonly stage: string;
  readonly state: 'complete' | 'progressing' | 'waiting' | 'stopped';
  readonly reason: string | undefined;
  /** For what the stage takes next, else for what it holds; of what nobody waits for, only what is known. */
  readonly gates: readonly GateState[];
  /** What the gates are about; undefined when the stage is to hold nothing. */
  readonly revision: CommitSha | undefined;
  /** As a status says it: `BYPASSED Evidence, Soak: INC-12`; undefined when no bypass is in force. */
  readonly bypassed: string | undefined;
};

export type Rollout = {
  readonly decisions: ReadonlyMap<CellId, Decision>;
  readonly stages: readonly StageState[];
  /** When time alone may change the answer; undefined when it cannot. */
  readonly wakeAtMs: number | undefined;
  /** What somebody has to find out, and keep up to date, so that what waits may go. */
  readonly asks: readonly GateAsk[];
};
