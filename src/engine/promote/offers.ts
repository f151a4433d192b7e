/** What the pull request of a stage should be now: its branch, its text, the plan that it shows. */

import { describeField, join } from '../../core/copying/folder.ts';
import type { CommitSha } from '../../core/model/id.ts';
import { lineOfPart, textOfPart } from '../../core/preview/app-part.ts';
import type { Aim, Request } from '../../core/promotion/aim.ts';
import { bodyOf, type GateLine, type IncludedCommit, type Story } from '../../core/promotion/body.ts';
import type { Offer } from '../../core/promotion/step.ts';
import { branchOf, type Route, type Subject, titleOf } from '../../core/promotion/subject.ts';
import type { Trailer } from '../../core/promotion/trailer.ts';
import type { Clock } from '../../seam/clock.ts';
import type { GitChange } from '../../seam/git.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { type ChangedFiles, copiedChange } from './copy-change.ts';
import type { Folders } from './folders.ts';
import { movedPin, pathOfPin } from './pin-file.ts';
import type { PinnedStage, PromotableStage } from './promotable-stage.ts';
import type { Requests } from './requests.ts';
import type { PlanStage, StagePlan } from './stage-plan.ts';

export type OfferDeps = {
  readonly repository: Pick<FollowedRepository, 'fileAt' | 'filesAt' | 'git' | 'read' | 'settings'>;
  readonly folders: Folders;
  readonly planStage: PlanStage;
  readonly clock: Clock;
};

type Shown = Extract<Aim, { kind: 'show' }>;

export type Wanted = {
  readonly stage: PromotableStage;
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

  /** The one commit that does it, on top of the head. Errors: FaultError. */
  async moveOf({ stage, aim, head }: Wanted, signal: AbortSignal): Promise<Move> {
    const { route } = aim;
    const textOf = (path: string): Promise<string | undefined> => this.#textOf(path, head, signal);
    const changed =
      stage.kind === 'pin'
        ? this.#movedPin(stage, route, textOf)
        : copiedChange(stage, route, head, { folders: this.#deps.folders, textOf }, signal);
    const done = await changed;
    if (done.kind === 'refused') return done;
    const message = `${titleOf(stage, route)}\n\n${route.from === undefined ? '' : `From ${route.from}.\n`}`;
    return { kind: 'move', change: { files: done.files, message } };
  }

  async #movedPin(
    pinned: PinnedStage,
    { kind, to, from }: Route,
    textOf: (path: string) => Promise<string | undefined>,
  ): Promise<ChangedFiles> {
    const path = pathOfPin(pinned, pinned.pin, this.#deps.repository.settings.root);
    const moved = movedPin(pinned, path, await textOf(path), { to, failing: kind === 'revert' ? from : undefined });
    return moved.kind === 'refused' ? moved : { kind: 'changed', files: new Map([[path, moved.text]]) };
  }

  /** Shape: undefined when nobody asks for the branch. Errors: FaultError. */
  async offerOf(
    wanted: Wanted,
    change: GitChange,
    request: Request | undefined,
    { bodyMax, markup, page, isFresh }: Pick<Requests, 'bodyMax' | 'markup' | 'page'> & { readonly isFresh: boolean },
    signal: AbortSignal,
  ): Promise<Offer> {
    const { stage, aim } = wanted;
    const plan = await this.planOf(wanted, change, isFresh, signal);
    const head = await this.#branchOf(wanted, change, signal);
    const trailer = trailerOf(aim, plan, request);
    const merge = stage.here.promotion?.merge ?? 'Manual';
    const gates = [...wanted.gates, ...planGate(plan)];
    const body = bodyOf(
      {
        subject: stage,
        copy: copyOf(stage, change),
        trailer,
        failure: aim.failure,
        gates,
        commits: await this.#commitsOf(aim, signal),
        changes: plan.changes.map((part) => ({ title: lineOfPart(part), markdown: textOfPart(part, markup) })),
        unknown: plan.unknown,
        merge,
        page,
      },
      bodyMax,
    );
    return { title: titleOf(stage, aim.route), body, trailer, head, gates, merge };
  }

  /** `isFresh`: made now, not a while ago. */
  async planOf(wanted: Wanted, change: GitChange, isFresh: boolean, signal: AbortSignal): Promise<StagePlan> {
    const { stage, aim, revision } = wanted;
    const { clock, planStage } = this.#deps;
    const key = `${branchOf(stage)} ${aim.route.from ?? ''} ${aim.route.to}`;
    const known = this.#plans.get(key);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() - known.atMs;
    const isOld = ageMs > planAgeMs || (known?.revision !== revision && ageMs > planPauseMs);
    if (known !== undefined && !isFresh && !isOld) return known.plan;
    const proposed = (): Promise<CommitSha> => this.#branchOf(wanted, change, signal);
    const plan = await planStage({ stage, to: aim.route.to, proposed }, signal);
    for (const other of this.#plans.keys()) if (other.startsWith(`${branchOf(stage)} `)) this.#plans.delete(other);
    this.#plans.set(key, { plan, revision, atMs: clock.nowMs() });
    return plan;
  }

  /** Its branch may be another now: it is made anew, and planned anew. */
  forget(subject: Subject): void {
    this.#proposed.delete(branchOf(subject));
    for (const key of this.#plans.keys()) if (key.startsWith(`${branchOf(subject)} `)) this.#plans.delete(key);
  }

  /** The branch stays as it is while the files and what becomes of them do: other commits are nothing to it. */
  async #branchOf({ stage, head }: Wanted, change: GitChange, signal: AbortSignal): Promise<CommitSha> {
    const branch = branchOf(stage);
    const { repository } = this.#deps;
    const files = [...change.files].map(([path, text]) => [repository.fileAt(head, path)?.oid ?? '', path, text ?? '']);
    // What is planned there is all of the folder, and not only what is copied into it.
    const beside = stage.kind === 'pin' ? [] : this.#beside(stage.copy.to, head);
    const key = [...files.flat(), ...beside].join('\0');
    const known = this.#proposed.get(branch);
    if (known?.key === key) return known.commit;
    const commit = await repository.git.propose(branch, head, change, signal);
    this.#proposed.set(branch, { key, commit });
    return commit;
  }

  #beside(path: string, head: CommitSha): readonly string[] {
    const files = this.#deps.repository.filesAt(head) ?? [];
    return files.flatMap((file) => (file.path.startsWith(`${path}/`) ? [`${file.path} ${file.oid}`] : []));
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

/** For people: what is copied, and from where. */
function copyOf(stage: PromotableStage, { files }: GitChange): Story['copy'] {
  if (stage.kind === 'pin') return undefined;
  const { from, to, fields } = stage.copy;
  const shown = fields.map((field) => ({ file: join(to, field.file), field: describeField(field) }));
  return { from: from.path, to, fields: shown, files: [...files.keys()] };
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
