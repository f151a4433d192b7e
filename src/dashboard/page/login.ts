/** The page for those who are not in yet. */
import { html } from '../html.ts';
import { notice, type Page } from '../layout.ts';

export type LoginView = {
  /** Where whoever is in goes on. */
  readonly back: string;
  readonly hasToken: boolean;
  /** The host of an OpenID provider that vouches for people. */
  readonly provider: string | undefined;
  /** Why the last try did not work. */
  readonly trouble?: string;
  readonly status?: number;
  /** They have just left. */
  readonly isOut?: boolean;
  /** Where they leave the provider as well. */
  readonly farewell?: string | undefined;
};

export function loginPage({ back, hasToken, provider, trouble, status, isOut, farewell }: LoginView): Page {
  const leave =
    farewell === undefined || provider === undefined
      ? ''
      : html` <a href="${farewell}" rel="noreferrer">Log out of ${provider} as well</a>`;
  const body = html`<div class="login">
<h1>Log in</h1>
${trouble === undefined ? '' : html`<div role="alert">${notice('bad', trouble)}</div>`}
${isOut === true ? notice('info', html`You have logged out.${leave}`) : ''}
${
  provider === undefined
    ? ''
    : html`<a class="button" href="/login/begin?${new URLSearchParams({ back }).toString()}">Log in with ${provider}</a>`
}
${hasToken && provider !== undefined ? html`<p class="or">or</p>` : ''}
${
  hasToken
    ? html`<form method="post" action="/login">
<p class="about">With the token: the content of the file that <code>dashboard.tokenFile</code> of the settings names.</p>
<input type="hidden" name="back" value="${back}">
<label>Token <input type="password" name="token" autocomplete="current-password" required${provider === undefined ? html` autofocus` : ''}></label>
<button>Log in</button>
</form>`
    : ''
}
</div>`;
  return { title: 'Log in', section: undefined, body, topics: [], isBare: true, status: status ?? 200 };
}
