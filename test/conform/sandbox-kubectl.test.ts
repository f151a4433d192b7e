/** Unmodified kubectl on the sandbox: the newest there is on this machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { cacheFolder } from '../cluster/assets.ts';
import { conformToKubectl } from './kubectl.ts';
import { kubectlPrograms } from './run-kubectl.ts';

const [newest] = await kubectlPrograms(join(cacheFolder(), 'kubectl'));
if (newest === undefined) {
  console.log('SKIPPED: the sandbox was not tried with kubectl (there is none on this machine)');
  test('kubectl', { skip: 'no kubectl on this machine' });
} else {
  const dir = mkdtempSync(join(tmpdir(), 'landfall-sandbox-'));
  const served = await serveSandbox(
    {
      clusters: 1,
      dir,
      // kubectl sends no token over plain HTTP, so none is asked for.
      settings: { authorization: 'RBAC', podReadyMs: { min: 10, max: 50 }, podStopMs: 10 },
    },
    { clock: systemClock, rng: systemRng },
  );
  after(async () => {
    await served.close();
    rmSync(dir, { recursive: true });
  });
  const lists = {
    reason: 'the sandbox serves no OpenAPI v2, which kubectl asks about a List alone',
    tests: ['apply: a List of objects, which the schema does not know'],
  };
  conformToKubectl('sandbox', served.clusters[0]!.kubeconfig!, [newest], [lists]);
}
