/** The conformance suite on the sandbox. */
import { after } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { userNamed } from '../../src/sandbox/registry/user.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { conform } from './suite.ts';

const token = 'token-of-admin';
const served = await serveSandbox(
  {
    clusters: 1,
    settings: {
      authorization: 'RBAC',
      tokens: new Map([[token, userNamed('admin', ['system:masters'])]]),
      podReadyMs: { min: 10, max: 50 },
      podStopMs: 10,
    },
  },
  { clock: systemClock, rng: systemRng },
);
after(() => served.close());

// Admission by code is tested in test/sandbox/admission.test.ts instead.
const policies = {
  reason: 'the sandbox evaluates no CEL, so it has no admission policies; its own way is code',
  tests: [
    'admission: our own apply: another value is kept, and only the answer tells',
    'admission: an edit of another rewrites our value, and our entry stays',
    'admission: a policy that denies is 422, whatever its message says',
  ],
};

conform({ name: 'sandbox', origin: served.url, token }, [policies]);
