/** Every forge, asked the same: each sends what its API description says, and understands what it answers. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { openForge } from '../../../src/edge/forge/open.ts';
import { forgePlace } from '../../../src/edge/forge/place.ts';
import { handClock } from '../../builder/clock.ts';
import { azureDevOpsContract } from './contract/azure-devops.ts';
import { bitbucketContract } from './contract/bitbucket.ts';
import { bitbucketServerContract } from './contract/bitbucket-server.ts';
import { type Contract, type Question, questions } from './contract/contract.ts';
import { giteaContract } from './contract/gitea.ts';
import { githubContract } from './contract/github.ts';
import { gitlabContract } from './contract/gitlab.ts';
import { type Recorded, recordedNet } from './recorded.ts';

const contracts: readonly Contract[] = [
  githubContract,
  gitlabContract,
  giteaContract,
  bitbucketContract,
  bitbucketServerContract,
  azureDevOpsContract,
];

const folder = mkdtempSync(join(tmpdir(), 'landfall-forge-'));
after(() => rmSync(folder, { recursive: true }));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'tok-1\n');

function opened({ kind, address, authorization }: Contract, exchanges: readonly Recorded[]) {
  const net = recordedNet(exchanges, authorization);
  const clock = handClock();
  const spent: number[] = [];
  const place = forgePlace(kind, address, {});
  ok(place !== undefined);
  const auth = { kind: 'token', tokenFile } as const;
  const forge = openForge(
    { ...place, kind, auth, caFile: undefined, proxyURL: undefined, version: '1' },
    { net, clock, onSpent: (durationMs) => void spent.push(durationMs) },
  );
  return { forge, net, clock, spent };
}

for (const contract of contracts)
  for (const question of Object.keys(questions) as Question[])
    test(`forges: ${contract.kind}: ${question}`, async () => {
      const { forge, net } = opened(contract, contract.answers[question]);
      deepEqual(await questions[question].act(forge, contract), questions[question].result(contract));
      equal(net.left(), 0, 'it has asked for all of it');
    });

const troubles = [
  { name: '401', trouble: { status: 401 }, fault: 'unauthenticated' },
  { name: '403', trouble: { status: 403 }, fault: 'forbidden' },
  { name: '429', trouble: { status: 429, headers: { 'retry-after': '7' } }, fault: 'throttled', restMs: 7_000 },
  { name: '500', trouble: { status: 500 }, fault: 'serverError' },
  { name: 'a redirect', trouble: { status: 302 }, fault: 'misconfigured' },
  { name: 'a page for people', trouble: { status: 200, page: '<html>' }, fault: 'protocol' },
  { name: 'a cut', trouble: { trouble: 'cut' }, fault: 'unreachable' },
  { name: 'silence', trouble: { trouble: 'silence' }, fault: 'unreachable' },
] as const;

for (const contract of contracts)
  for (const { name, trouble, fault, ...more } of troubles)
    for (const question of [
      'pull requests that are open, the oldest first',
      'one is made',
      'a status is taken',
      'a comment is written',
      'a comment is written anew',
    ] as const)
      test(`forges: ${contract.kind}: ${name} is ${fault} when asked for this: ${question}`, async () => {
        const [first] = contract.answers[question];
        ok(first !== undefined);
        const { headers: _headers, answer: _answer, ...asked } = first;
        const { forge, net, clock, spent } = opened(contract, [{ ...asked, ...trouble }]);
        const acting = questions[question].act(forge, contract).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (name === 'silence') {
          while (net.left() > 0) await clock.settle();
          await clock.advance(20_000);
        }
        const error = await acting;
        ok(error instanceof FaultError, String(error));
        equal(error.fault.kind, fault);
        equal(String(error).includes('tok-1'), false, 'a token is in no message');
        deepEqual(spent.length > 0 ? spent.at(-1) : undefined, 'restMs' in more ? more.restMs : undefined);
        equal(net.left(), 0, 'and nothing is asked twice');
      });

test('forges: what a forge says when it refuses is one line, and short', async () => {
  const answer = { message: `no\u001b[31m commits\nbetween ${'x'.repeat(400)}` };
  const [first] = giteaContract.answers['one is made'];
  ok(first !== undefined);
  const { forge } = opened(giteaContract, [{ ...first, status: 422, answer }]);
  const error: unknown = await questions['one is made'].act(forge, giteaContract).catch((reason: unknown) => reason);
  ok(error instanceof FaultError);
  equal(error.fault.kind, 'invalid');
  ok(error.fault.detail.length < 300);
  ok(/^[^\p{C}\n]+$/u.test(error.fault.detail));
});
