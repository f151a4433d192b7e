/** `examples/forges`: each settings file in it is taken as it stands, and each kind of forge is there. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openForges } from '../../src/cli/connect/forges.ts';
import { openReceivers } from '../../src/cli/connect/receivers.ts';
import { settingsOf } from '../../src/cli/settings/read.ts';
import { forgeKinds } from '../../src/edge/forge/place.ts';
import type { Net } from '../../src/seam/net.ts';
import { senders } from '../../src/server/webhook/senders.ts';
import { handClock } from '../builder/clock.ts';

const path = join(import.meta.dirname, '../../examples/forges/README.md');
const blocks = [...readFileSync(path, 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block);
const all = blocks.map((block) => settingsOf(block, '/etc/landfall/landfall.yaml', []));
const net: Net = {
  connect: () => {
    throw new Error('nothing is dialled before it is needed');
  },
};

test('examples/forges: every kind of forge is shown', () => {
  const kinds = all.flatMap(({ repositories }) => repositories.map(({ forge }) => forge?.kind));
  deepEqual(new Set(kinds.filter((kind) => kind !== undefined)), new Set(forgeKinds));
  const ways = all.flatMap(({ repositories }) => repositories.map(({ forge }) => forge?.auth.kind));
  deepEqual(new Set(ways.filter((way) => way !== undefined)), new Set(['token', 'password', 'app']));
});

const expected: readonly (readonly [name: string, place: string])[] = [
  ['github', 'https://api.github.com team/fleet'],
  ['github', 'https://api.github.com team/fleet'],
  ['gitlab', 'https://gitlab.com/api/v4 group/subgroup/fleet'],
  ['gitea', 'https://git.example.com/api/v1 team/fleet'],
  ['gitea', 'https://codeberg.example.com/api/v1 team/fleet'],
  ['bitbucket', 'https://api.bitbucket.org/2.0 team/fleet'],
  ['bitbucket-server', 'https://git.example.com/bitbucket/rest ops/fleet'],
  ['azure-devops', 'https://dev.azure.com/organization project/fleet'],
];

test('examples/forges: each block says which forge and which project it is', () => {
  const found = all.flatMap((settings) => {
    const forges = openForges(settings, { net, clock: handClock(), version: '1' });
    return settings.repositories.flatMap(({ name, forge: chosen }) => {
      const opened = forges.of.get(name);
      return chosen && opened ? [[opened.forge.name, `${chosen.apiURL} ${chosen.project}`]] : [];
    });
  });
  deepEqual(found, expected);
});

test('examples/forges: events have a receiver, and a name that tells nothing of its address', () => {
  const settings = all.find(({ repositories }) => repositories.some(({ receivers }) => receivers.length > 0));
  ok(settings !== undefined);
  const { of } = openReceivers(settings, { net, clock: handClock(), version: '1' });
  const [receiver] = of.get('fleet') ?? [];
  equal(/^[0-9a-f]{12}$/.test(receiver?.name ?? ''), true);
});

test('examples/forges: webhooks are for every kind of forge, at an address that is answered', () => {
  const files = all.flatMap(({ webhookSecretFiles }) => webhookSecretFiles);
  deepEqual(files, ['/etc/landfall/secrets/webhook', '/etc/landfall/secrets/webhook-before']);
  const shown = [...readFileSync(path, 'utf8').matchAll(/`\/webhooks\/([a-z-]+)`/g)].map(([, kind = '']) => kind);
  deepEqual(shown.toSorted(), Object.keys(senders).toSorted());
  deepEqual(shown.toSorted(), [...forgeKinds, 'generic'].toSorted());
});

const wrong = [
  {
    name: 'an App of another forge than GitHub',
    forge: 'kind: gitlab, app: {id: 1, installationID: 2, privateKeyFile: a}',
    message: /`kind: github` only/,
  },
  {
    name: 'a token and a password',
    forge: 'kind: gitea, tokenFile: a, usernameFile: b, passwordFile: c',
    message: /give only one/,
  },
  { name: 'no credential', forge: 'kind: gitea', message: /give .*`tokenFile`/ },
  {
    name: 'Git by an App that there is none of',
    forge: 'kind: github, tokenFile: a}, auth: {forgeApp: true',
    message: /needs `forge.app`/,
  },
  { name: 'a password without a user', forge: 'kind: gitea, passwordFile: c', message: /needs `usernameFile`/ },
];
for (const { name, forge, message } of wrong)
  test(`settings: a forge with ${name} is refused`, () => {
    const yaml = `repositories: [{name: fleet, url: https://git.example.com/a/b, forge: {${forge}}}]\n`;
    let said = '';
    try {
      settingsOf(yaml, 'landfall.yaml', []);
    } catch (error) {
      said = String(error instanceof Error ? error.message : error);
    }
    ok(message.test(said), said);
  });
