/** How states are written for people, on terminals and on pages alike: a mark, a word and a tone for each. */

/** What kind of news it is; whoever shows it has a colour for each, and colour is never all there is. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'odd' | 'mute';

export type Look = { readonly mark: string; readonly word: string; readonly tone: Tone };

/** Of cells, in the order that legends have. */
export const cellLooks = {
  Synced: { mark: '●', word: 'synced', tone: 'good' },
  Progressing: { mark: '◐', word: 'progressing', tone: 'busy' },
  OutOfSync: { mark: '○', word: 'out of sync', tone: 'warn' },
  Blocked: { mark: '■', word: 'blocked', tone: 'bad' },
  Contested: { mark: '▲', word: 'contested', tone: 'odd' },
  Failed: { mark: '✗', word: 'failed', tone: 'bad' },
  Unreachable: { mark: '?', word: 'unreachable', tone: 'mute' },
} as const satisfies Readonly<Record<string, Look>>;

/** Synced, and its objects are not well. */
export const unhealthyLook: Look = { mark: '◆', word: 'synced, not healthy', tone: 'warn' };

export const cellLook = (state: keyof typeof cellLooks, isWell: boolean): Look =>
  state === 'Synced' && !isWell ? unhealthyLook : cellLooks[state];
