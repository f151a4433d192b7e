/** Protects: what the guides begin with, a fleet and a forge on one machine, which end with the command. */
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, isArray, textOf } from '../../src/core/json/value.ts';
import { command, testFolder } from '../builder/command.ts';

test('sandbox: a forge beside the clusters, for Git and for who has the token, until it is stopped', {
  timeout: 60_000,
}, async () => {
  using folder = testFolder();
  const stop = new AbortController();
  const ready = Promise.withResolvers<string>();
  const running = command(['sandbox', '--clusters', 'eu-1,us-1', '--dir', 'play', '--forge', 'team/fleet'], {
    folder: folder.path,
    signal: stop.signal,
    onOut: ready.resolve,
  });
  const told = JSON.parse(await ready.promise);
  const clusters = at(told, 'clusters');
  deepEqual(isArray(clusters) ? clusters.map((each) => at(each, 'name')) : [], ['eu-1', 'us-1']);
  equal(statSync(join(folder.path, 'play/us-1.kubeconfig')).isFile(), true);
  const [url, repository] = [textOf(at(told, 'forge', 'url')) ?? '', textOf(at(told, 'forge', 'repository')) ?? ''];
  const tokenFile = textOf(at(told, 'forge', 'tokenFile')) ?? '';
  equal(tokenFile, join(folder.path, 'play/forge-token'));
  equal(statSync(tokenFile).mode & 0o777, 0o600);
  const token = readFileSync(tokenFile, 'utf8').trim();
  const pulls = new URL('/api/v1/repos/team/fleet/pulls', url).href;
  const ask = async (headers: Readonly<Record<string, string>>) => (await fetch(pulls, { headers })).status;
  deepEqual([await ask({ authorization: `token ${token}` }), await ask({})], [200, 401]);
  equal((await fetch(`${repository}/info/refs?service=git-upload-pack`)).status, 200, 'Git is there');
  equal((await fetch(`${url}/pulls`)).status, 200, 'and pages for people');
  stop.abort();
  equal((await running).code, 0);
  await rejects(fetch(pulls), 'nothing listens any more');
});

const wrong: readonly (readonly [string, RegExp])[] = [
  ['0', /a whole number from 1 to 5000/],
  ['eu-1,Eu', /"Eu" is no name of a cluster/],
  ['eu-1,', /"" is no name of a cluster/],
  ['a,a', /A name is there twice/],
];
for (const [clusters, reason] of wrong)
  test(`sandbox: --clusters ${clusters} is refused`, async () => {
    using folder = testFolder();
    const { code, err } = await command(['sandbox', '--clusters', clusters], { folder: folder.path });
    equal(code, 2);
    match(err, reason);
  });
