/** What may come next to a pinned stage: the contents that the stages before want, and wanted since its pin. */
import type { CommitSha, Digest } from '../../core/model/id.ts';
import type { Stage } from '../../core/model/placement.ts';
import type { Candidate } from '../../core/promotion/decide.ts';
import type { CommitInfo, GitRepository } from '../../seam/git.ts';
import type { Content, Contents } from './contents.ts';
import type { PastPins } from './past-pins.ts';
import { pathOfPin } from './pin-file.ts';
import type { PinnedStage, PromoteView } from './pinned-stage.ts';
import { evidencesIn, whyUnproved } from './proof.ts';

export type CandidateDeps = {
  readonly contents: Contents;
  readonly pastPins: PastPins;
  readonly git: Pick<GitRepository, 'history'>;
  readonly root: string;
};

/** Without what only a person's hand tells: whether the pin was moved back. */
export type Seen = Omit<Candidate, 'isHeldBack'>;

/** Commits between the pin and the head that are looked at, and how many of them are read for their content. */
const commitsMax = 200;
const readsMax = 60;

type Ask = {
  readonly pinned: PinnedStage;
  readonly head: CommitSha;
  /** What the pin names, as far as it is known. */
  readonly pinContent: Digest | undefined;
  /** Contents that are not to be promoted to. */
  readonly quarantined: ReadonlySet<CommitSha | Digest>;
  readonly input: PromoteView;
};

/** Shape: oldest first; the last is what the first of the stages before wants now. Errors: FaultError. */
export async function candidatesOf(ask: Ask, deps: CandidateDeps, signal: AbortSignal): Promise<readonly Seen[]> {
  const [first] = ask.pinned.before;
  if (first === undefined) return [];
  return first.revision === 'Pinned' ? ofPinned(ask, first, deps, signal) : ofHead(ask, deps, signal);
}

async function ofHead(ask: Ask, deps: CandidateDeps, signal: AbortSignal): Promise<readonly Seen[]> {
  const { pinned, head, pinContent } = ask;
  const newest = await contentAt(head, ask, deps, signal);
  if (newest === undefined) return [];
  const unproved = whyUnproved(pinned.before, newest, pinned.of, ask.input);
  if (newest.digest === pinContent) return [{ commit: head, content: newest.digest, unproved }];
  const isLast =
    unproved === undefined && !ask.quarantined.has(newest.digest) && pinned.here.promotion?.policy !== 'Queue';
  const mayBeOlder = !isLast && hasOlderProof(ask, newest);
  if (unproved !== undefined && !mayBeOlder) return [{ commit: head, content: newest.digest, unproved }];
  const commits = await deps.git.history(head, pinned.pin?.revision, commitsMax, signal);
  const found: Seen[] = [];
  let run: { readonly content: Content; commit: CommitSha } | undefined;
  const close = (): void => {
    if (run === undefined) return;
    const { content, commit } = run;
    if (!found.some((each) => each.content === content.digest))
      found.unshift({
        commit,
        content: content.digest,
        unproved: whyUnproved(pinned.before, content, pinned.of, ask.input),
      });
  };
  for (const { commit } of from(commits, ask, newest).slice(0, readsMax)) {
    const content = await contentAt(commit, ask, deps, signal);
    if (content?.digest === pinContent && content !== undefined) break;
    if (content !== undefined && content.digest === run?.content.digest) {
      run.commit = commit;
      continue;
    }
    close();
    if (run !== undefined && isLast) return found;
    run = content === undefined ? undefined : { content, commit };
  }
  close();
  return found.length > 0 ? found : [{ commit: head, content: newest.digest, unproved }];
}

const contentAt = (commit: CommitSha, { pinned, input }: Ask, { contents }: CandidateDeps, signal: AbortSignal) =>
  contents.at(commit, pinned.of, input.versions, signal);

/** Where clusters say that they took the newest content: all that is newer changes nothing of it. */
function from(commits: readonly CommitInfo[], { pinned, input }: Ask, newest: Content): readonly CommitInfo[] {
  const taken = pinned.before.flatMap((stage) =>
    pinned.of.apps.flatMap((app) =>
      evidencesIn(app, stage, input).flatMap(({ cluster, held }) => {
        const record = input.members.get(cluster)?.records.of(app)?.record;
        return record !== undefined && held?.intent === newest.apps.get(app) ? [record.revision] : [];
      }),
    ),
  );
  const places = taken.map((revision) => commits.findIndex(({ commit }) => commit === revision));
  const known = places.filter((place) => place !== -1);
  // Apps come to what they are one after the other: all of them are there at the newest of those commits.
  return known.length === 0 ? commits : commits.slice(Math.min(...known));
}

/** Were clusters ever well with something that is neither the newest nor what the pin names? Else no history need be read. */
function hasOlderProof({ pinned, input }: Ask, newest: Content): boolean {
  const { before, of, here } = pinned;
  return before.some((stage) =>
    of.apps.some((app) => {
      const there = evidencesIn(app, here, input).flatMap(({ aim }) => aim?.intent ?? []);
      return evidencesIn(app, stage, input).some(({ good, held }) =>
        [...good.map(({ intent }) => intent), ...(held === undefined ? [] : [held.intent])].some(
          (intent) => intent !== newest.apps.get(app) && !there.includes(intent),
        ),
      );
    }),
  );
}

/** A stage that has a pin of its own wants what that names, and wanted what it named before. */
async function ofPinned(ask: Ask, first: Stage, deps: CandidateDeps, signal: AbortSignal): Promise<readonly Seen[]> {
  const { pinned, head, pinContent, input } = ask;
  const { of, before } = pinned;
  const pin = pinOf(pinned, first, input);
  if (pin === undefined) return [];
  const subject = { placement: of.id, stage: first.name };
  const where = { path: pathOfPin(subject, pin, deps.root), head, current: pin };
  const content = await contentAt(pin.revision, ask, deps, signal);
  const unproved = content === undefined ? 'its revision cannot be read' : whyUnproved(before, content, of, input);
  const isLast = unproved === undefined && pinned.here.promotion?.policy !== 'Queue';
  const older = isLast ? [] : await deps.pastPins.before(subject, where, signal);
  const found: Seen[] = [];
  for (const revision of [pin.revision, ...older.map((each) => each.pin.revision)]) {
    const here = await contentAt(revision, ask, deps, signal);
    if (here === undefined || found.some((each) => each.content === here.digest)) continue;
    // What comes before the stage's own pin is behind it.
    if (here.digest === pinContent && revision !== pin.revision) break;
    found.unshift({ commit: revision, content: here.digest, unproved: whyUnproved(before, here, of, input) });
    if (here.digest === pinContent) break;
  }
  return found;
}

function pinOf({ of }: PinnedStage, { name }: Stage, { compiled }: PromoteView) {
  const pins = [...compiled.gathered.pins.values()].flat();
  const found = pins.filter((pin) => pin.repository === of.repository && pin.placement === of.id && pin.stage === name);
  return found.length === 1 ? found[0] : undefined;
}
