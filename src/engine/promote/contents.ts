/** What the Apps of a placement are at a commit, whatever else that commit holds. */
import { contentOf } from '../../core/compile/tool-parts.ts';
import { digestOfText } from '../../core/json/digest.ts';
import type { Reading } from '../../core/model/declarations.ts';
import { type AppId, type CommitSha, type Digest, digest } from '../../core/model/id.ts';
import type { Placement } from '../../core/model/placement.ts';
import type { Tooling } from '../../core/model/tool.ts';
import type { FollowedRepository } from '../source/repository.ts';

export type Content = {
  /** Equal when all Apps are. */
  readonly digest: Digest;
  /** Those that are there; what evidence is about. */
  readonly apps: ReadonlyMap<AppId, Digest>;
};

/** By App; undefined for one with errors. `isWhole`: an App that is not among them is not there. */
type Known = { readonly apps: ReadonlyMap<AppId, Digest | undefined>; readonly isWhole: boolean };

/** Some hundred digests each. */
const knownMax = 500;

export class Contents {
  readonly #read: FollowedRepository['read'];
  readonly #known = new Map<CommitSha, Known>();

  constructor(read: FollowedRepository['read']) {
    this.#read = read;
  }

  /** Shape: undefined when it cannot be said: the commit is not to be had, or an App has errors there. */
  async at(
    commit: CommitSha,
    { apps }: Pick<Placement, 'apps'>,
    versions: Tooling['versions'],
    signal: AbortSignal,
  ): Promise<Content | undefined> {
    const known = await this.#knownAt(commit, versions, signal);
    if (known === undefined) return undefined;
    const found = new Map<AppId, Digest>();
    for (const app of apps.toSorted()) {
      const content = known.apps.get(app);
      if (content !== undefined) found.set(app, content);
      else if (known.apps.has(app) || !known.isWhole) return undefined;
    }
    return { digest: digest(digestOfText([...found].flat().join('\n'))), apps: found };
  }

  async #knownAt(commit: CommitSha, versions: Tooling['versions'], signal: AbortSignal): Promise<Known | undefined> {
    const before = this.#known.get(commit);
    if (before !== undefined) return before;
    const reading = await this.#read(commit, signal);
    signal.throwIfAborted();
    if (reading === undefined) return undefined;
    const known = knownIn(reading.value, versions);
    this.#known.set(commit, known);
    for (const oldest of [...this.#known.keys()].slice(0, -knownMax)) this.#known.delete(oldest);
    return known;
  }
}

function knownIn({ intents, isComplete }: Reading, versions: Tooling['versions']): Known {
  const apps = intents.map((intent) => [intent.id, intent.isBroken ? undefined : contentOf(intent, versions)] as const);
  return { apps: new Map(apps), isWhole: isComplete };
}
