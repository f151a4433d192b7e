/** How a stage looks, on every page that shows one. */
import type { StageAnswer } from '../../server/api/app-answer.ts';
import { type Html, html } from '../html.ts';
import { badge, type Look, numbered } from '../words.ts';

const looks: Readonly<Record<StageAnswer['state'], Look>> = {
  complete: { mark: '●', word: 'complete', tone: 'good' },
  progressing: { mark: '◐', word: 'progressing', tone: 'busy' },
  waiting: { mark: '○', word: 'waiting', tone: 'warn' },
  stopped: { mark: '✕', word: 'stopped', tone: 'bad' },
  unknown: { mark: '·', word: 'not started', tone: 'mute' },
};

export const stageBadge = (state: StageAnswer['state']): Html => badge(looks[state]);

/** How many of how many, as a bar and in figures. */
export const progress = (done: number, all: number): Html =>
  html`<span class="progress"><progress value="${done}" max="${Math.max(all, 1)}" aria-label="clusters synced and healthy"></progress><span>${numbered(done)}/${numbered(all)}</span></span>`;
