/** How a stage looks, on every page that shows one. */
import type { GateAnswer, PinAnswer, StageAnswer } from '../../server/api/app-answer.ts';
import { type Html, html } from '../html.ts';
import { badge, commitLink, counted, type Look, numbered, when } from '../words.ts';

const looks: Readonly<Record<StageAnswer['state'], Look>> = {
  complete: { mark: '●', word: 'complete', tone: 'good' },
  progressing: { mark: '◐', word: 'progressing', tone: 'busy' },
  waiting: { mark: '○', word: 'waiting', tone: 'warn' },
  stopped: { mark: '✗', word: 'stopped', tone: 'bad' },
  unknown: { mark: '·', word: 'not started', tone: 'mute' },
};

export const stageBadge = (state: StageAnswer['state']): Html => badge(looks[state]);

/** How many of how many, as a bar and in figures. */
export const progress = (done: number, all: number): Html =>
  html`<span class="progress"><progress value="${done}" max="${Math.max(all, 1)}" aria-label="clusters synced and healthy"></progress><span>${numbered(done)}/${numbered(all)}</span></span>`;

const gateLooks: Readonly<Record<GateAnswer['result'], Look>> = {
  pass: { mark: '✓', word: 'passed', tone: 'good' },
  fail: { mark: '✗', word: 'failed', tone: 'bad' },
  pending: { mark: '◐', word: 'waiting', tone: 'busy' },
  unknown: { mark: '?', word: 'not known', tone: 'mute' },
};
const bypassedLook: Look = { mark: '!', word: 'bypassed', tone: 'odd' };

/** What the stage asks before it takes something new. */
export function gateList(stage: Pick<StageAnswer, 'bypassed' | 'gates' | 'gatesFor'>, context: GateContext): Html | '' {
  const { gates, gatesFor, bypassed } = stage;
  if (gates.length === 0 && bypassed === undefined) return '';
  const about = gatesFor === undefined ? '' : html` for ${commitLink(context.repository, gatesFor)}`;
  return html`<div class="gates"><h4>Gates${about}</h4>${bypassed === undefined ? '' : html`<p class="bypass">${bypassed}</p>`}<ul>${gates.map(
    (gate) =>
      html`<li>${badge(gate.bypassed && gate.result !== 'pass' ? bypassedLook : gateLooks[gate.result], gate.gate)} <span class="why">${gate.text}${gate.at === null ? '' : html`, ${when(gate.at, context.nowMs)}`}</span></li>`,
  )}</ul></div>`;
}

export type GateContext = { readonly repository: string | null; readonly nowMs: number };

/** What a person has written into the pin beside its revision. */
export function pinNotes(pin: PinAnswer, { repository, nowMs }: GateContext): readonly Html[] {
  const { exceptions, bypass, quarantined, approvals } = pin;
  const links = (commits: readonly string[]): readonly Html[] =>
    commits.map((commit) => html`${commitLink(repository, commit)} `);
  return [
    ...(exceptions.length === 0
      ? []
      : [
          html`<p class="about">${counted(exceptions.length, 'exception')}: ${links(exceptions.map(({ revision }) => revision))}</p>`,
        ]),
    ...(bypass === undefined
      ? []
      : [
          html`<p class="about">Bypass of ${bypass.gates.join(', ')} until ${when(bypass.until, nowMs)}: ${bypass.reason}</p>`,
        ]),
    ...(quarantined.length === 0 ? [] : [html`<p class="about">Quarantined: ${links(quarantined)}</p>`]),
    ...approvals.map(
      ({ gate, revision, by }) =>
        html`<p class="about">${gate} approved for ${commitLink(repository, revision)}${by === null ? '' : html` by ${by}`}</p>`,
    ),
  ];
}
