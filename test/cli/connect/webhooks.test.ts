/** Protects: a webhook changes when a commit is seen, and never whether; and who may send one. */
import { deepEqual, equal } from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { webhooksOf } from '../../../src/cli/connect/webhooks.ts';
import { settingsOf } from '../../../src/cli/settings/read.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { FollowedRepository } from '../../../src/engine/source/repository.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { handClock } from '../../builder/clock.ts';
import { scratch } from '../../builder/git-work.ts';
import { memoryGit } from '../../builder/memory-git.ts';
import { seededRng } from '../../builder/rng.ts';

const url = 'https://git.example.com/team/fleet.git';
const hourMs = 3_600_000;
const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

function scene(webhooks: string) {
  const place = scratch();
  const clock = handClock();
  const git = memoryGit();
  const repository = new FollowedRepository(
    {
      ...{ id: repositoryId('fleet'), url, branch: 'main', role: 'single', isPlain: false, root: '' },
      schedule: { kind: 'interval', everyMs: hourMs },
      timeoutMs: 60_000,
    },
    // As a server far away: nobody tells of a commit.
    {
      git: { ...git.repository, watch: () => () => undefined },
      parser,
      clock,
      rng: seededRng(1),
      log: silentLog,
      metrics: noMetrics,
    },
    () => undefined,
  );
  const settings = settingsOf(
    `repositories: [{name: fleet, url: ${url}}]\n${webhooks}`,
    place.path('landfall.yaml'),
    [],
  );
  const woken: string[] = [];
  const routes = webhooksOf(
    settings,
    { repositories: [repository] },
    { clock, log: silentLog, metrics: noMetrics, wakePullRequests: (id) => void woken.push(id) },
  );
  const stopping = new AbortController();
  const running = repository.run(stopping.signal);
  const send = async (secret: string, delivery: string): Promise<number | undefined> => {
    const body = JSON.stringify({ ref: 'refs/heads/main', repository: { full_name: 'team/fleet' } });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'x-gitea-event': 'push', 'x-gitea-delivery': delivery, 'x-gitea-signature': signature };
    const route = routes.find(({ path }) => path === '/webhooks/gitea');
    const request = { path: '', query: new URLSearchParams(), headers, body: Buffer.from(body) };
    return (await route?.answer(request, stopping.signal))?.status;
  };
  return {
    git,
    clock,
    routes,
    woken,
    send,
    write: (name: string, text: string): void => writeFileSync(place.path(name), text),
    remove: (name: string): void => rmSync(place.path(name)),
    seen: () => repository.source(new Set())?.head.value.commit,
    close: async (): Promise<void> => {
      stopping.abort(new Error('over'));
      await running;
      place.close();
    },
  };
}

test('webhooksOf: without a secret there is no route', async () => {
  const { routes, close } = scene('');
  deepEqual(routes, []);
  await close();
});

test('webhooksOf: a commit is seen at once, and without any webhook with the next poll', async () => {
  const { git, clock, send, seen, woken, write, close } = scene('webhooks: {secretFiles: [a]}\n');
  write('a', 'first-secret\n');
  const first = git.commit({ README: '1' });
  await clock.advance(2_000);
  equal(seen(), first);
  const second = git.commit({ README: '2' });
  await clock.settle();
  equal(seen(), first, 'nobody has looked');
  equal(await send('first-secret', '1'), 202);
  await clock.settle();
  equal(seen(), second);
  deepEqual(woken, ['fleet']);
  const third = git.commit({ README: '3' });
  equal(await send('guessed', '2'), 401);
  await clock.settle();
  equal(seen(), second);
  await clock.advance(2 * hourMs);
  equal(seen(), third);
  await close();
});

test('webhooksOf: secrets are read again each time, and a file without one lets nobody in', async () => {
  const { send, write, remove, close } = scene('webhooks: {secretFiles: [a, b]}\n');
  equal(await send('', '0'), 503);
  write('a', '\n');
  equal(await send('', '1'), 503);
  write('a', 'old-secret\n');
  write('b', 'new-secret');
  deepEqual([await send('old-secret', '2'), await send('new-secret', '3')], [202, 202]);
  remove('a');
  deepEqual([await send('old-secret', '4'), await send('new-secret', '5'), await send('', '6')], [401, 202, 401]);
  await close();
});
