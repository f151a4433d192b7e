/** The newest commits of each repository: where to begin when you wonder what became of one. */
import type { RepositoryAnswer } from '../../server/api/api.ts';
import type { CommitHeadAnswer } from '../../server/api/commit-answer.ts';
import { type Html, html, path } from '../html.ts';
import { empty, notice, type Page, section } from '../layout.ts';
import { shortSha, when } from '../words.ts';

export type CommitsView = {
  readonly repositories: readonly (RepositoryAnswer & {
    /** Or why they cannot be had. */
    readonly commits: readonly CommitHeadAnswer[] | string;
  })[];
  readonly nowMs: number;
};

export function commitsPage({ repositories, nowMs }: CommitsView): Page {
  const body = html`<div class="head"><h1>Commits</h1><p class="about">What was pushed, the newest first. Each says what became of it.</p></div>
${repositories.map((repository) => section(repository.name, listOf(repository, nowMs), html`Branch <code>${repository.branch}</code>`))}`;
  return { title: 'Commits', section: 'commits', body, topics: ['repositories'] };
}

function listOf({ name, head, commits, trouble }: CommitsView['repositories'][number], nowMs: number): Html {
  const stale =
    trouble === undefined
      ? ''
      : notice('bad', html`Cannot be read since ${when(trouble.since, nowMs)}: ${trouble.reason}`);
  if (typeof commits === 'string') return html`${stale}${notice('bad', commits)}`;
  if (commits.length === 0) return html`${stale}${empty('No commits yet', 'They appear when the branch was read.')}`;
  return html`${stale}<ol class="commits">${commits.map(
    ({
      commit,
      subject,
      author,
      at,
    }) => html`<li><a href="${path('commits', name, commit)}"><code>${shortSha(commit)}</code> <span class="subject">${subject === null || subject === '' ? '(no subject)' : subject}</span></a>${commit === head ? html` <span class="tag">head</span>` : ''}<span class="by">${author ?? ''} ${when(at, nowMs)}</span></li>
`,
  )}</ol>`;
}
