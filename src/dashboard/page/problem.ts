/** Pages for when there is nothing to show: not found, not now, not for you. */
import { html } from '../html.ts';
import { empty, type Page } from '../layout.ts';

export const problemPage = (status: 400 | 404 | 503, title: string, text: string): Page => ({
  title,
  section: undefined,
  body: html`${empty(title, text)}<p class="crumbs"><a href="/">To the fleet</a></p>`,
  topics: status === 503 ? ['repositories', 'clusters'] : [],
  status,
});

/** `trouble`: why the last try did not work. */
export const loginPage = (trouble: string | undefined, back: string): Page => ({
  title: 'Log in',
  section: undefined,
  body: html`<form class="login" method="post" action="/login">
<h1>Log in</h1>
<p class="about">Landfall shows your fleet to whoever has its token: the content of the file that <code>dashboard.tokenFile</code> of the settings names.</p>
${trouble === undefined ? '' : html`<p class="notice bad" role="alert">${trouble}</p>`}
<input type="hidden" name="back" value="${back}">
<label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Log in</button>
</form>`,
  topics: [],
  status: trouble === undefined ? 200 : 403,
});
