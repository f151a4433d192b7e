/** Protects: whatever happens to clusters, repository and process, what must never be seen is not, and all comes right in the end. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { live } from '../simulate/life.ts';

const lives = [
  { seed: 2, acts: 12 },
  { seed: 11, acts: 12 },
  // A cluster is back long after all on it was applied, and its lease is not: that nobody has looked yet is no failure.
  { seed: 15, acts: 22 },
];

for (const { seed, acts } of lives) {
  test(`a random life: seed ${seed} goes well (more of them: npm run sim)`, async () => {
    const { problems } = await live(seed, { acts });
    deepEqual(problems, [], `npm run sim -- --seed ${seed} --acts ${acts}`);
  });
}

test('a random life: one seed, one story, to the last event', async () => {
  const { trace } = await live(7, { acts: 4 });
  ok(trace.length > 40);
  deepEqual((await live(7, { acts: 4 })).trace, trace);
});

test('a random life: somebody who deletes under the name of Landfall is noticed', async () => {
  const { problems } = await live(5, {
    acts: 0,
    spoil: ({ clock, sandbox }) => {
      const path = '/api/v1/namespaces/shop/configmaps/one';
      const headers = { authorization: 'Bearer landfall', 'content-type': 'application/json' };
      clock.after(100_000, () => {
        void sandbox.cluster('b').handle({ method: 'DELETE', path, headers, body: '' }, new AbortController().signal);
      });
    },
  });
  ok(
    problems.some((problem) => problem.startsWith('D1: ConfigMap one on b is deleted')),
    problems.join('\n'),
  );
});
