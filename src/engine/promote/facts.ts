/** All that deciding about one stage takes, from the engine and from Git. */
import type { AppId, CommitSha, Digest } from '../../core/model/id.ts';
import type { Candidate, Revision, StageFacts } from '../../core/promotion/decide.ts';
import { type CandidateDeps, candidatesOf, type Seen, whyNone } from './candidates.ts';
import type { Content } from './contents.ts';
import { type CopyDeps, copyFactsOf } from './copy-facts.ts';
import { type FactsInput, failureIn, isGoodIn } from './evidence-here.ts';
import type { PastSteps } from './past-pins.ts';
import { pathOfPin } from './pin-file.ts';
import type { PinnedStage, PromotableStage, PromoteView } from './promotable-stage.ts';
import { evidencesIn } from './proof.ts';

/** Commits in which is looked for where the pin was before. */
const historyMax = 200;

/** Errors: FaultError, when the repository does not answer. */
export async function factsOf(
  stage: PromotableStage,
  input: FactsInput,
  deps: CopyDeps,
  signal: AbortSignal,
): Promise<StageFacts> {
  return stage.kind === 'pin' ? pinFactsOf(stage, input, deps, signal) : copyFactsOf(stage, input, deps, signal);
}

async function pinFactsOf(
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
  const failure = there === undefined ? undefined : failureIn(of, here, there, { steering, stagesOf });
  const policy = here.promotion?.policy ?? 'Newest';
  const ask = {
    ...{ source: of, before: pinned.before, policy, head, since: pin?.revision, quarantined, input: steering },
    isThere: (_: CommitSha, content: Content) => content.digest === there?.digest,
    heldHere: (app: AppId) => evidencesIn(app, here, steering).flatMap(({ aim }) => aim?.intent ?? []),
  };
  const seen = failure === undefined ? await candidatesOf(ask, deps, signal) : [];
  const path = pathOfPin(pinned, pin, deps.root);
  const isOpen = seen.some(({ unproved, content }) => unproved === undefined && content !== there?.digest);
  const past =
    pin === undefined || (failure === undefined && !isOpen)
      ? noPast
      : await deps.pastPins.before(pinned, { path, head, current: pin }, signal);
  const held = failure === undefined ? await heldBack(seen, past, head, pin?.revision, at, deps, signal) : nothing;
  return {
    moves: 'pin',
    policy,
    pin: pin === undefined ? undefined : { commit: pin.revision, content: there?.digest },
    candidates: seen.map((each): Candidate => ({ ...each, heldBack: held.get(each.commit) ?? 'no' })),
    noCandidate: whyNone(ask),
    quarantined,
    failure,
    good: failure === undefined ? undefined : await goodBefore(pinned, past.steps, there, steering, at),
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

const noPast: PastSteps = { steps: [], cutAt: undefined };

/** What is held back, and how surely. */
type Held = ReadonlyMap<CommitSha, 'perhaps' | 'yes'>;
const nothing: Held = new Map();

/** Candidates that a person has moved the pin back from, or from something newer; a mark of quarantine says enough by itself. */
async function heldBack(
  seen: readonly Seen[],
  { steps: [last], cutAt }: PastSteps,
  head: CommitSha,
  current: CommitSha | undefined,
  at: (commit: CommitSha) => Promise<Content | undefined>,
  { git }: CandidateDeps,
  signal: AbortSignal,
): Promise<Held> {
  const sameAs = async (commit: CommitSha): Promise<Held> => {
    const content = await at(commit);
    const same = seen.filter((each) => each.content === content?.digest);
    return new Map(same.map((each) => [each.commit, 'perhaps']));
  };
  // What was there already where the history ends may have been in the pin before.
  if (last === undefined) return cutAt === undefined ? nothing : sameAs(cutAt);
  if (last.replacedBy.quarantined.includes(last.pin.revision)) return nothing;
  const commits = await git.history(head, current, historyMax, signal);
  const place = (commit: CommitSha): number => commits.findIndex((each) => each.commit === commit);
  const left = place(last.pin.revision);
  const isWhole = commits.length === 0 || commits.at(-1)?.parents[0] === current;
  // Not newer than what the pin names now: it was moved forward.
  if (left === -1) return isWhole ? nothing : sameAs(last.pin.revision);
  const content = await at(last.pin.revision);
  return new Map(
    seen.flatMap(({ commit, content: own }) =>
      own === content?.digest || place(commit) >= left || place(commit) === -1 ? [[commit, 'yes'] as const] : [],
    ),
  );
}

/** The newest pin before that was good here, for every App and on every cluster that counts. */
async function goodBefore(
  { of, here }: PinnedStage,
  past: PastSteps['steps'],
  failing: Content | undefined,
  input: PromoteView,
  at: (commit: CommitSha) => Promise<Content | undefined>,
): Promise<Revision | undefined> {
  for (const { pin } of past) {
    const content = await at(pin.revision);
    if (content === undefined || content.digest === failing?.digest) continue;
    const isGood = isGoodIn(of, here, content, input);
    if (isGood) return { commit: pin.revision, content: content.digest };
  }
  return undefined;
}
