/** Moves pins, and copies fields, in one repository: one stage after the other, each by one small step. */
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import { aimOf, type Request } from '../../core/promotion/aim.ts';
import { decidePromotion, type Wish } from '../../core/promotion/decide.ts';
import { type Step, stepOf } from '../../core/promotion/step.ts';
import { branchOf, type Subject, subjectOf, titleOf } from '../../core/promotion/subject.ts';
import type { Clock } from '../../seam/clock.ts';
import type { GitChange } from '../../seam/git.ts';
import type { PullRequest } from '../../seam/pull-request.ts';
import type { Engine } from '../engine.ts';
import { describeFault } from '../fault-text.ts';
import type { EngineView } from '../publish/facts.ts';
import type { Revision } from '../reviser.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { Contents } from './contents.ts';
import { factsOf } from './facts.ts';
import { Folders } from './folders.ts';
import { gatesOf } from './gate-lines.ts';
import { HandMerges } from './hand-merges.ts';
import { isMergeSeen } from './merge-seen.ts';
import { Offers, type Wanted } from './offers.ts';
import { PastPins } from './past-pins.ts';
import { isPromotable, type PromotableStage, type PromoteView, promotableStages } from './promotable-stage.ts';
import { blankState, type PromotionState } from './promotion-state.ts';
import { soakLeftMs } from './proof.ts';
import { type PushDeps, push } from './push.ts';
import { type Requests, requestOf } from './requests.ts';
import type { PlanStage } from './stage-plan.ts';

export type PromotedRepository = Pick<FollowedRepository, 'fileAt' | 'filesAt' | 'git' | 'read' | 'settings' | 'wake'>;

export type PromoterDeps = {
  readonly engine: EngineView & Pick<Engine, 'gates'>;
  /** Undefined: there is no forge, and pins are pushed. */
  readonly requests: Requests | undefined;
  readonly planStage: PlanStage;
  readonly clock: Clock;
  /** What people are to do has changed. */
  readonly onAdvice?: (() => void) | undefined;
};

type Followed = { readonly pull: PullRequest | undefined; readonly message: string; readonly isSoon: boolean };

/** What was shown is merged by itself no sooner: the forge has to see the branch, and a person may. */
const soonMs = 5_000;
const againMs = 60_000;

/** Whoever asks about gates says who it is. */
const ownerOf = branchOf;

/** Trouble with one stage; after anything else there is no use in going on with others. */
const passing = new Set(['stale', 'missing', 'invalid', 'conflict', 'exists']);

export class Promoter {
  readonly #repository: PromotedRepository;
  readonly #deps: PromoterDeps;
  readonly #contents: Contents;
  readonly #pastPins: PastPins;
  readonly #folders: Folders;
  readonly #offers: Offers;
  readonly #handMerges = new HandMerges();
  #head: CommitSha | undefined;
  readonly #states = new Map<string, PromotionState>();

  constructor(repository: PromotedRepository, deps: PromoterDeps) {
    this.#repository = repository;
    this.#deps = deps;
    this.#contents = new Contents((commit, signal) => repository.read(commit, signal));
    this.#pastPins = new PastPins(repository.git);
    this.#folders = new Folders(repository);
    const { planStage, clock } = deps;
    this.#offers = new Offers({ repository, folders: this.#folders, planStage, clock });
  }

  /** In order of placement and stage. */
  get states(): readonly PromotionState[] {
    return [...this.#states.values()];
  }

  /**
   * Looks at every stage once, and does what is next.
   *
   * Shape: when to come again if nothing happens. Errors: FaultError, when the forge or the repository does not answer.
   */
  async round(signal: AbortSignal): Promise<number | undefined> {
    const { engine, requests } = this.#deps;
    const { revision } = engine;
    const { id } = this.#repository.settings;
    const head = revision?.world.sources.find((source) => source.id === id)?.head.value.commit;
    if (revision === undefined || head === undefined) return undefined;
    // Whoever merges moves the branch.
    if (head !== this.#head) requests?.forget();
    this.#head = head;
    const all = promotableStages(revision.compiled, id);
    const live = new Set(all.map(branchOf));
    for (const key of this.#states.keys()) {
      if (live.has(key)) continue;
      this.#states.delete(key);
      engine.gates.want(key, []);
    }
    let isSoon = false;
    for (const stage of all) {
      // What was compiled meanwhile is looked at anew, all of it.
      if (engine.revision !== revision) return this.#deps.clock.nowMs();
      isSoon = (await this.#stage(stage, head, revision, signal)) || isSoon;
    }
    if (requests !== undefined) await this.#withdrawOrphans(requests, revision, signal);
    const nowMs = this.#deps.clock.nowMs();
    if (isSoon) return nowMs + soonMs;
    // Soaks and freezes end and windows open by time alone.
    const againAtMs = requests?.staleAtMs ?? (all.length > 0 ? nowMs + againMs : undefined);
    const view = this.#view();
    const placements = new Set(all.map(({ source }) => source));
    const soaks = view === undefined ? [] : [...placements].flatMap((of) => soakLeftMs(of, view) ?? []);
    return againAtMs === undefined ? undefined : Math.min(againAtMs, ...soaks.map((leftMs) => nowMs + leftMs));
  }

  /** Shape: true when the next look should not wait. */
  async #stage(stage: PromotableStage, head: CommitSha, revision: Revision, signal: AbortSignal): Promise<boolean> {
    const put = (fields: Partial<PromotionState> & Pick<PromotionState, 'message'>): void => {
      const before = this.#states.get(branchOf(stage))?.advice;
      // What is only being looked at may be as it was.
      const advice = fields.message === looking ? before : fields.advice;
      this.#states.set(branchOf(stage), {
        ...blankState(stage),
        ...fields,
        ...(advice === undefined ? {} : { advice }),
      });
      if (before?.text !== advice?.text) this.#deps.onAdvice?.();
    };
    try {
      return await this.#move(stage, head, revision, put, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FaultError)) throw error;
      this.#offers.forget(stage);
      put({ ...this.#states.get(branchOf(stage)), message: describeFault(error.fault) });
      if (!passing.has(error.fault.kind)) throw error;
      return false;
    }
  }

  async #move(
    stage: PromotableStage,
    head: CommitSha,
    revision: object,
    put: (fields: Partial<PromotionState> & Pick<PromotionState, 'message'>) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { requests, engine } = this.#deps;
    const view = this.#view();
    if (view === undefined) return false;
    const deps = {
      contents: this.#contents,
      pastPins: this.#pastPins,
      folders: this.#folders,
      git: this.#repository.git,
      root: this.#repository.settings.root,
    };
    const stagesOf = (app: Parameters<typeof engine.steering.stagesOf>[0]) => engine.steering.stagesOf(app);
    const facts = await factsOf(stage, { steering: view, stagesOf, head }, deps, signal);
    const apps = stage.of.apps;
    const told = await this.#handMerges.saidOf(stage, facts.pin?.commit, requests, signal);
    const say = (fields: Partial<PromotionState> & Pick<PromotionState, 'message'>): void =>
      put({ ...fields, ...(told === undefined ? {} : { advice: { apps, text: told } }) });
    const wish = decidePromotion(facts);
    const pull = requests === undefined ? undefined : await this.#pullOf(stage, wish, requests, signal);
    const request =
      pull === undefined ? undefined : requestOf(pull, await isMergeSeen(pull, head, this.#repository.git, signal));
    const aim = aimOf(wish, request, facts);
    if (aim.kind === 'nothing') {
      engine.gates.want(ownerOf(stage), []);
      if (request?.state === 'open') await requests?.withdraw(request, aim.reason, signal);
      say({ message: aim.reason, to: wish.kind === 'wait' ? wish.to.commit : undefined });
      return false;
    }
    const content = await this.#contents.at(aim.route.to, stage.source, view.versions, signal);
    const { lines: gates, asks } = gatesOf(stage, aim, content, view);
    // Gates are asked about what no cell wants yet: only who passes them may make cells want it.
    engine.gates.want(ownerOf(stage), [...asks.values()].flat());
    const wanted: Wanted = { stage, aim, head, gates, revision };
    const shown = { to: aim.route.to, isRevert: aim.route.kind === 'revert', gates, pullRequest: pull };
    say({ ...shown, message: looking });
    const move = await this.#offers.moveOf(wanted, signal);
    if (move.kind === 'refused') {
      say({
        ...shown,
        message: `a person has to ${stage.kind === 'pin' ? 'move the pin' : 'copy it'}: ${move.reason}`,
      });
      return false;
    }
    if (requests === undefined) {
      const { message, advice } = await push(wanted, move.change, this.#pushing, signal);
      put({ ...shown, message, ...(advice === undefined ? {} : { advice: { apps, text: advice } }) });
      return false;
    }
    const done = await this.#follow(wanted, move.change, pull, request, requests, signal);
    say({ ...shown, pullRequest: done.pull, message: done.message });
    return done.isSoon;
  }

  #view(): PromoteView | undefined {
    const { input } = this.#deps.engine.steering;
    const versions = this.#deps.engine.revision?.world.tooling.versions;
    return input === undefined || versions === undefined ? undefined : { ...input, versions };
  }

  /** Those that are closed matter only to whoever is about to open one. */
  async #pullOf(
    stage: PromotableStage,
    wish: Wish,
    requests: Requests,
    signal: AbortSignal,
  ): Promise<PullRequest | undefined> {
    if (wish.kind === 'promote' || wish.kind === 'revert') return requests.newest(stage, signal);
    return (await requests.open(signal)).get(branchOf(stage));
  }

  /** Does the next step, and one more look before what cannot be taken back. */
  async #follow(
    wanted: Wanted,
    change: GitChange,
    pull: PullRequest | undefined,
    request: Request | undefined,
    requests: Requests,
    signal: AbortSignal,
  ): Promise<Followed> {
    const form = { bodyMax: requests.bodyMax, markup: requests.markup, page: requests.page };
    let offer = await this.#offers.offerOf(wanted, change, request, { ...form, isFresh: false }, signal);
    let step: Step = stepOf(offer, request);
    if (step.kind === 'merge') {
      offer = await this.#offers.offerOf(wanted, change, request, { ...form, isFresh: true }, signal);
      step = this.#isStill(wanted) ? stepOf(offer, request) : { kind: 'wait', reason: 'something new has been read' };
    }
    const branch = branchOf(wanted.stage);
    this.#handMerges.note(branch, request?.state === 'open' ? request.number : undefined, offer);
    switch (step.kind) {
      case 'open': {
        const opened = await requests.create(wanted.stage, offer, signal);
        this.#handMerges.note(branch, opened.number, offer);
        return { pull: opened, message: `#${opened.number} is open`, isSoon: offer.merge === 'Automatic' };
      }
      case 'edit':
        await requests.edit(step.number, offer, signal);
        return { pull, message: `#${step.number} is brought up to date`, isSoon: offer.merge === 'Automatic' };
      case 'wait':
        // A branch that is not as we left it is made anew the next time.
        if (request?.head !== offer.head) this.#offers.forget(wanted.stage);
        return { pull, message: step.reason, isSoon: false };
      case 'merge': {
        const merged = await requests.merge(step.number, step.head, messageOf(wanted), signal);
        this.#repository.wake();
        if (merged.kind === 'merged') this.#handMerges.forget(branch);
        if (merged.kind === 'merged') return { pull, message: `#${step.number} is merged`, isSoon: false };
        this.#offers.forget(wanted.stage);
        const reason = merged.kind === 'moved' ? 'its branch has moved' : merged.reason;
        return { pull, message: `#${step.number} cannot be merged: ${reason}`, isSoon: false };
      }
    }
  }

  get #pushing(): PushDeps {
    return { offers: this.#offers, repository: this.#repository, isStill: (wanted) => this.#isStill(wanted) };
  }

  #isStill({ revision }: Wanted): boolean {
    return this.#deps.engine.revision === revision;
  }

  /** Of stages that are gone, or follow the head now. What cannot be read may still ask for one. */
  async #withdrawOrphans(requests: Requests, { compiled, world }: Revision, signal: AbortSignal): Promise<void> {
    const { id } = this.#repository.settings;
    const source = world.sources.find((each) => each.id === id);
    if (source?.head.value.isComplete !== true) return;
    for (const [branch, pull] of await requests.open(signal)) {
      const subject = subjectOf(branch);
      if (subject === undefined || mayAsk(subject, compiled, id)) continue;
      await requests.withdraw(requestOf(pull, false), 'no stage asks for it any more', signal);
    }
  }
}

function mayAsk({ placement, stage }: Subject, { gathered }: Revision['compiled'], repository: RepositoryId): boolean {
  const found = gathered.placements.find((each) => each.id === placement && each.repository === repository);
  if (found?.isBroken) return true;
  return found?.stages.some((each) => each.name === stage && isPromotable(each)) === true;
}

const looking = 'it is being looked at';

const messageOf = ({ stage, aim }: Wanted): string => titleOf(stage, aim.route);
