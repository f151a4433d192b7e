/** All that deciding about a stage into which fields are copied takes, from the engine and from Git. */

import { describeRefusal } from '../../core/copying/folder.ts';
import type { CommitSha, Digest } from '../../core/model/id.ts';
import type { Stage } from '../../core/model/placement.ts';
import { type Candidate, commitsBack, type Revision, type StageFacts } from '../../core/promotion/decide.ts';
import { type CandidateDeps, candidatesOf, type Seen, whyNone } from './candidates.ts';
import type { Content } from './contents.ts';
import { type FactsInput, failureIn, isGoodIn } from './evidence-here.ts';
import type { Folders } from './folders.ts';
import type { CopyingStage } from './promotable-stage.ts';
import { commitsMax, type Touch } from './touches.ts';

export type CopyDeps = CandidateDeps & { readonly folders: Folders };

/** Errors: FaultError, when the repository does not answer. */
export async function copyFactsOf(
  copying: CopyingStage,
  input: FactsInput,
  deps: CopyDeps,
  signal: AbortSignal,
): Promise<StageFacts> {
  return new CopyFacts(copying, input, deps, signal).read();
}

/** What is held back, and how surely. */
type Held = ReadonlyMap<CommitSha, 'perhaps' | 'yes'>;
const nothing: Held = new Map();

class CopyFacts {
  readonly #copying: CopyingStage;
  readonly #input: FactsInput;
  readonly #deps: CopyDeps;
  readonly #signal: AbortSignal;

  constructor(copying: CopyingStage, input: FactsInput, deps: CopyDeps, signal: AbortSignal) {
    this.#copying = copying;
    this.#input = input;
    this.#deps = deps;
    this.#signal = signal;
  }

  async read(): Promise<StageFacts> {
    const { here } = this.#copying;
    const policy = here.promotion?.policy ?? 'Newest';
    const quarantined = await this.#quarantine();
    const seen = await this.#candidates(policy);
    const failure = await this.#failure();
    const match = await this.#match(failure !== undefined);
    const content = await this.#heldNow(match);
    const isOpen = seen.some((each) => each.unproved === undefined && each.content !== content);
    const held = isOpen && failure === undefined ? await this.#heldBack(seen) : nothing;
    return {
      moves: 'fields',
      policy,
      pin: { commit: match, content },
      candidates: seen.map((each): Candidate => ({ ...each, heldBack: held.get(each.commit) ?? 'no' })),
      noCandidate: whyNone({ ...this.#copying, input: this.#input.steering }),
      quarantined,
      failure,
      good: failure === undefined ? undefined : await this.#good(),
    };
  }

  #there(commit: CommitSha): Promise<boolean> {
    const { copy } = this.#copying;
    const { head } = this.#input;
    const from = { commit, path: copy.from.path };
    return this.#deps.folders.isEqual(copy, from, { commit: head, path: copy.to }, this.#signal);
  }

  /** By what is copied, and not by what the Apps are: of commits that hold the same of it, the last that is shown to be good. */
  async #candidates(policy: StageFacts['policy']): Promise<readonly Seen[]> {
    const { source, before } = this.#copying;
    const { head, steering } = this.#input;
    const ask = {
      ...{
        source,
        before,
        policy,
        head,
        since: undefined,
        quarantined: new Set<CommitSha | Digest>(),
        input: steering,
      },
      isThere: (commit: CommitSha) => this.#there(commit),
      heldHere: () => [],
    };
    const all: Seen[] = [];
    for (const each of await candidatesOf(ask, this.#deps, this.#signal)) {
      const seen = await this.#heldAt(each);
      const index = all.findIndex(({ content }) => content === seen.content);
      const known = all[index];
      if (known === undefined) all.push(seen);
      else if (seen.unproved === undefined || known.unproved !== undefined) all.splice(index, 1, seen);
    }
    return all;
  }

  async #heldAt({ commit, content, unproved }: Seen): Promise<Seen> {
    const { copy, source } = this.#copying;
    const { folders } = this.#deps;
    const held = await folders.held(commit, copy.from.path, copy, { isReturn: false }, this.#signal);
    if (held === undefined) return { commit, content, unproved: 'its revision cannot be read' };
    if (held.kind === 'refused') return { commit, content, unproved: describeRefusal(held) };
    const alien = await folders.unshown(commit, copy, held.files, source, this.#signal);
    const reason = `${alien} is nothing that ${source.id} runs, so nothing shows it to be good`;
    return { commit, content: held.digest, unproved: unproved ?? (alien === undefined ? undefined : reason) };
  }

  /** The newest commit whose source holds what the target holds now; where it is to be blamed, the one that brought it. */
  async #match(isBlamed: boolean): Promise<CommitSha | undefined> {
    const { git } = this.#deps;
    const commits = await git.history(this.#input.head, undefined, commitsBack, this.#signal);
    let found: CommitSha | undefined;
    for (const { commit } of commits) {
      const isThere = await this.#there(commit);
      if (isThere) found = commit;
      if (found !== undefined && !(isThere && isBlamed)) break;
    }
    return found;
  }

  async #heldNow(match: CommitSha | undefined): Promise<Digest | undefined> {
    const { copy } = this.#copying;
    const isOwn = match === undefined;
    const [commit, path] = isOwn ? [this.#input.head, copy.to] : [match, copy.from.path];
    const held = await this.#deps.folders.held(commit, path, copy, { isReturn: isOwn }, this.#signal);
    return held?.kind === 'held' ? held.digest : undefined;
  }

  async #quarantine(): Promise<ReadonlySet<CommitSha | Digest>> {
    const { copy } = this.#copying;
    const found = new Set<CommitSha | Digest>(copy.quarantined);
    for (const commit of copy.quarantined) {
      const held = await this.#deps.folders.held(commit, copy.from.path, copy, { isReturn: false }, this.#signal);
      if (held?.kind === 'held') found.add(held.digest);
    }
    return found;
  }

  /** All that follows the head takes what is copied, not only the stage that says so. */
  get #stages(): readonly Stage[] {
    return this.#copying.of.stages.filter(({ revision }) => revision === 'Head');
  }

  async #failure(): Promise<string | undefined> {
    const content = await this.#content(this.#input.head);
    if (content === undefined) return undefined;
    for (const stage of this.#stages) {
      const reason = failureIn(this.#copying.of, stage, content, this.#input);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** The newest commit at which the target was good, if it held something else of what is copied. */
  async #good(): Promise<Revision | undefined> {
    const { of } = this.#copying;
    const { head, steering } = this.#input;
    const commits = await this.#deps.git.history(head, undefined, commitsBack, this.#signal);
    const failing = await this.#content(head);
    for (const { commit } of commits) {
      const content = await this.#content(commit);
      if (content === undefined || content.digest === failing?.digest) continue;
      if (!this.#stages.every((stage) => isGoodIn(of, stage, content, steering))) continue;
      const held = await this.#heldInTarget(commit);
      // If it held the same, what failed is not what was copied.
      return held === undefined || held === (await this.#heldInTarget(head)) ? undefined : { commit, content: held };
    }
    return undefined;
  }

  #content(commit: CommitSha): Promise<Content | undefined> {
    return this.#deps.contents.at(commit, this.#copying.of, this.#input.steering.versions, this.#signal);
  }

  async #heldInTarget(commit: CommitSha): Promise<Digest | undefined> {
    const { copy } = this.#copying;
    const held = await this.#deps.folders.held(commit, copy.to, copy, { isReturn: true }, this.#signal);
    return held?.kind === 'held' ? held.digest : undefined;
  }

  /** Candidates that a person has taken out of the target again, without saying that they are bad; and those older. */
  async #heldBack(seen: readonly Seen[]): Promise<Held> {
    const { copy } = this.#copying;
    const { git, folders } = this.#deps;
    const { head } = this.#input;
    const { touches, cutAt } = await folders.touched(copy.to, head, this.#signal);
    const last = await this.#lastStep(head, touches);
    if (last === undefined) return cutAt === undefined ? nothing : this.#sameAs(cutAt, seen);
    const commits = await git.history(head, undefined, commitsMax, this.#signal);
    const place = (commit: CommitSha): number => commits.findIndex((each) => each.commit === commit);
    const step = place(last.at);
    for (const [index, { commit }] of seen.entries()) {
      // What the source had before the target was moved, and that is what the target was moved from.
      if (place(commit) <= step && place(commit) !== -1) continue;
      const before = { commit: last.before, path: copy.to };
      const wasThere = await folders.isEqual(copy, { commit, path: copy.from.path }, before, this.#signal);
      if (wasThere) return new Map(seen.slice(0, index + 1).map((each) => [each.commit, 'yes']));
    }
    return nothing;
  }

  /** What the source had already where the history ends may have been in the target before. */
  async #sameAs(cutAt: CommitSha, seen: readonly Seen[]): Promise<Held> {
    const { copy } = this.#copying;
    const held = await this.#deps.folders.held(cutAt, copy.from.path, copy, { isReturn: false }, this.#signal);
    const same = seen.filter(({ content }) => held?.kind === 'held' && held.digest === content);
    return new Map(same.map(({ commit }) => [commit, 'perhaps']));
  }

  /** The newest commit that changed what the target holds of what is copied. */
  async #lastStep(head: CommitSha, touches: readonly Touch[]): Promise<Touch | undefined> {
    const now = await this.#heldInTarget(head);
    for (const touch of touches) {
      const held = await this.#heldInTarget(touch.before);
      // What cannot be read was nothing that was copied.
      if (held !== undefined && held !== now) return touch;
    }
    return undefined;
  }
}
