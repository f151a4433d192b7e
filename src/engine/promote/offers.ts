/** What the pull request of a stage should be now: its branch, its text, the plan that it shows. */
import type { CommitSha } from '../../core/model/id.ts';
import type { Aim, Request } from '../../core/promotion/aim.ts';
import { bodyOf, type GateLine, type IncludedCommit } from '../../core/promotion/body.ts';
import type { Offer } from '../../core/promotion/step.ts';
import { branchOf, titleOf } from '../../core/promotion/subject.ts';
import type { Trailer } from '../../core/promotion/trailer.ts';
import type { Clock } from '../../seam/clock.ts';
import type { GitChange } from '../../seam/git.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { movedPin, pathOfPin } from './pin-file.ts';
import type { PinnedStage } from './pinned-stage.ts';
import type { PlanStage, StagePlan } from './stage-plan.ts';

export type OfferDeps = {
  readonly repository: Pick<FollowedRepository, 'fileAt' | 'git' | 'settings'>;
  readonly planStage: PlanStage;
  readonly clock: Clock;
};

type Shown = Extract<Aim, { kind: 'show' }>;

export type Wanted = {
  readonly pinned: PinnedStage;
  readonly aim: Shown;
  /** The commit that all of it is about. */
  readonly head: CommitSha;
  readonly gates: readonly GateLine[];
  /** Another one when anything that was compiled is. */
  readonly revision: object;
};

export type Move =
  | { readonly kind: 'move'; readonly change: GitChange }
  /** A person has to. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A plan is made anew when what was compiled is another, but not more often than this, and now and then in any case. */
const planPauseMs = 30_000;
const planAgeMs = 600_000;
const commitsMax = 100;
const replacedMax = 5;

export class Offers {
  readonly #deps: OfferDeps;
  readonly #plans = new Map<string, { readonly plan: StagePlan; readonly revision: object; readonly atMs: number }>();
  readonly #proposed = new Map<string, { readonly key: string; readonly commit: CommitSha }>();

  constructor(deps: OfferDeps) {
    this.#deps = deps;
  }

  /** The one commit that moves the pin, on top of the head. Errors: FaultError. */
  async moveOf({ pinned, aim, head }: Wanted, signal: AbortSignal): Promise<Move> {
    const { repository } = this.#deps;
    const path = pathOfPin(pinned, pinned.pin, repository.settings.root);
    const { to, from, kind } = aim.route;
    const moved = movedPin(pinned, path, await this.#textOf(path, head, signal), {
      to,
      failing: kind === 'revert' ? from : undefined,
    });
    if (moved.kind === 'refused') return moved;
    const message = `${titleOf(pinned, aim.route)}\n\n${from === undefined ? '' : `From ${from}.\n`}`;
    return { kind: 'move', change: { files: new Map([[path, moved.text]]), message } };
  }

  /** Shape: undefined when nobody asks for the branch. Errors: FaultError. */
  async offerOf(
    wanted: Wanted,
    change: GitChange,
    request: Request | undefined,
    { bodyMax, isFresh }: { readonly bodyMax: number; readonly isFresh: boolean },
    signal: AbortSignal,
  ): Promise<Offer> {
    const { pinned, aim } = wanted;
    const plan = await this.planOf(wanted, isFresh, signal);
    const head = await this.#branchOf(wanted, change, signal);
    const trailer = trailerOf(aim, plan, request);
    const merge = pinned.here.promotion?.merge ?? 'Manual';
    const gates = [...wanted.gates, ...planGate(plan)];
    const body = bodyOf(
      {
        subject: pinned,
        trailer,
        failure: aim.failure,
        gates,
        commits: await this.#commitsOf(aim, signal),
        changes: plan.changes,
        unknown: plan.unknown,
        merge,
      },
      bodyMax,
    );
    return { title: titleOf(pinned, aim.route), body, trailer, head, gates, merge };
  }

  /** `isFresh`: made now, not a while ago. */
  async planOf({ pinned, aim, revision }: Wanted, isFresh: boolean, signal: AbortSignal): Promise<StagePlan> {
    const { clock, planStage } = this.#deps;
    const key = `${branchOf(pinned)} ${aim.route.from ?? ''} ${aim.route.to}`;
    const known = this.#plans.get(key);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() - known.atMs;
    const isOld = ageMs > planAgeMs || (known?.revision !== revision && ageMs > planPauseMs);
    if (known !== undefined && !isFresh && !isOld) return known.plan;
    const plan = await planStage(pinned, aim.route.to, signal);
    for (const other of this.#plans.keys()) if (other.startsWith(`${branchOf(pinned)} `)) this.#plans.delete(other);
    this.#plans.set(key, { plan, revision, atMs: clock.nowMs() });
    return plan;
  }

  /** Its branch may be another now: it is made anew, and planned anew. */
  forget(pinned: PinnedStage): void {
    this.#proposed.delete(branchOf(pinned));
    for (const key of this.#plans.keys()) if (key.startsWith(`${branchOf(pinned)} `)) this.#plans.delete(key);
  }

  /** The branch stays as it is while the pin's file and what becomes of it do: other commits are nothing to it. */
  async #branchOf({ pinned, head }: Wanted, change: GitChange, signal: AbortSignal): Promise<CommitSha> {
    const branch = branchOf(pinned);
    const [[path, text] = ['', undefined]] = [...change.files];
    const key = [this.#deps.repository.fileAt(head, path)?.oid ?? '', path, text].join('\0');
    const known = this.#proposed.get(branch);
    if (known?.key === key) return known.commit;
    const commit = await this.#deps.repository.git.propose(branch, head, change, signal);
    this.#proposed.set(branch, { key, commit });
    return commit;
  }

  async #textOf(path: string, head: CommitSha, signal: AbortSignal): Promise<string | undefined> {
    const { repository } = this.#deps;
    const file = repository.fileAt(head, path);
    if (file === undefined) return undefined;
    const [blob] = await repository.git.blobs([file.oid], signal);
    return blob?.kind === 'bytes' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(blob.bytes) : '';
  }

  /** Shape: undefined when the history does not lead from one to the other. */
  async #commitsOf({ route }: Shown, signal: AbortSignal): Promise<readonly IncludedCommit[] | undefined> {
    const { kind, from, to } = route;
    if (kind === 'revert' || from === undefined) return [];
    const { git } = this.#deps.repository;
    await git.fetch(to, signal);
    const commits = await git.history(to, from, commitsMax, signal);
    const isWhole = commits.length === commitsMax || commits.at(-1)?.parents[0] === from;
    return isWhole ? commits : undefined;
  }
}

function trailerOf({ route, content, isChosen }: Shown, { digest }: StagePlan, request: Request | undefined): Trailer {
  const before = request?.state === 'open' ? request.trailer : undefined;
  const isOther = before !== undefined && before.to !== route.to;
  const replaced = before === undefined ? [] : isOther ? [before.to, ...before.replaced] : before.replaced;
  return { ...route, content, plan: digest, replaced: replaced.slice(0, replacedMax), isChosen, isWithdrawn: false };
}

function planGate({ refused }: StagePlan): readonly GateLine[] {
  const [first] = refused;
  if (first === undefined) return [];
  const more = refused.length > 1 ? `; and ${refused.length - 1} more` : '';
  return [{ name: 'Plan', state: 'failed', evidence: `would be refused: ${first}${more}` }];
}
