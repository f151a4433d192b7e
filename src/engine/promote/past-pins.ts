/** What a Pin said before, as the history of its file tells. */
import { at, isArray, textOf } from '../../core/json/value.ts';
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import { pinNameOf, type Subject } from '../../core/promotion/subject.ts';
import { readManifests } from '../../core/yaml/read.ts';
import type { GitRepository } from '../../seam/git.ts';

export type PastPin = { readonly revision: CommitSha; readonly quarantined: readonly CommitSha[] };

/** A pin, and the one that took its place. */
export type PinStep = { readonly pin: PastPin; readonly replacedBy: PastPin };

export type PinGit = Pick<GitRepository, 'blobs' | 'changes' | 'fetch' | 'files' | 'history'>;

const commitsMax = 200;
const versionsMax = 20;

type Past = {
  /** Versions of a file before the one that a head holds, newest first. */
  readonly versions: readonly PastPin[];
  /** The oldest commit that was looked at; undefined when there is nothing before it to be found. */
  readonly cutAt: CommitSha | undefined;
};
type Known = Past & { readonly head: CommitSha };

export type PastSteps = { readonly steps: readonly PinStep[]; readonly cutAt: CommitSha | undefined };

export class PastPins {
  readonly #git: PinGit;
  readonly #known = new Map<string, Known>();

  constructor(git: PinGit) {
    this.#git = git;
  }

  /**
   * The pins before the one that `head` holds, newest first, each with another revision than the next newer one; and what
   * the newer one had in quarantine when it took its place.
   *
   * Shape: none from before the file was there, or from before it had this path; `cutAt` where it is not known what was before,
   *   since the history looked at ends there. Cost: the commits since it was last asked.
   */
  async before(
    subject: Subject,
    { path, head, current }: { readonly path: string; readonly head: CommitSha; readonly current: PastPin },
    signal: AbortSignal,
  ): Promise<PastSteps> {
    const key = [subject.placement, subject.stage, path].join(' ');
    const known = this.#known.get(key);
    const past = known?.head === head ? known : { head, ...(await this.#read(subject, path, head, known, signal)) };
    this.#known.set(key, past);
    return { steps: stepsOf([current, ...past.versions]), cutAt: past.cutAt };
  }

  async #read(
    subject: Subject,
    path: string,
    head: CommitSha,
    known: Known | undefined,
    signal: AbortSignal,
  ): Promise<Past> {
    const commits = await this.#git.history(head, undefined, commitsMax, signal);
    const found: PastPin[] = [];
    for (const [index, { commit, parents }] of commits.entries()) {
      if (commit === known?.head)
        return { versions: [...found, ...known.versions].slice(0, versionsMax), cutAt: known.cutAt };
      const older = commits[index + 1];
      if (older === undefined) return { versions: found, cutAt: parents.length === 0 ? undefined : commit };
      if (found.length >= versionsMax) break;
      await this.#git.fetch(older.commit, signal);
      await this.#git.fetch(commit, signal);
      const changes = await this.#git.changes(older.commit, commit, signal);
      const change = changes.find((each) => each.path === path);
      if (change === undefined) continue;
      // Where the file begins, nothing was before.
      if (change.before === undefined) break;
      const [blob] = await this.#git.blobs([change.before.oid], signal);
      const pin = blob?.kind === 'bytes' ? pinIn(subject, path, blob.bytes) : undefined;
      if (pin === undefined) return { versions: found, cutAt: older.commit };
      found.push(pin);
    }
    return { versions: found, cutAt: undefined };
  }
}

/** Shape: where the revision changed, newest first. */
function stepsOf(pins: readonly PastPin[]): readonly PinStep[] {
  return pins.flatMap((newer, index) => {
    const older = pins[index + 1];
    return older === undefined || older.revision === newer.revision ? [] : [{ pin: older, replacedBy: newer }];
  });
}

/** Which of the documents of a file is the Pin; those that cannot be read count, too. */
export function pinIn(
  subject: Subject,
  path: string,
  bytes: Uint8Array | string,
): (PastPin & { readonly document: number }) | undefined {
  const { name, namespace } = pinNameOf(subject);
  const { documents } = readManifests(path, bytes);
  const document = documents.findIndex(
    ({ value }) =>
      value.kind === 'Pin' &&
      textOf(at(value, 'metadata', 'name')) === name &&
      (textOf(at(value, 'metadata', 'namespace')) ?? 'default') === namespace,
  );
  const spec = documents[document]?.value.spec;
  const revision = spec === undefined ? undefined : textOf(at(spec, 'revision'));
  if (revision === undefined) return undefined;
  const list = at(spec, 'quarantined');
  const quarantined = isArray(list) ? list.flatMap((each) => textOf(each) ?? []) : [];
  return { revision: commitSha(revision), quarantined: quarantined.map(commitSha), document };
}
