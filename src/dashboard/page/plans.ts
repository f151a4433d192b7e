/** What open pull requests would do to the fleet: the list of them, and one of them whole. */
import type { PlanAnswer, PlanHeadAnswer } from '../../server/api/plan-answer.ts';
import { type Html, html, path, safeUrl } from '../html.ts';
import { empty, notice, type Page, section } from '../layout.ts';
import { markdown, markdownLine } from '../markdown.ts';
import { badge, counted, type Look, shortSha, when } from '../words.ts';

const looks: Readonly<Record<string, Look>> = {
  success: { mark: '●', word: 'planned', tone: 'good' },
  failure: { mark: '✗', word: 'not to be merged', tone: 'bad' },
  error: { mark: '?', word: 'cannot be planned', tone: 'mute' },
};
const planning: Look = { mark: '◐', word: 'being planned', tone: 'busy' };

const lookOf = ({ status }: PlanHeadAnswer): Look => (status === null ? planning : (looks[status.state] ?? planning));

export function plansPage(plans: readonly PlanHeadAnswer[], nowMs: number): Page {
  const body = html`<div class="head"><h1>Pull requests</h1><p class="about">What each would do to the fleet once it is merged, tried by dry run.</p></div>
${plans.length === 0 ? empty('No pull request is open', html`Or none is planned: a repository needs a <code>forge</code>, and <code>pullRequests.plan</code>.`) : html`<ol class="commits">${plans.map((plan) => rowOf(plan, nowMs))}</ol>`}`;
  return { title: 'Pull requests', section: 'plans', body, topics: ['repositories'] };
}

const rowOf = (plan: PlanHeadAnswer, nowMs: number): Html =>
  html`<li><a href="${path('plans', plan.repository, String(plan.number))}"><code>${plan.number}</code> <span class="subject">${titleOf(plan)}</span></a> ${badge(lookOf(plan))}<span class="by">${plan.status?.text ?? ''} ${plan.status === null ? '' : when(plan.status.at, nowMs)}</span></li>
`;

const titleOf = ({ title }: PlanHeadAnswer): string => (title === '' ? '(no title)' : title);

/** `app`: what is shown is of this one only. */
export function planPage(plan: PlanAnswer, app: string | undefined, nowMs: number): Page {
  const { repository, number, branch, base, head, status, summary, parts } = plan;
  const href = safeUrl(plan.url);
  const name = html`pull request ${number}`;
  const isOlder = status !== null && status.head !== head;
  const here = path('plans', repository, String(number));
  const body = html`<div class="head"><h1>${titleOf(plan)}</h1>
<p class="about">${badge(lookOf(plan))} ${href === undefined ? name : html`<a href="${href}" rel="noreferrer">${name}</a>`} of <code>${repository}</code>: <code>${branch}</code> into <code>${base}</code> at <code>${shortSha(head)}</code>${status === null ? '' : html`, planned ${when(status.at, nowMs)}`}</p></div>
${status === null ? notice('info', 'It is being planned, or waits for its turn.') : html`<p class="verdict">${status.text}</p>`}
${isOlder ? notice('warn', html`The plan is of <code>${shortSha(status.head)}</code>; the next is being made.`) : ''}
${app === undefined ? '' : notice('info', html`Only what is of <code>${app}</code>. <a href="${here}">All of it</a>`)}
${summary === '' || app !== undefined ? '' : section('Summary', html`<div class="markdown">${markdown(summary)}</div>`)}
${parts.length === 0 ? '' : section('What changes', partList(parts, here), html`${counted(parts.length, 'part')}; clusters that would fare the same are told together.`)}`;
  return { title: `Pull request ${number}`, section: 'plans', body, topics: ['repositories'] };
}

/** So many are open when the page is. */
const openMax = 5;

const partList = (parts: PlanAnswer['parts'], here: string): Html =>
  html`${parts.map(
    (
      { app, title, body },
      index,
    ) => html`<details class="part"${index < openMax ? html` open` : ''}><summary><b>${app}</b>: ${markdownLine(title)}</summary>
<div class="markdown">${markdown(body)}<p class="why"><a href="${here}?app=${encodeURIComponent(app)}">Only ${app}</a></p></div></details>
`,
  )}`;
