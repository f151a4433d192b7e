/** Protects: a gate that is waited for is asked within its limits, never twice at a time, and trouble is no pass. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { GateCheck } from '../../../src/core/model/gate.ts';
import { appIdOf, digest } from '../../../src/core/model/id.ts';
import type { Answer } from '../../../src/engine/gates/answer.ts';
import type { PlacedAsk } from '../../../src/engine/gates/gate-view.ts';
import { Gates } from '../../../src/engine/gates/gates.ts';
import { handClock } from '../../builder/clock.ts';
import { origin, placementOf, sha } from '../../builder/model.ts';
import { seededRng } from '../../builder/rng.ts';

const http: GateCheck = { kind: 'http', url: 'https://example.com/', status: 200 };
const job: GateCheck = { kind: 'job', cluster: 'a' as never, path: 'x', manifest: undefined, timeoutMs: 1 };

const askOf = (check: GateCheck, revision = 1): PlacedAsk => ({
  app: appIdOf('shop/web'),
  placement: placementOf(),
  ask: {
    stage: 'production',
    gate: { name: 'page', origin, check },
    subject: { revision: sha(revision), intent: digest('next') },
  },
});

function gatesWith(answers: readonly (Answer | 'never')[]) {
  const clock = handClock(0);
  const asked: number[] = [];
  const cleared: number[] = [];
  let inFlight = 0;
  let most = 0;
  let heard = 0;
  const gates = new Gates({
    checks: {
      ask: async (_, signal) => {
        const answer = answers[Math.min(asked.length, answers.length - 1)] ?? 'never';
        asked.push(clock.nowMs());
        inFlight += 1;
        most = Math.max(most, inFlight);
        if (answer === 'never') await new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
        inFlight -= 1;
        return answer as Answer;
      },
      look: async () => ({ result: 'unknown', text: '' }),
      clear: async () => void cleared.push(clock.nowMs()),
    },
    clock,
    rng: seededRng(1),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    onEvidence: () => {
      heard += 1;
    },
  });
  const stop = new AbortController();
  const done = gates.run(stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  return { gates, clock, asked, cleared, end, most: () => most, heard: () => heard };
}

const pass: Answer = { result: 'pass', text: 'answers 200' };
const unknown: Answer = { result: 'unknown', text: 'T3001' };
const pending: Answer = { result: 'pending', text: 'not yet' };

/** Seconds between two asks. */
const gaps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((atMs, index) => Math.round((atMs - (times[index] ?? 0)) / 1_000));

test('Gates: nothing is asked that nobody waits for, and nothing is known of it', async () => {
  const { gates, clock, asked, end } = gatesWith([pass]);
  await clock.advance(600_000);
  deepEqual([asked.length, gates.evidenceOf(askOf(http))], [0, undefined]);
  await end();
});

test('Gates: a pass is asked again each minute, and told once', async () => {
  const { gates, clock, asked, heard, end } = gatesWith([pass]);
  gates.want('shop/web', [askOf(http)]);
  await clock.advance(200_000);
  const minutes = gaps(asked);
  equal(minutes.every((seconds) => seconds >= 54 && seconds <= 66) && minutes.length === 3, true, `${minutes}`);
  equal(gates.evidenceOf(askOf(http))?.result, 'pass');
  equal(heard(), 1);
  await end();
});

test('Gates: what nobody can answer is asked more and more rarely, and after an answer as before', async () => {
  const { gates, clock, asked, end } = gatesWith([unknown, unknown, unknown, unknown, pending, pending]);
  gates.want('shop/web', [askOf(http)]);
  await clock.advance(120_000);
  const seconds = gaps(asked);
  equal(gates.evidenceOf(askOf(http))?.result, 'pending');
  equal(
    seconds.slice(0, 4).every((gap, index) => Math.abs(gap - 5 * 2 ** index) <= 5 * 2 ** index * 0.1 + 1),
    true,
    `${seconds}`,
  );
  await end();
});

test('Gates: one that does not answer is not asked again meanwhile, nor for another revision', async () => {
  const { gates, clock, asked, most, end } = gatesWith(['never']);
  gates.want('shop/web', [askOf(http, 1), askOf(http, 2)]);
  await clock.advance(600_000);
  deepEqual([asked.length, most()], [1, 1]);
  await end();
});

test('Gates: an answer about one revision is none about another, and is forgotten with the wait', async () => {
  const { gates, clock, end } = gatesWith([pass]);
  gates.want('shop/web', [askOf(http, 1)]);
  await clock.advance(1_000);
  equal(gates.evidenceOf(askOf(http, 1))?.result, 'pass');
  equal(gates.evidenceOf(askOf(http, 2)), undefined);
  equal(gates.evidenceOf(askOf({ ...http, status: 204 })), undefined, 'nor about another question');
  gates.want('shop/web', []);
  equal(gates.evidenceOf(askOf(http, 1)), undefined);
  await end();
});

test('Gates: a measurement passes when it has held for as long as it must, without a break', async () => {
  const measure: GateCheck = {
    kind: 'prometheus',
    url: 'https://example.com',
    query: 'up',
    min: 1,
    max: undefined,
    forMs: 60_000,
  };
  const fail: Answer = { result: 'fail', text: '0 is below 1' };
  const { gates, clock, end } = gatesWith([pass, pass, fail, pass]);
  gates.want('shop/web', [askOf(measure)]);
  await clock.advance(20_000);
  equal(gates.evidenceOf(askOf(measure))?.result, 'pending');
  await clock.advance(20_000);
  equal(gates.evidenceOf(askOf(measure))?.result, 'fail');
  await clock.advance(60_000);
  equal(gates.evidenceOf(askOf(measure))?.result, 'pending', 'it begins anew');
  await clock.advance(40_000);
  equal(gates.evidenceOf(askOf(measure))?.result, 'pass');
  await end();
});

test('Gates: a Job is cleared when nobody has waited for it for a while, and not before', async () => {
  const { gates, clock, asked, cleared, end } = gatesWith([{ ...pass, isFinal: true }]);
  gates.want('shop/web', [askOf(job)]);
  await clock.advance(3_600_000);
  equal(asked.length, 1, 'its answer stands');
  gates.want('shop/web', []);
  await clock.advance(300_000);
  gates.want('promotion', [askOf(job)]);
  await clock.advance(3_600_000);
  equal(cleared.length, 0, 'somebody waits again');
  gates.want('promotion', []);
  await clock.advance(700_000);
  equal(cleared.length, 1);
  await end();
});
