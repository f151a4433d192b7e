/** One commit: what it says of itself by its statuses, and every step from the branch to the clusters. */
import type { CommitAnswer, StatusAnswer, StepAnswer } from '../../server/api/commit-answer.ts';
import { type Html, html, path } from '../html.ts';
import { empty, notice, type Page, section } from '../layout.ts';
import { appLink, appPath, badge, commitLink, counted, few, type Look, markOf, type Tone, when } from '../words.ts';
import { type AppSteps, type Chain, chainsOf } from './chains.ts';

/** `only`: the App whose steps were asked for. */
export function commitPage(answer: CommitAnswer, only: string | undefined, nowMs: number): Page {
  const { repository, commit, parents, subject, author, at, steps, statuses, trouble } = answer;
  const own = steps.filter((step) => step.subject === undefined);
  const body = html`<p class="crumbs"><a href="/commits">Commits</a> / <a href="${path('commits', repository)}">${repository}</a></p>
<div class="head"><h1>${subject === null || subject === '' ? 'Commit' : subject}</h1>
<p class="about"><code class="whole">${commit}</code>${author === null ? '' : html` by ${author}`}${at === null ? '' : html` at ${when(at, nowMs)}`}${parents[0] === undefined ? '' : html`, after ${commitLink(repository, parents[0])}`}</p></div>
${section('What the commit says', html`${trouble === undefined ? '' : notice('warn', html`What was told is not known now: ${trouble}`)}${statusTable(statuses, trouble, nowMs)}`, 'The statuses that were written, as whoever looks at the commit sees them.')}
${section('What became of it', html`${only === undefined ? '' : notice('info', html`Only <strong>${only}</strong> is shown. <a href="${path('commits', repository, commit)}">All that the commit changes</a>, or <a href="${appPath(only)}">how the App is now</a>.`)}<ol class="timeline">${own.map((step) => stepItem(step, nowMs))}</ol>${appsOf(steps, nowMs)}`)}`;
  return { title: subject ?? commit, section: 'commits', body, topics: ['cells', 'repositories'] };
}

/** What the commit changes comes first; the rest is there for whoever wants it. */
function appsOf(steps: readonly StepAnswer[], nowMs: number): Html {
  const all = chainsOf(steps);
  const [changed, same] = [all.filter((each) => !each.isUnchanged), all.filter((each) => each.isUnchanged)];
  const show = ({ app, about, chains }: AppSteps): Html => appSteps(app, about, chains, nowMs);
  if (same.length === 0) return html`${changed.map(show)}`;
  return html`${changed.map(show)}<details class="same"${changed.length === 0 ? html` open` : ''}><summary>${counted(same.length, 'App')} that it leaves as before</summary>${same.map(show)}</details>`;
}

const stateLooks: Readonly<Record<string, Look>> = {
  success: { mark: '●', word: 'success', tone: 'good' },
  pending: { mark: '◐', word: 'pending', tone: 'busy' },
  failure: { mark: '✗', word: 'failure', tone: 'bad' },
  error: { mark: '■', word: 'error', tone: 'bad' },
};
const superseded: Look = { mark: '○', word: 'error', tone: 'mute' };
const untold: Look = { mark: '·', word: 'not told yet', tone: 'mute' };

function lookOf(state: string | null, text: string | null): Look {
  if (state === null) return untold;
  return state === 'error' && text?.startsWith('superseded') === true ? superseded : (stateLooks[state] ?? untold);
}

function statusTable(statuses: readonly StatusAnswer[], trouble: string | undefined, nowMs: number): Html | '' {
  if (statuses.length === 0)
    return trouble === undefined
      ? empty('Nothing was told', 'Nobody is told of the commits of this repository, or this one came before Landfall.')
      : '';
  const sinks = new Set(statuses.map(({ sink }) => sink));
  return html`<div class="scroll"><table class="list statuses"><thead><tr><th scope="col">Status</th><th scope="col">State</th><th scope="col">Text</th><th scope="col">Told</th>${sinks.size > 1 ? html`<th scope="col">Where</th>` : ''}</tr></thead><tbody>${statuses.map(
    ({ sink, context, state, text, at, next, details }) => html`<tr>
<th scope="row"><code>${context}</code></th><td data-label="State">${badge(lookOf(state, text))}</td>
<td data-label="Text"><span class="told">${text ?? ''}</span>${next === undefined ? '' : html`<p class="why">next: ${next.state}, ${next.text}</p>`}${details.length === 0 || state === 'success' ? '' : html`<details><summary>${counted(details.length, 'cluster')} not well</summary><ul>${details.slice(0, 50).map((detail) => html`<li>${detail}</li>`)}</ul></details>`}</td>
<td data-label="Told">${state === null ? '' : at === null ? 'before the last start' : when(at, nowMs)}</td>${sinks.size > 1 ? html`<td data-label="Where">${sink}</td>` : ''}</tr>
`,
  )}</tbody></table></div>`;
}

const toneLooks: Readonly<Record<StepAnswer['tone'], { readonly mark: string; readonly tone: Tone }>> = {
  good: { mark: '✓', tone: 'good' },
  waiting: { mark: '…', tone: 'warn' },
  bad: { mark: '✗', tone: 'bad' },
};

const verbs: Readonly<Record<string, string>> = {
  head: 'On the branch',
  read: 'Manifests',
  app: 'App',
  place: 'Placed',
  render: 'Rendered',
  decide: 'May it change?',
  apply: 'Applied',
  health: 'Health',
  delete: 'Deletion',
};

function stepItem({ step, tone, result, reason, at }: StepAnswer, nowMs: number): Html {
  const [word = step] = step.split(' ');
  return html`<li class="${toneLooks[tone].tone}">${markOf({ ...toneLooks[tone], word })}<span class="step">${verbs[word] ?? word}</span> <strong>${result}</strong>${reason === undefined ? '' : html` <span class="why">${reason}</span>`}${at === null ? '' : html` ${when(at, nowMs)}`}</li>
`;
}

function appSteps(app: string, about: StepAnswer | undefined, chains: readonly Chain[], nowMs: number): Html {
  return html`<section class="chains"><h3>${appLink(app)}</h3>${about === undefined ? '' : html`<p class="about">${about.result}${about.reason === undefined ? '' : html`, ${about.reason}`}</p>`}
${chains.map(({ clusters, steps }) => html`<div class="chain"><h4>${few(clusters, 6)}</h4><ol class="timeline">${steps.map((step) => stepItem(step, nowMs))}</ol></div>`)}</section>`;
}
