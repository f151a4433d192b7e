/** Protects: told to end, Landfall ends in the time that `landfall run` gives it, whatever it waits for and however ill clusters are. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Disorder } from '../../src/sandbox/disorder.ts';
import { clusterManifests, testFleet } from '../builder/fleet.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const disorders: Readonly<Record<string, Disorder>> = {
  slow: { latencyMs: { min: 4_000, max: 8_000 } },
  throttling: { throttleShare: 0.6, retryAfterSeconds: 14 },
  'a black hole': { isBlackHole: true },
};
/** While it connects, while it reads its records, while it works. */
const secondsTold = [2, 12, 22, 32, 42, 52];

for (const [name, disorder] of Object.entries(disorders)) {
  for (const isBegun of [false, true]) {
    test(`run: ends within 20 s amid a cluster that is ${name}${isBegun ? ' once it is in use' : ' from the start'}`, async () => {
      for (const seconds of secondsTold) {
        const fleet = testFleet({ clusters: ['a'], seed: seconds });
        const ill = (): void => fleet.sandbox.cluster('a').setDisorder(disorder);
        if (!isBegun) ill();
        fleet.git.commit({
          ...clusterManifests(['a']),
          'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
          'apps/web/web.yaml': configMap('web', '1'),
        });
        if (isBegun) await fleet.clock.advance(20_000);
        ill();
        fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') });
        await fleet.clock.advance(seconds * 1_000);
        let isOver = false;
        const ended = fleet.kill().then(() => {
          isOver = true;
        });
        for (let waited = 0; !isOver && waited < 20; waited += 1) {
          await fleet.clock.settle();
          await fleet.clock.advance(1_000);
        }
        equal(isOver, true, `told to end after ${seconds} s`);
        await ended;
        await fleet.close();
      }
    });
  }
}
