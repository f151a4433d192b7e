/** The way of each App from stage to stage: what runs where, which pin says so, and what the next stage waits for. */
import type { MoveAnswer, PromotedStageAnswer, PromotionAnswer } from '../../server/api/promotion-answer.ts';
import { type Html, html, safeUrl } from '../html.ts';
import { empty, type Page } from '../layout.ts';
import { appLink, badge, commitLink, counted, type Look, numbered } from '../words.ts';
import { type GateContext, gateList, pinNotes, stageBadge } from './stage-parts.ts';

export function promotionsPage(promotions: readonly PromotionAnswer[], nowMs: number): Page {
  const body = html`<div class="head"><h1>Promotions</h1><p class="about">From the branch through the stages: each takes a change when those before have shown it to be good.</p></div>
${promotions.length === 0 ? empty('Nothing to promote', html`No App has more than one stage. Give a <code>Placement</code> a second one, with <code>revision: Pinned</code> if a person is to say when.`) : promotions.map((promotion) => lineOf(promotion, nowMs))}`;
  return { title: 'Promotions', section: 'promotions', body, topics: ['cells', 'repositories'] };
}

function lineOf({ app, repository, head, stages }: PromotionAnswer, nowMs: number): Html {
  return html`<section class="promotion"><h2>${appLink(app)}</h2>
<ol class="line"><li class="branch"><h3>branch</h3><p>${head === null ? 'not read yet' : commitLink(repository, head)}</p></li>
${stages.map((stage) => stageOf(stage, { repository, nowMs }))}</ol></section>`;
}

function stageOf(stage: PromotedStageAnswer, context: GateContext & { readonly repository: string }): Html {
  const { name, revision, pin, state, reason, clusters, runs, move } = stage;
  const { repository } = context;
  const follows =
    revision === 'Head'
      ? html`follows the branch`
      : pin === null
        ? html`no pin yet: runs nothing`
        : html`pinned to ${commitLink(repository, pin.revision)}`;
  return html`<li class="stage ${state}"><h3>${name} ${stageBadge(state)}</h3>
<p class="about">${follows}, ${counted(clusters, 'cluster')}</p>
${runs.length === 0 ? html`<p class="about">Nothing runs here yet.</p>` : html`<ul class="runs">${runs.slice(0, 4).map((run) => html`<li>${commitLink(repository, run.revision)} on ${numbered(run.clusters)}</li>`)}</ul>`}
${reason === undefined ? '' : html`<p class="reason">${reason}</p>`}
${pin === null ? '' : pinNotes(pin, context)}${move === null ? '' : moveOf(move, repository)}${gateList(stage, context)}</li>`;
}

const requestLooks: Readonly<Record<string, Look>> = {
  open: { mark: '◐', word: 'open', tone: 'busy' },
  merged: { mark: '●', word: 'merged', tone: 'good' },
  closed: { mark: '○', word: 'closed', tone: 'mute' },
};

/** Where the pin goes next. */
function moveOf({ policy, merge, to, revert, pullRequest, message }: MoveAnswer, repository: string): Html {
  const next = to === null ? '' : html`<strong>${revert ? 'back to' : 'next'} ${commitLink(repository, to)}</strong> `;
  return html`<div class="move"><p>${next}${pullRequest === null ? '' : requestOf(pullRequest)}</p><p class="why">${message}</p>
<p class="why">${policies[policy]}, ${merge === 'Automatic' ? 'merged when all gates pass' : 'merged by a person'}</p></div>`;
}

const policies: Readonly<Record<MoveAnswer['policy'], string>> = {
  Newest: 'the newest that is good',
  Queue: 'one after the other',
  Pinned: 'moved by hand only',
};

function requestOf({ number, state, url }: NonNullable<MoveAnswer['pullRequest']>): Html {
  const look = requestLooks[state] ?? { mark: '○', word: state, tone: 'mute' };
  const text = html`pull request ${number}`;
  const href = safeUrl(url);
  return html`${href === undefined ? text : html`<a href="${href}" rel="noreferrer">${text}</a>`} ${badge(look)}`;
}
