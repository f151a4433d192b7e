/** What every page has around it. */
import type { Reply } from '../server/route.ts';
import type { Assets } from './assets.ts';
import { type Html, html, type Part } from './html.ts';

export type Page = {
  readonly title: string;
  /** Which of the navigation it belongs to. */
  readonly section: Section | undefined;
  readonly body: Html;
  /** What of the event stream makes it another: `cells`, `clusters`, `repositories`, `app:shop/web`. Empty: nothing does. */
  readonly topics: readonly string[];
  readonly status?: number;
  /** For those who may not look yet: without a way to pages that they may not see. */
  readonly isBare?: boolean;
};

export type Section = (typeof sections)[number][0];

const sections = [
  ['fleet', '/', 'Fleet'],
  ['clusters', '/clusters', 'Clusters'],
  ['commits', '/commits', 'Commits'],
  ['plans', '/plans', 'Pull requests'],
  ['promotions', '/promotions', 'Promotions'],
] as const;

export type LayoutDeps = {
  readonly assets: Assets;
  /** Which Landfall this is. */
  readonly installation: string;
  /** There is a session that can be ended. */
  readonly hasLogin: boolean;
};

/** Nothing runs, and nothing is styled, but what this server sends as a file. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `visitor`: who looks; empty or undefined when that has no name. */
export function pageReply(page: Page, deps: LayoutDeps, visitor = ''): Reply {
  return {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
    },
    body: `<!doctype html>\n${documentOf(page, deps, visitor)}`,
  };
}

function documentOf({ title, section, body, topics, isBare }: Page, deps: LayoutDeps, visitor: string): Html {
  const { assets, installation, hasLogin } = deps;
  const { urls } = assets;
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Landfall</title>
<link rel="icon" href="${urls.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${urls.style}">
<script src="${urls.morph}" defer></script>
<script src="${urls.live}" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<a class="brand" href="/"><img src="${urls.icon}" alt="" width="24" height="24">Landfall</a>
${
  isBare === true
    ? ''
    : html`<nav aria-label="Pages"><ul>${sections.map(
        ([name, href, text]) =>
          html`<li><a href="${href}"${name === section ? html` aria-current="page"` : ''}>${text}</a></li>`,
      )}</ul></nav>`
}
<div class="side">
${installation === 'default' ? '' : html`<span class="installation" title="Installation">${installation}</span>`}
<span id="live" class="live" role="status" hidden></span>
${visitor === '' ? '' : html`<span class="visitor" title="Logged in as">${visitor}</span>`}
${hasLogin ? html`<form method="post" action="/logout"><button class="quiet">Log out</button></form>` : ''}
</div>
</header>
<main id="main" tabindex="-1" data-topics="${topics.join(' ')}">
${body}
</main>
<footer>Times are UTC.</footer>
</body>
</html>
`;
}

/** A heading with what there is to say below it. */
export const section = (title: string, body: Part, about: Part = ''): Html =>
  html`<section><h2>${title}</h2>${about === '' ? '' : html`<p class="about">${about}</p>`}${body}</section>`;

/** Something that somebody should know before all else. */
export const notice = (tone: 'bad' | 'warn' | 'info', body: Part): Html => {
  const marks = { bad: '✗', warn: '!', info: 'i' } as const;
  return html`<div class="notice ${tone}"><span class="mark" aria-hidden="true">${marks[tone]}</span><div>${body}</div></div>`;
};

/** There is nothing, and why, and what to do about it. */
export const empty = (title: string, body: Part): Html =>
  html`<div class="empty"><h2>${title}</h2><p>${body}</p></div>`;
