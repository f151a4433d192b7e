/** The client on the sandbox: in this process, and over sockets in both protocols. */
import { deepEqual } from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { kubeClient } from '../../../src/edge/kube/client.ts';
import { fixedCredentials } from '../../../src/edge/kube/login.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import { systemRng } from '../../../src/edge/rng/rng.ts';
import { sandboxNet, sandboxOrigin } from '../../../src/sandbox/net.ts';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../../src/sandbox/serve/serve-sandbox.ts';
import { clientSuite } from './client-suite.ts';

const deps = { clock: systemClock, rng: systemRng };
const admin = { name: 'admin', groups: ['system:masters'], uid: '', extra: {} };
const settings = { authorization: 'RBAC', tokens: new Map([['token', admin]]) } as const;
const headers = { authorization: 'Bearer token' };

const sandbox = createSandbox({ ...deps, clusters: ['inside'], settings });
const inside = kubeClient(fixedCredentials(sandboxOrigin('inside'), { headers }), {
  net: sandboxNet(sandbox),
  ...deps,
});
clientSuite('in process', { client: inside, ...deps, namespace: 'default' });

const served = await serveSandbox({ clusters: ['outside'], settings }, deps);
const server = served.clusters[0]?.server ?? '';
const outside = kubeClient(fixedCredentials(server, { headers }), { net: systemNet(deps), ...deps });
clientSuite('over sockets', { client: outside, ...deps, namespace: 'default' });

test('sandbox: the client stepped on no trap', () => {
  // A review is a question, and nobody owns its fields.
  const stepped = [...sandbox.traps(), ...served.sandbox.traps()].filter((trap) => !trap.path.endsWith('reviews'));
  deepEqual(stepped, []);
});

after(async () => {
  inside.close();
  outside.close();
  sandbox.close();
  await served.close();
});
