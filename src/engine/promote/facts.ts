/** All that deciding about one pinned stage takes, from the engine and from Git. */
import type { CommitSha, Digest } from '../../core/model/id.ts';
import type { Candidate, Revision, StageFacts } from '../../core/promotion/decide.ts';
import { failureOf, hasProved, isRequired } from '../../core/rollout/evidence.ts';
import type { StageState } from '../../core/rollout/stage.ts';
import { type CandidateDeps, candidatesOf, type Seen } from './candidates.ts';
import type { Content } from './contents.ts';
import type { PinStep } from './past-pins.ts';
import { pathOfPin } from './pin-file.ts';
import type { PinnedStage, PromoteView } from './pinned-stage.ts';
import { evidencesIn } from './proof.ts';

export type FactsInput = {
  readonly steering: PromoteView;
  readonly stagesOf: (app: PinnedStage['of']['apps'][number]) => readonly StageState[];
  readonly head: CommitSha;
};

/** Commits in which is looked for where the pin was before. */
const historyMax = 200;

/** Errors: FaultError, when the repository does not answer. */
export async function factsOf(
  pinned: PinnedStage,
  { steering, stagesOf, head }: FactsInput,
  deps: CandidateDeps,
  signal: AbortSignal,
): Promise<StageFacts> {
  const { pin, here, of } = pinned;
  const at = (commit: CommitSha): Promise<Content | undefined> =>
    deps.contents.at(commit, of, steering.versions, signal);
  const there = pin === undefined ? undefined : await at(pin.revision);
  const quarantined = await quarantineOf(pinned, steering, at);
  const failure = there === undefined ? undefined : failureAt(pinned, there, steering, stagesOf);
  const ask = { pinned, head, pinContent: there?.digest, quarantined, input: steering };
  const seen = failure === undefined ? await candidatesOf(ask, deps, signal) : [];
  const path = pathOfPin(pinned, pin, deps.root);
  const isOpen = seen.some(({ unproved, content }) => unproved === undefined && content !== there?.digest);
  const past =
    pin === undefined || (failure === undefined && !isOpen)
      ? []
      : await deps.pastPins.before(pinned, { path, head, current: pin }, signal);
  const held = failure === undefined ? await heldBack(seen, past, head, pin?.revision, at, deps, signal) : new Set();
  return {
    policy: here.promotion?.policy ?? 'Newest',
    pin: pin === undefined ? undefined : { commit: pin.revision, content: there?.digest },
    candidates: seen.map((each): Candidate => ({ ...each, isHeldBack: held.has(each.commit) })),
    quarantined,
    failure,
    good: failure === undefined ? undefined : await goodBefore(pinned, past, there, steering, at),
  };
}

/** Of all pins of the placement: what is bad in one stage goes nowhere new in the others. */
async function quarantineOf(
  { of }: PinnedStage,
  { compiled }: PromoteView,
  at: (commit: CommitSha) => Promise<Content | undefined>,
): Promise<ReadonlySet<CommitSha | Digest>> {
  const pins = [...compiled.gathered.pins.values()].flat();
  const own = pins.filter(({ repository, placement }) => repository === of.repository && placement === of.id);
  const found = new Set<CommitSha | Digest>();
  for (const commit of new Set(own.flatMap(({ quarantined }) => quarantined))) {
    found.add(commit);
    const content = await at(commit);
    if (content !== undefined) found.add(content.digest);
  }
  return found;
}

/** Why the stage stopped, when it was at what the pin names that it did. */
function failureAt(
  { of, here, stage }: PinnedStage,
  content: Content,
  input: PromoteView,
  stagesOf: FactsInput['stagesOf'],
): string | undefined {
  for (const app of of.apps) {
    const state = stagesOf(app).find((each) => each.stage === stage);
    if (state?.state !== 'stopped') continue;
    const intent = content.apps.get(app);
    const isItsFault = evidencesIn(app, here, input).some(
      (cell) => cell.aim?.intent === intent && failureOf(cell, here.progressDeadlineMs, input.nowMs) !== undefined,
    );
    if (isItsFault) return `${app}: ${state.reason ?? 'stopped'}`;
  }
  return undefined;
}

type Past = readonly PinStep[];

/** Candidates that a person has moved the pin back from, or from something newer; a mark of quarantine says enough by itself. */
async function heldBack(
  seen: readonly Seen[],
  [last]: Past,
  head: CommitSha,
  current: CommitSha | undefined,
  at: (commit: CommitSha) => Promise<Content | undefined>,
  { git }: CandidateDeps,
  signal: AbortSignal,
): Promise<ReadonlySet<CommitSha>> {
  if (last === undefined || last.replacedBy.quarantined.includes(last.pin.revision)) return new Set();
  const commits = await git.history(head, current, historyMax, signal);
  const place = (commit: CommitSha): number => commits.findIndex((each) => each.commit === commit);
  const left = place(last.pin.revision);
  // Not newer than what the pin names now: it was moved forward.
  if (left === -1) return new Set();
  const content = await at(last.pin.revision);
  return new Set(
    seen.flatMap(({ commit, content: own }) =>
      own === content?.digest || place(commit) >= left || place(commit) === -1 ? [commit] : [],
    ),
  );
}

/** The newest pin before that was good here, for every App and on every cluster that counts. */
async function goodBefore(
  { of, here }: PinnedStage,
  past: Past,
  failing: Content | undefined,
  input: PromoteView,
  at: (commit: CommitSha) => Promise<Content | undefined>,
): Promise<Revision | undefined> {
  for (const { pin } of past) {
    const content = await at(pin.revision);
    if (content === undefined || content.digest === failing?.digest) continue;
    const isGood = of.apps.every((app) => {
      const intent = content.apps.get(app);
      const required = evidencesIn(app, here, input).filter(isRequired);
      return intent !== undefined && required.every((cell) => hasProved(cell, intent, here.soakMs, input.nowMs));
    });
    if (isGood) return { commit: pin.revision, content: content.digest };
  }
  return undefined;
}
