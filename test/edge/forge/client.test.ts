/** One forge over HTTP: what one request does to others, ceilings, and credentials that change. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { type Authority, openConnection } from '../../../src/edge/forge/client.ts';
import type { Net, NetResponse } from '../../../src/seam/net.ts';
import { handClock } from '../../builder/clock.ts';

const never = new AbortController().signal;
const address = { apiURL: 'https://forge.example.com/api', caFile: undefined, proxyURL: undefined, version: '1' };

async function* bytes(...chunks: readonly (string | number)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'number' ? new Uint8Array(chunk) : new TextEncoder().encode(chunk);
}

/** Answers by path; says which connections were opened and closed. */
function scene(answers: Readonly<Record<string, () => Promise<NetResponse>>>, authority?: Authority) {
  const opened: number[] = [];
  const closed: number[] = [];
  const net: Net = {
    connect: () => {
      const number = opened.length + 1;
      opened.push(number);
      return {
        close: () => void closed.push(number),
        request: ({ path }) => answers[path]?.() ?? Promise.reject(new Error(`nobody asks for ${path}`)),
      };
    },
  };
  const headers = authority ?? { headers: async () => ({}) };
  const connection = openConnection(address, headers, { net, clock: handClock(), onSpent: () => {} });
  const ask = (path: string) => connection.client('pull requests').json({ method: 'GET', path }, never);
  return { ...connection, ask, opened, closed };
}

const said = (text: string): NetResponse => ({ status: 200, headers: {}, body: bytes(text) });

test('forge client: a request that fails ends no other, and the next one dials anew', async () => {
  const slow = Promise.withResolvers<NetResponse>();
  const { ask, opened, closed } = scene({
    '/api/slow': () => slow.promise,
    '/api/cut': () => Promise.reject(new FaultError({ kind: 'unreachable', detail: 'cut' })),
    '/api/fine': async () => said('1'),
  });
  const waiting = ask('/slow');
  await rejects(ask('/cut'), FaultError);
  deepEqual(closed, [], 'somebody is still on it');
  equal(await ask('/fine'), 1);
  deepEqual(opened, [1, 2]);
  slow.resolve(said('2'));
  equal(await waiting, 2);
  deepEqual(closed, [1], 'and then nobody is');
});

test('forge client: more than anybody should send is not read', async () => {
  const mebi = 1024 * 1024;
  const { ask, closed } = scene({
    '/api/big': async () => ({ status: 200, headers: {}, body: bytes(...Array<number>(17).fill(mebi)) }),
  });
  await rejects(ask('/big'), (error) => error instanceof FaultError && error.fault.kind === 'protocol');
  deepEqual(closed, [1]);
});

test('forge client: who it is, is asked once for each credential', async () => {
  let token = 'a';
  const { client } = scene({}, { headers: async () => ({ authorization: token }) });
  const asked: string[] = [];
  const load = async (): Promise<string> => {
    asked.push(token);
    return `user of ${token}`;
  };
  const one = client('pull requests');
  equal(await one.once(load, never), 'user of a');
  equal(await one.once(load, never), 'user of a');
  token = 'b';
  equal(await one.once(load, never), 'user of b');
  deepEqual(asked, ['a', 'b']);
});

test('forge client: authorities that cannot be read are an operator’s business', async () => {
  const connection = openConnection(
    { ...address, caFile: '/nowhere/ca.pem' },
    { headers: async () => ({}) },
    { net: { connect: () => Promise.reject(new Error('dialled')) as never }, clock: handClock(), onSpent: () => {} },
  );
  const asking = connection.client('pull requests').ask({ method: 'GET', path: '/' }, never);
  await rejects(asking, (error) => {
    ok(error instanceof FaultError);
    equal(error.fault.kind, 'misconfigured');
    return true;
  });
});
