/** What a forge's refusal means for us. */
import type { Fault } from '../../core/model/fault.ts';
import { reasonIn } from './reason.ts';

export type ForgeAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** What was asked for. */
export type Subject = 'commit statuses' | 'pull requests' | 'the App' | 'events';

/** GitHub's advice where it does not say for how long. */
const restMs = 60_000;
const restMaxMs = 3_600_000;

/** The fault of an answer that is none of 2xx. Its text is quoted where it says what is wrong with a pull request, and nowhere else: whoever answers may be anybody. */
export function faultOfAnswer(host: string, answer: ForgeAnswer, subject: Subject, nowMs: number): Fault {
  const { status } = answer;
  const fault = (kind: Fault['kind'], detail: string): Fault => ({ kind, status, detail: `${host} ${detail}` });
  if (isThrottling(answer)) {
    const retryAfterMs = spentForMs(answer, nowMs) ?? restMs;
    return { ...fault('throttled', 'asks us to come back later'), retryAfterMs };
  }
  if (status >= 300 && status < 400)
    return fault('misconfigured', `is at another address: name that as \`${settingOf[subject]}\``);
  // 203 is a page to log in.
  if (status === 401 || status === 203) return fault('unauthenticated', 'does not accept who we say we are');
  if (status === 403) return fault('forbidden', `does not let us read and write ${subject}`);
  if (status === 404 || status === 410) return fault('missing', `has no such project or ${one[subject]}, or hides it`);
  if (status === 407) return fault('misconfigured', 'cannot be reached: the proxy wants credentials');
  if (status === 409 || status === 412) return fault('stale', `was changing the ${one[subject]} at that moment`);
  if (status >= 500) return fault('serverError', `answers ${status}`);
  if (subject === 'pull requests' && (status === 400 || status === 422))
    return fault('invalid', `does not take that of a pull request: ${reasonIn(answer.text) || status}`);
  return fault('protocol', `does not take that: it answers ${status}`);
}

/** Where the settings have the address. */
const settingOf: Readonly<Record<Subject, string>> = {
  'commit statuses': 'apiURL',
  'pull requests': 'apiURL',
  'the App': 'apiURL',
  events: 'url',
};

const one: Readonly<Record<Subject, string>> = {
  'commit statuses': 'commit',
  'pull requests': 'pull request',
  'the App': 'installation of the App',
  events: 'event',
};

function isThrottling(answer: ForgeAnswer): boolean {
  if (answer.status === 429) return true;
  if (answer.status === 503) return answer.headers['retry-after'] !== undefined;
  // GitHub says 403 to who asks too much, and not always with a header.
  return answer.status === 403 && (/rate limit/i.test(answer.text) || isSpent(answer));
}

const isSpent = ({ headers }: Pick<ForgeAnswer, 'headers'>): boolean =>
  headers['retry-after'] !== undefined || remaining(headers) === '0';

const remaining = (headers: ForgeAnswer['headers']): string | undefined =>
  headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];

/** For how long the forge wants to hear nothing more. Shape: undefined when it says nothing of that. */
export function spentForMs({ headers }: Pick<ForgeAnswer, 'headers'>, nowMs: number): number | undefined {
  if (!isSpent({ headers })) return undefined;
  const after = headers['retry-after'];
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? '';
  const untilMs = after === undefined ? resetAtMs(reset) : retryAtMs(after, nowMs);
  return untilMs === undefined ? restMs : Math.min(Math.max(untilMs - nowMs, 1_000), restMaxMs);
}

const resetAtMs = (text: string): number | undefined => (/^\d{1,12}$/.test(text) ? Number(text) * 1_000 : undefined);

function retryAtMs(text: string, nowMs: number): number | undefined {
  const atMs = /^\d{1,9}$/.test(text) ? nowMs + Number(text) * 1_000 : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}
