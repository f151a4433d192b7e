/** A promotion that a person asks for: the same step as by itself, at once, and to any revision. */
import { FaultError } from '../../core/model/fault.ts';
import type { AppId, CommitSha } from '../../core/model/id.ts';
import { closedGate, stepOf } from '../../core/promotion/step.ts';
import { titleOf } from '../../core/promotion/subject.ts';
import type { PullRequest } from '../../seam/pull-request.ts';
import { Ledger } from '../ledger.ts';
import { outlookOf, tryNothing } from '../plan/outlook.ts';
import { type Survey, type SurveyDeps, type SurveySettings, withSurvey } from '../plan/survey.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { aimAt, aimOfWish, isThere } from './by-hand-aim.ts';
import { Contents } from './contents.ts';
import { factsOf } from './facts.ts';
import { Folders } from './folders.ts';
import { gatesOf } from './gate-lines.ts';
import { Offers, type Wanted } from './offers.ts';
import { PastPins } from './past-pins.ts';
import { pathOfPin } from './pin-file.ts';
import { isPromotable, type PromotableStage, type PromoteView, promotableStages } from './promotable-stage.ts';
import { type Requests, requestOf } from './requests.ts';
import { planOf } from './stage-planner.ts';

export type HandAsk = {
  readonly app: AppId;
  readonly stage: string;
  /** Undefined: what would be promoted by itself. */
  readonly revision: CommitSha | undefined;
  /** Merge it, too, if it may be. */
  readonly isMerging: boolean;
};

export type HandDeps = SurveyDeps & { readonly requestsOf: (repository: FollowedRepository) => Requests | undefined };

export type Handed = {
  readonly pin: { readonly path: string; readonly from: CommitSha | undefined; readonly to: CommitSha | undefined };
  readonly pullRequest: PullRequest | undefined;
  /** What was done, or why nothing was. */
  readonly message: string;
  /** The pin is on its way, or where it should be. */
  readonly isDone: boolean;
};

/** Errors: FaultError; `missing` when there is no such App, stage or revision, `misconfigured` when the stage has no pin to move. */
export async function promoteByHand(
  ask: HandAsk,
  settings: SurveySettings,
  deps: HandDeps,
  signal: AbortSignal,
): Promise<Handed> {
  return withSurvey(settings, deps, undefined, (survey) => new Hand(survey, settings, deps).move(ask, signal), signal);
}

class Hand {
  readonly #survey: Survey;
  readonly #settings: SurveySettings;
  readonly #deps: HandDeps;

  constructor(survey: Survey, settings: SurveySettings, deps: HandDeps) {
    this.#survey = survey;
    this.#settings = settings;
    this.#deps = deps;
  }

  async move(ask: HandAsk, signal: AbortSignal): Promise<Handed> {
    const { stage, repository } = stageOf(ask, this.#survey);
    const { git, settings } = repository;
    const head = this.#headOf(repository);
    const { view, stagesOf } = await this.#look(signal);
    const contents = new Contents((commit, until) => repository.read(commit, until));
    const folders = new Folders(repository);
    const where = { contents, pastPins: new PastPins(git), folders, git, root: settings.root };
    const facts = await factsOf(stage, { steering: view, stagesOf, head }, where, signal);
    const isPin = stage.kind === 'pin';
    const path = isPin ? pathOfPin(stage, stage.pin, settings.root) : stage.copy.to;
    const answer = (message: string, isDone: boolean, fields: Partial<Handed> = {}): Handed => ({
      pin: { path, from: facts.pin?.commit, to: undefined },
      pullRequest: undefined,
      message,
      isDone,
      ...fields,
    });
    const aim =
      ask.revision === undefined
        ? aimOfWish(facts)
        : await aimAt(ask.revision, stage, facts, { contents, folders }, view, signal);
    if (aim.kind === 'nothing') return answer(aim.reason, isThere(ask, facts));
    const content = await contents.at(aim.route.to, stage.source, view.versions, signal);
    const { asks } = gatesOf(stage, aim, content, view);
    await this.#survey.gates.look([...asks.values()].flat(), signal);
    const { lines: gates } = gatesOf(stage, aim, content, view);
    const wanted: Wanted = { stage, aim, head, gates, revision: this.#survey.revision };
    const pin = { path, from: aim.route.from, to: aim.route.to };
    const offers = new Offers({
      repository,
      clock: this.#deps.clock,
      folders,
      planStage: ({ proposed }) => this.#plan(wanted, proposed, signal),
    });
    const move = await offers.moveOf(wanted, signal);
    if (move.kind === 'refused')
      return answer(`${isPin ? 'the pin has to be moved' : 'it has to be copied'} by hand: ${move.reason}`, false, {
        pin,
      });
    const requests = this.#deps.requestsOf(repository);
    if (requests !== undefined) {
      const done = await this.#request(wanted, requests, offers, ask.isMerging, signal);
      return answer(done.message, done.isDone, { pin, pullRequest: done.pull });
    }
    const closed = closedGate(gates);
    if (closed !== undefined) return answer(`${closed.name}: ${closed.evidence}`, false, { pin });
    if (settings.branch === 'HEAD')
      throw new FaultError({
        kind: 'misconfigured',
        detail: 'name the branch in the settings: promotions are pushed to it',
      });
    await git.push(settings.branch, head, move.change, signal);
    return answer(`pushed: ${isPin ? 'the pin names' : `${path} is as at`} ${aim.route.to.slice(0, 12)}`, true, {
      pin,
    });
  }

  /** Opens it, or brings the open one up to date, and merges it where that is asked for and may be. */
  async #request(
    wanted: Wanted,
    requests: Requests,
    offers: Offers,
    isMerging: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly pull: PullRequest; readonly message: string; readonly isDone: boolean }> {
    const { stage } = wanted;
    const move = await offers.moveOf(wanted, signal);
    if (move.kind === 'refused') throw new FaultError({ kind: 'misconfigured', detail: move.reason });
    const before = await requests.newest(stage, signal);
    const known = before?.state === 'open' ? requestOf(before, false) : undefined;
    const { bodyMax, markup, page } = requests;
    const look = { bodyMax, markup, page, isFresh: true };
    const offer = await offers.offerOf(wanted, move.change, known, look, signal);
    const step = stepOf(offer, known);
    if (step.kind === 'edit') await requests.edit(step.number, offer, signal);
    const opened =
      step.kind === 'open' ? await requests.create(stage, offer, signal) : await requests.newest(stage, signal);
    if (opened === undefined) throw new FaultError({ kind: 'stale', detail: 'the pull request has just gone' });
    if (!isMerging)
      return {
        pull: opened,
        message: `${opened.url} is ${step.kind === 'open' ? 'open' : 'up to date'}`,
        isDone: true,
      };
    const closed = closedGate(offer.gates);
    if (closed !== undefined) return { pull: opened, message: `${closed.name}: ${closed.evidence}`, isDone: false };
    const merged = await requests.merge(opened.number, offer.head, titleOf(stage, wanted.aim.route), signal);
    const newest = (await requests.newest(stage, signal)) ?? opened;
    if (merged.kind === 'merged') return { pull: newest, message: `${opened.url} is merged`, isDone: true };
    const reason = merged.kind === 'moved' ? 'its branch has moved' : merged.reason;
    return { pull: newest, message: `${opened.url} cannot be merged: ${reason}`, isDone: false };
  }

  /** Looks at the fleet once more, as it would be with the branch of the promotion as its head. */
  async #plan({ stage, aim }: Wanted, proposed: () => Promise<CommitSha>, signal: AbortSignal) {
    const { repository: id } = stage.of;
    const commit = await proposed();
    const before = this.#survey.revision.compiled;
    return withSurvey(
      this.#settings,
      this.#deps,
      { repository: id, commit },
      ({ revision, members, clients, repositories }) => {
        const repository = repositories.find(({ settings }) => settings.id === id);
        if (repository === undefined) throw new FaultError({ kind: 'missing', detail: 'its repository is gone' });
        const world = { before, after: revision.compiled, world: revision.world, members, clients };
        const where = { to: aim.route.to, read: commit };
        return planOf(stage, where, { ...world, repository, known: new Map() }, this.#deps, signal);
      },
      signal,
    );
  }

  async #look(signal: AbortSignal): Promise<{
    readonly view: PromoteView;
    readonly stagesOf: Parameters<typeof factsOf>[1]['stagesOf'];
  }> {
    const { revision, members, gates, nowMs } = this.#survey;
    const { statuses, stages } = await outlookOf(this.#survey, tryNothing, signal);
    const ledger = new Ledger();
    for (const status of statuses.values()) ledger.set(status);
    const { compiled, world } = revision;
    const view = { compiled, members, ledger, gates, nowMs, versions: world.tooling.versions };
    return { view, stagesOf: (app) => stages.get(app) ?? [] };
  }

  #headOf({ settings: { id } }: FollowedRepository): CommitSha {
    const source = this.#survey.revision.world.sources.find((each) => each.id === id);
    if (source === undefined) throw new FaultError({ kind: 'unreachable', detail: `repository ${id} cannot be read` });
    return source.head.value.commit;
  }
}

function stageRepository({ of }: PromotableStage, { repositories }: Survey): FollowedRepository {
  const found = repositories.find(({ settings }) => settings.id === of.repository);
  if (found === undefined) throw new FaultError({ kind: 'missing', detail: `there is no repository ${of.repository}` });
  return found;
}

function stageOf(
  { app, stage: name }: HandAsk,
  survey: Survey,
): { readonly stage: PromotableStage; readonly repository: FollowedRepository } {
  const { compiled } = survey.revision;
  const placement = compiled.placed.get(app);
  if (placement === undefined)
    throw new FaultError({ kind: 'missing', detail: `there is no App ${app} with a Placement` });
  const names = placement.stages.map((each) => each.name).join(', ');
  const found = placement.stages.find((each) => each.name === name);
  if (found === undefined)
    throw new FaultError({ kind: 'missing', detail: `Placement ${placement.id} has no stage ${name}, only ${names}` });
  if (!isPromotable(found)) {
    const detail = `stage ${name} of Placement ${placement.id} follows the branch head: there is no pin to move, and nothing to copy`;
    throw new FaultError({ kind: 'misconfigured', detail });
  }
  const stage = promotableStages(compiled, placement.repository).find(
    (each) => each.placement === placement.id && each.stage === name,
  );
  if (stage === undefined)
    throw new FaultError({
      kind: 'misconfigured',
      detail: `Placement ${placement.id} has errors, is suspended, or has two Pins for ${name}, or the Placement that it copies from has`,
    });
  return { stage, repository: stageRepository(stage, survey) };
}
