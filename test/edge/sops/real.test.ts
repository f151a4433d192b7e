/** Protects: what the real SOPS has encrypted is read, whatever its author chose to encrypt and however the file looks. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import type { SourceFile } from '../../../src/core/model/source.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { decryptingParser } from '../../../src/edge/sops/parser.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { testFolder } from '../../builder/command.ts';
import { findSops, skipLine } from '../../cluster/sops.ts';

const sops = findSops();
if (sops === undefined) console.error(`# ${skipLine}`);
const skip = sops === undefined;

const plain: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};
const log = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;
const identity = await generateIdentity();
const other = await generateIdentity();

const yaml = `# for the shop
apiVersion: v1
kind: Secret
metadata:
  name: web
  annotations: {note: "höher: 1", empty: ""}
stringData:
  password: "correct horse" # a comment
  "10": ten
  "2": two
  text: |
    a line
    another
  # a comment of its own
  last: ""
spec:
  count: 8080
  negative: -7
  large: 1234567890123456789
  share: 0.25
  tiny: 1.5e-7
  ready: true
  lost: false
  nothing: null
  list: [a, 1, {b: c}]
  none: []
  map: {}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
data: {z: "1", "3": three, a: "2"}
`;
const json = `{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, "stringData": {"b": "x", "10": "y", "a": "z"}, "n": 2.5}`;

type Made = { readonly text: string; readonly file: SourceFile };

async function sealed(name: string, text: string, flags: readonly string[]): Promise<Made> {
  using folder = testFolder({ [name]: text, identity: `${identity}\n` });
  const path = join(folder.path, name);
  const recipients = await Promise.all([other, identity].map(identityToRecipient));
  const args = ['encrypt', '--age', recipients.join(','), ...flags, '--in-place', path];
  await promisify(execFile)(sops ?? '', args, { env: { HOME: folder.path, PATH: process.env.PATH } });
  const bytes = readFileSync(path);
  const parser = await decryptingParser(plain, join(folder.path, 'identity'), log);
  const [file] = await parser.parse([{ path: name, bytes }], never);
  ok(file);
  return { text: bytes.toString('utf8'), file };
}

const cases: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ['everything', []],
  ['what a pattern names', ['--encrypted-regex', '^(data|stringData)$']],
  ['what no pattern names', ['--unencrypted-regex', '^(apiVersion|kind|metadata)$']],
  ['what has a suffix', ['--encrypted-suffix', 'Data']],
  ['with a sum over what is encrypted', ['--mac-only-encrypted', '--encrypted-regex', '^(data|stringData)$']],
];
for (const [name, flags] of cases)
  for (const [path, text] of [
    ['web.yaml', yaml],
    ['web.json', json],
  ] as const)
    test(`decryptingParser: ${path} of the real SOPS, ${name}`, { skip }, async () => {
      const { text: written, file } = await sealed(path, text, flags);
      match(written, /ENC\[AES256_GCM/);
      deepEqual(file.problems, []);
      deepEqual(
        file.documents.map(({ value }) => value),
        readManifests(path, text).documents.map(({ value }) => value),
      );
    });

test('decryptingParser: a value that somebody changed behind the back of the real SOPS', { skip }, async () => {
  using folder = testFolder({ identity: `${identity}\n` });
  const { text } = await sealed('web.yaml', yaml, ['--encrypted-regex', '^stringData$']);
  const parser = await decryptingParser(plain, join(folder.path, 'identity'), log);
  const [file] = await parser.parse([{ path: 'a.yaml', bytes: Buffer.from(text.replace('8080', '8081')) }], never);
  equal(file?.problems[0]?.code, 'A1331');
  deepEqual(file?.documents, []);
});
