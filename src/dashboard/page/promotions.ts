/** The way of each App from stage to stage: what runs where, which pin says so, and what the next stage waits for. */
import type { PromotedStageAnswer, PromotionAnswer } from '../../server/api/promotion-answer.ts';
import { type Html, html } from '../html.ts';
import { empty, type Page } from '../layout.ts';
import { appLink, commitLink, counted, numbered } from '../words.ts';
import { stageBadge } from './stage-parts.ts';

export function promotionsPage(promotions: readonly PromotionAnswer[]): Page {
  const body = html`<div class="head"><h1>Promotions</h1><p class="about">From the branch through the stages: each takes a change when the one before has shown it to be good.</p></div>
${promotions.length === 0 ? empty('Nothing to promote', html`No App has more than one stage. Give a <code>Placement</code> a second one, with <code>revision: Pinned</code> if a person is to say when.`) : promotions.map(lineOf)}`;
  return { title: 'Promotions', section: 'promotions', body, topics: ['cells', 'repositories'] };
}

function lineOf({ app, repository, head, stages }: PromotionAnswer): Html {
  return html`<section class="promotion"><h2>${appLink(app)}</h2>
<ol class="line"><li class="branch"><h3>branch</h3><p>${head === null ? 'not read yet' : commitLink(repository, head)}</p></li>
${stages.map((stage) => stageOf(stage, repository))}</ol></section>`;
}

function stageOf(
  { name, revision, pin, state, reason, clusters, runs }: PromotedStageAnswer,
  repository: string,
): Html {
  return html`<li class="stage ${state}"><h3>${name} ${stageBadge(state)}</h3>
<p class="about">${revision === 'Head' ? 'follows the branch' : pin === null ? 'no pin yet: runs nothing' : html`pinned to ${commitLink(repository, pin.revision)}`}, ${counted(clusters, 'cluster')}</p>
${runs.length === 0 ? html`<p class="about">Nothing runs here yet.</p>` : html`<ul class="runs">${runs.slice(0, 4).map((run) => html`<li>${commitLink(repository, run.revision)} on ${numbered(run.clusters)}</li>`)}</ul>`}
${pin === null || pin.exceptions.length === 0 ? '' : html`<p class="about">${counted(pin.exceptions.length, 'exception')}: ${pin.exceptions.map((each) => commitLink(repository, each.revision))}</p>`}
${reason === undefined ? '' : html`<p class="reason">${reason}</p>`}</li>`;
}
