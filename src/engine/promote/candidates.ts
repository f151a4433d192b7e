/** What may come next to a stage: the contents that the stages before want, and wanted since what it has. */
import type { Promotion } from '../../core/model/gate.ts';
import type { AppId, CommitSha, Digest } from '../../core/model/id.ts';
import type { Placement, Stage } from '../../core/model/placement.ts';
import type { Candidate } from '../../core/promotion/decide.ts';
import type { CommitInfo, GitRepository } from '../../seam/git.ts';
import type { Content, Contents } from './contents.ts';
import type { PastPins } from './past-pins.ts';
import { pathOfPin } from './pin-file.ts';
import type { PromoteView } from './promotable-stage.ts';
import { evidencesIn, whyUnproved } from './proof.ts';

export type CandidateDeps = {
  readonly contents: Contents;
  readonly pastPins: PastPins;
  readonly git: Pick<GitRepository, 'history'>;
  readonly root: string;
};

/** Without what only a person's hand tells: whether the pin was moved back. */
export type Seen = Omit<Candidate, 'heldBack'>;

/** Commits between the pin and the head that are looked at, and how many of them are read for their content. */
const commitsMax = 200;
const readsMax = 60;

export type Ask = {
  /** Whose stages show it. */
  readonly source: Placement;
  readonly before: readonly Stage[];
  readonly policy: Promotion['policy'];
  readonly head: CommitSha;
  /** Nothing from before it is new; undefined: nobody knows such a commit. */
  readonly since: CommitSha | undefined;
  /** Has the stage what a commit holds? */
  readonly isThere: (commit: CommitSha, content: Content) => boolean | Promise<boolean>;
  /** What clusters of the stage hold of an App already. */
  readonly heldHere: (app: AppId) => readonly Digest[];
  /** Contents that are not to be promoted to. */
  readonly quarantined: ReadonlySet<CommitSha | Digest>;
  readonly input: PromoteView;
};

/** Shape: oldest first; the last is what the first of the stages before wants now. Errors: FaultError. */
export async function candidatesOf(ask: Ask, deps: CandidateDeps, signal: AbortSignal): Promise<readonly Seen[]> {
  const [first] = ask.before;
  if (first === undefined) return [];
  return first.revision === 'Pinned' ? ofPinned(ask, first, deps, signal) : ofHead(ask, deps, signal);
}

/** Why there is nothing that could come next. */
export function whyNone({ source, before, input }: Pick<Ask, 'before' | 'input' | 'source'>): string {
  const [first] = before;
  if (first === undefined) return 'no stage before it has a cluster';
  if (first.revision === 'Pinned' && pinOf(source, first, input) === undefined)
    return `stage ${first.name} before it has no pin yet: \`landfall promote ${source.apps[0]} --to ${first.name}\` comes first`;
  return `what stage ${first.name} before it wants cannot be read`;
}

async function ofHead(ask: Ask, deps: CandidateDeps, signal: AbortSignal): Promise<readonly Seen[]> {
  const { before, source, head, isThere } = ask;
  const newest = await contentAt(head, ask, deps, signal);
  if (newest === undefined) return [];
  const unproved = whyUnproved(before, newest, source, ask.input);
  if (await isThere(head, newest)) return [{ commit: head, content: newest.digest, unproved }];
  const isLast = unproved === undefined && !ask.quarantined.has(newest.digest) && ask.policy !== 'Queue';
  const mayBeOlder = !isLast && hasOlderProof(ask, newest);
  if (unproved !== undefined && !mayBeOlder) return [{ commit: head, content: newest.digest, unproved }];
  const commits = await deps.git.history(head, ask.since, commitsMax, signal);
  const found: Seen[] = [];
  let run: { readonly content: Content; commit: CommitSha } | undefined;
  const close = (): void => {
    if (run === undefined) return;
    const { content, commit } = run;
    if (!found.some((each) => each.content === content.digest))
      found.unshift({
        commit,
        content: content.digest,
        unproved: whyUnproved(before, content, source, ask.input),
      });
  };
  for (const { commit } of from(commits, ask, newest).slice(0, readsMax)) {
    const content = await contentAt(commit, ask, deps, signal);
    if (content !== undefined && (await isThere(commit, content))) break;
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

const contentAt = (commit: CommitSha, { source, input }: Ask, { contents }: CandidateDeps, signal: AbortSignal) =>
  contents.at(commit, source, input.versions, signal);

/** Where clusters say that they took the newest content: all that is newer changes nothing of it. */
function from(commits: readonly CommitInfo[], { source, before, input }: Ask, newest: Content): readonly CommitInfo[] {
  const taken = before.flatMap((stage) =>
    source.apps.flatMap((app) =>
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

/** Were clusters ever well with something that is neither the newest nor what the stage has? Else no history need be read. */
function hasOlderProof({ source, before, heldHere, input }: Ask, newest: Content): boolean {
  return before.some((stage) =>
    source.apps.some((app) => {
      const there = heldHere(app);
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
  const { source: of, before, head, isThere, input } = ask;
  const pin = pinOf(of, first, input);
  if (pin === undefined) return [];
  const subject = { placement: of.id, stage: first.name };
  const where = { path: pathOfPin(subject, pin, deps.root), head, current: pin };
  const content = await contentAt(pin.revision, ask, deps, signal);
  const unproved = content === undefined ? 'its revision cannot be read' : whyUnproved(before, content, of, input);
  const isLast = unproved === undefined && ask.policy !== 'Queue';
  const older = isLast ? [] : (await deps.pastPins.before(subject, where, signal)).steps;
  const found: Seen[] = [];
  for (const revision of [pin.revision, ...older.map((each) => each.pin.revision)]) {
    const here = await contentAt(revision, ask, deps, signal);
    if (here === undefined || found.some((each) => each.content === here.digest)) continue;
    // What comes before the stage's own pin is behind it.
    const isHere = await isThere(revision, here);
    if (isHere && revision !== pin.revision) break;
    found.unshift({ commit: revision, content: here.digest, unproved: whyUnproved(before, here, of, input) });
    if (isHere) break;
  }
  return found;
}

function pinOf(of: Placement, { name }: Stage, { compiled }: PromoteView) {
  const pins = [...compiled.gathered.pins.values()].flat();
  const found = pins.filter((pin) => pin.repository === of.repository && pin.placement === of.id && pin.stage === name);
  return found.length === 1 ? found[0] : undefined;
}
