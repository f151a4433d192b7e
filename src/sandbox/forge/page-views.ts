/** What the pages of a sandbox forge look like. */
import { type Html, html } from './html.ts';
import type { MergeAnswer, Project } from './project.ts';
import type { Pull, PullComment } from './pull.ts';
import { combinedState, type StoredPost } from './statuses.ts';

const frame = (title: string, content: Html): Html => html`<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="stylesheet" href="/forge.css"></head>
<body><main>${content}</main></body>
</html>`;

export const projectsPage = (projects: readonly Project[]): Html =>
  frame(
    'Projects',
    html`<h1>Projects</h1><ul>${projects.map(
      ({ name, pulls }) =>
        html`<li><a href="/${name}/pulls">${name}</a> <small>${openOf(pulls).length} open pull requests</small></li>`,
    )}</ul>`,
  );

const openOf = (pulls: readonly Pull[]): readonly Pull[] => pulls.filter(({ state }) => state.kind === 'open');

export function pullsPage(project: string, pulls: readonly Pull[]): Html {
  const rows = [...openOf(pulls), ...pulls.filter(({ state }) => state.kind !== 'open')].map(
    (pull) =>
      html`<li>${badge(pull)} <a href="/${project}/pulls/${pull.number}">${pull.title}</a> <small>#${pull.number}, ${way(pull)}</small></li>`,
  );
  const list = pulls.length === 0 ? html`<p>There are no pull requests yet.</p>` : html`<ul>${rows}</ul>`;
  return frame(`Pull requests of ${project}`, html`<p><a href="/">Projects</a></p><h1>${project}</h1>${list}`);
}

export type PullView = {
  readonly posts: readonly StoredPost[];
  readonly comments: readonly PullComment[];
  readonly diff: string;
  readonly isMergeable: boolean;
  /** What a form must bring back. */
  readonly token: string;
  /** Empty where nothing has gone wrong. */
  readonly notice: string;
};

export function pullPage(project: string, pull: Pull, view: PullView): Html {
  const { number, title, body, author } = pull;
  const { posts, comments, diff, notice } = view;
  return frame(
    `${title} (#${number})`,
    html`<p><a href="/${project}/pulls">${project}</a></p>
<h1>${title} <small>#${number}</small></h1>
<p>${badge(pull)} ${author}: ${way(pull)}</p>
${notice === '' ? undefined : html`<p class="notice" role="alert">${notice}</p>`}
${body === '' ? undefined : html`<pre class="text">${body}</pre>`}
<h2>Statuses of ${pull.head.slice(0, 7)}</h2>
${statuses(posts)}
${end(project, pull, view)}
<h2>Changes</h2>
<pre class="diff">${diff.split('\n').map(diffLine)}</pre>
<h2>Comments</h2>
${comments.length === 0 ? html`<p>None yet.</p>` : comments.map(commentView)}`,
  );
}

const commentView = ({ id, author, body }: PullComment): Html =>
  html`<section id="issuecomment-${id}"><h3>${author}</h3><pre class="text">${body}</pre></section>`;

function diffLine(line: string): Html {
  const isHead = line.startsWith('+++') || line.startsWith('---');
  const kind = isHead ? 'same' : line.startsWith('+') ? 'more' : line.startsWith('-') ? 'less' : 'same';
  return html`<span class="${kind}">${line}\n</span>`;
}

function statuses(posts: readonly StoredPost[]): Html {
  if (posts.length === 0) return html`<p>None yet.</p>`;
  const rows = posts.map(
    ({ context, state, description, targetURL }) =>
      html`<tr><td class="${state}">${state}</td><td>${
        isLink(targetURL) ? html`<a href="${targetURL}" rel="noreferrer">${context}</a>` : context
      }</td><td>${description}</td></tr>`,
  );
  return html`<table><caption>Together: ${combinedState(posts)}</caption><tbody>${rows}</tbody></table>`;
}

/** A status may name any address; `javascript:` is none to go to. */
const isLink = (url: string): boolean => /^https?:\/\//i.test(url);

function end(project: string, pull: Pull, { isMergeable, token }: PullView): Html {
  const { state, number, head, base } = pull;
  switch (state.kind) {
    case 'merged':
      return html`<p class="end">Merged by ${state.by} as ${state.commit.slice(0, 7)}.</p>`;
    case 'closed':
      return html`<p class="end">Closed without being merged.</p>`;
    case 'open':
      if (!isMergeable) return html`<p class="end">It cannot be merged as it is: it contradicts ${base}.</p>`;
      return html`<form class="end" method="post" action="/${project}/pulls/${number}/merge"><input type="hidden" name="token" value="${token}"><input type="hidden" name="head" value="${head}"><button>Merge into ${base}</button></form>`;
  }
}

const badge = ({ state }: Pull): Html => html`<b class="${state.kind}">${state.kind}</b>`;
const way = ({ branch, base }: Pull): Html => html`<code>${branch}</code> into <code>${base}</code>`;

/** Why a pull request was not merged. */
export const mergeWords: Readonly<Record<Exclude<MergeAnswer, 'merged'>, string>> = {
  closed: 'It is closed.',
  already: 'It has been merged already.',
  draft: 'It says itself that it is not ready: WIP.',
  moved: 'It has changed since you looked at it; nothing was merged. Look again.',
  conflict: 'It contradicts what was merged meanwhile.',
  outOfDate: 'Somebody pushed at that very moment; nothing was merged. Try again.',
};

export const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
h1 small, li small { color: gray; font-weight: normal; }
li { margin: .4rem 0; }
b { border-radius: 1rem; padding: .1rem .7rem; color: white; background: #666; }
b.open { background: #1a7f37; }
b.merged { background: #8250df; }
pre { padding: .8rem 1rem; border: 1px solid #8884; border-radius: .4rem; overflow-x: auto; font-size: .85rem; }
pre.text { white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: gray; }
td { padding: .3rem .8rem .3rem 0; border-top: 1px solid #8884; vertical-align: top; }
.success, .more { color: #1a7f37; }
.failure, .error, .less { color: #cf222e; }
.pending, .warning { color: #9a6700; }
.end { margin: 1.5rem 0; }
.notice { border-left: .3rem solid #cf222e; padding-left: 1rem; }
button { font: inherit; color: white; background: #1a7f37; border: 0; border-radius: .4rem; padding: .5rem 1.2rem; cursor: pointer; }
`;
