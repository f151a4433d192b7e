/** `config/landfall.yaml`: every setting there is, each with the default that it has. */
import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsOf } from '../../src/cli/settings/read.ts';
import { SettingsFile } from '../../src/cli/settings/schema.ts';
import { isObject } from '../../src/core/json/value.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { command, testFolder } from '../builder/command.ts';
import { jsonSchemas } from '../builder/json-schema.ts';

const path = join(import.meta.dirname, '..', '..', 'config', 'landfall.yaml');
const text = readFileSync(path, 'utf8');

function documentIn(yaml: string): unknown {
  const { documents, problems } = readManifests('landfall.yaml', yaml);
  deepEqual(problems, []);
  return documents[0]?.value;
}

/** With every setting that has no default taken out of its comment. */
const shown = documentIn(text.replaceAll(/^#(?=[a-z-]| {2,}(?:#|[a-zA-Z]+:))/gm, '').replaceAll(': []\n-', ':\n-'));

/** Names of a value and of all in it, as `repositories[].auth.tokenFile`. `env` and `claims` hold names of the user's own. */
function namesIn(value: unknown, at: string, found: Map<string, unknown>): Map<string, unknown> {
  if (Array.isArray(value)) for (const item of value) namesIn(item, `${at}[]`, found);
  else if (isObject(value) && !/\.(?:env|claims)$/.test(at))
    for (const [name, inner] of Object.entries(value)) {
      const path = at === '' ? name : `${at}.${name}`;
      namesIn(inner, path, found.set(path, inner));
    }
  return found;
}

type Setting = {
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly items?: Setting;
  readonly default?: unknown;
};

function settingsIn(schema: Setting, at: string, found: Map<string, Setting>): Map<string, Setting> {
  if (schema.items !== undefined) settingsIn(schema.items, `${at}[]`, found);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const path = at === '' ? name : `${at}.${name}`;
    settingsIn(inner, path, found.set(path, inner));
  }
  return found;
}

const settings = settingsIn(jsonSchemas().get('settings.json') as Setting, '', new Map());
const names = namesIn(shown, '', new Map());

test('config/landfall.yaml: shows every setting, and nothing else', () => {
  deepEqual([...names.keys()].toSorted(), [...settings.keys()].toSorted());
});

test('config/landfall.yaml: shows the default of each setting that has one', () => {
  for (const [name, { default: value }] of settings)
    if (value !== undefined && typeof value !== 'object') equal(String(names.get(name)), String(value), name);
});

test('config/landfall.yaml: as it stands it changes nothing', () => {
  deepEqual(SettingsFile.parse(documentIn(text)), SettingsFile.parse({}));
});

test('config/landfall.yaml: what is in comments is right, but that it shows every choice at once', () => {
  const { success, error } = SettingsFile.safeParse(shown);
  equal(success, false);
  const told = (error?.issues ?? []).map(({ message }) => message);
  deepEqual(told, [
    'give only one of `tokenFile`, `passwordFile`, `app`',
    'give only one of `tokenFile`, `passwordFile`, `sshKeyFile`, `forgeApp`',
    'give `pollInterval` or `schedule`, not both',
    'give only one of `inCluster`, `file`',
  ]);
});

test('settings: ~/ is the folder of the user', () => {
  const yaml = 'repositories: [{name: fleet, url: ~/fleet}]\nhub: {file: ~/.kube/config}\n';
  const { repositories, hub } = settingsOf(yaml, '/etc/landfall.yaml', []);
  deepEqual(
    [repositories[0]?.address, hub?.access],
    [join(homedir(), 'fleet'), { kind: 'file', path: join(homedir(), '.kube/config'), context: undefined }],
  );
});

const oidc = 'dashboard: {oidc: {issuer: "https://id.example.com", clientID: landfall, allow: {groups: [ops]}}}\n';
const badLogins: readonly (readonly [name: string, yaml: string, message: RegExp])[] = [
  ['a public address', oidc, /needs `server.publicURL`/],
  ['somebody who may look', oidc.replace('{groups: [ops]}', '{groups: []}'), /nobody may look/],
  ['no issuer in the clear', oidc.replace('https:', 'http:'), /must be an https:\/\/ URL/],
  [
    'no host that only looks like this machine',
    oidc.replace('https://id', 'http://127.0.0.1.evil'),
    /must be an https/,
  ],
  ['the scope that makes it OpenID', oidc.replace('clientID', 'scopes: [email], clientID'), /must hold `openid`/],
  ['whole addresses', oidc.replace('groups: [ops]', 'emails: [ann]'), /must be an address/],
];
for (const [name, yaml, message] of badLogins)
  test(`settings: a login needs ${name}`, () => {
    throws(() => settingsOf(`repositories: [{name: fleet, url: /fleet}]\n${yaml}`, '/etc/landfall.yaml', []), message);
  });

test('settings: a login at a provider has all its defaults', () => {
  const yaml = `repositories: [{name: fleet, url: /fleet}]\nserver: {publicURL: "https://l.example.com/"}\n${oidc}`;
  deepEqual(settingsOf(yaml, '/etc/landfall.yaml', []).dashboard, {
    tokenFile: undefined,
    sessionKeyFile: undefined,
    oidc: {
      issuer: 'https://id.example.com',
      clientID: 'landfall',
      clientSecretFile: undefined,
      scopes: ['openid', 'profile', 'email'],
      rules: { groups: ['ops'], emails: [], claims: {}, everyone: false, groupsClaim: 'groups' },
      sessionLifeMs: 43_200_000,
      caFile: undefined,
      proxyURL: undefined,
    },
  });
});

test('settings: a name that is none is refused at its line, with the one that was meant', async () => {
  using folder = testFolder({ 'landfall.yaml': `${text}\nadit: 2d\n` });
  const { code, out, err } = await command(['status'], { folder: folder.path });
  const line = text.split('\n').length + 1;
  deepEqual([code, out], [2, '']);
  match(err, new RegExp(`^landfall\\.yaml:${line}:[0-9]+ error unknown field "adit"\n {2}hint: did you mean .audit.`));
});
