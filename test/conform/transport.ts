/** HTTP/2 as kube-apiserver speaks it: how many streams a session may carry, and what happens to one more. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectSession } from 'node:http2';
import { answered, type Case, type Scope, type Theme } from './case.ts';
import type { Target } from './client.ts';

const streamsMax = 100;

async function withSession<T>(
  { target }: Scope,
  use: (session: ClientHttp2Session, target: Target) => Promise<T>,
): Promise<T> {
  const session = connectSession(target.origin, target.ca === undefined ? {} : { ca: target.ca });
  try {
    await new Promise((resolve, reject) => session.once('remoteSettings', resolve).once('error', reject));
    return await use(session, target);
  } finally {
    session.destroy();
  }
}

const open = (session: ClientHttp2Session, target: Target, path: string): ClientHttp2Stream =>
  session.request({
    ':path': path,
    accept: 'application/json',
    ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
  });
const headersOf = (stream: ClientHttp2Stream): Promise<number> =>
  new Promise((resolve, reject) =>
    stream.once('response', (headers) => resolve(headers[':status'] ?? 0)).once('error', reject),
  );

const cases: readonly Case[] = [
  {
    name: 'a session may carry 100 streams',
    isClusterWide: true,
    run: (scope) =>
      withSession(scope, async (session) => {
        equal(session.remoteSettings.maxConcurrentStreams, streamsMax);
      }),
  },
  {
    name: 'the request after the hundredth waits until a stream ends',
    run: (scope) =>
      withSession(scope, async (session, target) => {
        const path = `${scope.core}/configmaps?watch=true`;
        const watches = Array.from({ length: streamsMax }, () => open(session, target, path));
        for (const watch of watches) watch.on('error', () => undefined);
        deepEqual(new Set(await Promise.all(watches.map(headersOf))), new Set([200]));
        const late = open(session, target, '/version');
        let isAnswered = false;
        const answer = headersOf(late).then((status) => {
          isAnswered = true;
          return status;
        });
        // Another connection is served meanwhile, so the server is not just slow.
        for (let round = 0; round < 10; round += 1) answered(200, await scope.api.get('/version'));
        ok(!isAnswered);
        watches[0]?.close();
        equal(await answer, 200);
      }),
  },
];

export const transport: Theme = { name: 'transport', cases };
