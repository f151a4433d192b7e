/** Protects: encrypted manifests are read only whole and only as their author encrypted them. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { generateIdentity } from 'age-encryption';
import { declaredObject } from '../../../src/core/dialect/declared-object.ts';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { FaultError } from '../../../src/core/model/fault.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import type { SourceFile } from '../../../src/core/model/source.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { decryptingParser } from '../../../src/edge/sops/parser.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { testFolder } from '../../builder/command.ts';
import { date, sopsEncrypt } from '../../builder/sops.ts';

const plain: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};
const log = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;
const identity = await generateIdentity();
const encrypt = (documents: readonly JsonObject[], isPartial = false): Promise<string> =>
  sopsEncrypt(documents, identity, isPartial);

const secret: JsonObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web', annotations: { note: 'for the shop' }, creationTimestamp: null },
  stringData: { password: 'correct horse ${battery}', empty: '', list: ['a', 'b'], port: 8080, share: 0.25, on: true },
};

async function read(text: string, keys = identity): Promise<SourceFile> {
  using folder = testFolder({ identity: `# created: today\n# public key: age1…\n${keys}\n` });
  const parser = await decryptingParser(plain, `${folder.path}/identity`, log);
  const [file] = await parser.parse([{ path: 'secret.yaml', bytes: Buffer.from(text) }], never);
  ok(file);
  return file;
}

test('decryptingParser: values of every type, in all documents, with their places', async () => {
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain' }, data: { a: 'b' } };
  for (const isPartial of [false, true]) {
    const file = await read(await encrypt([secret, other], isPartial));
    deepEqual(file.problems, []);
    deepEqual(
      file.documents.map(({ value }) => value),
      [secret, other],
    );
    for (const { value, marks } of file.documents) equal(marks.length, 2 * sizeOf(value));
  }
});

const sizeOf = (value: Json): number =>
  typeof value !== 'object' || value === null
    ? 1
    : 1 + Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 0);

test('decryptingParser: whatever was changed makes the file unreadable, and tells nothing of it', async () => {
  const text = await encrypt([secret]);
  const password = /"password": ("ENC[^"]*")/.exec(text)?.[1] ?? '';
  const changes: readonly (readonly [string, string])[] = [
    ['a plain value', text.replace('for the shop', 'for others')],
    ['a value moved', text.replace(/"port": "ENC[^"]*"/, `"port": ${password}`)],
    ['a value removed', text.replace(/\s*"port": "ENC[^"]*",/, '')],
    ['a value added', text.replace('"password"', '"more": "added", "password"')],
    ['a value in plain text', text.replace(password, '"mine"')],
    ['the date', text.replace(date, '2026-12-01T10:00:00Z')],
    ['the sum', text.replace(/"mac": "ENC/, '"mac": "ENCX')],
  ];
  for (const [what, changed] of changes) {
    ok(changed !== text, what);
    const { documents, problems } = await read(changed);
    deepEqual(documents, [], what);
    deepEqual(
      problems.map(({ code }) => code),
      ['A1331'],
      what,
    );
    ok(!JSON.stringify(problems).includes('horse'), what);
  }
});

test('decryptingParser: names that are numbers count where they are written', async () => {
  const written = {
    ...secret,
    stringData: { b: 'x', '#10': 'ten', a: 'y', '#2': 'two', '#1': { '#0': 'deep', z: 'last' } },
  };
  const { documents, problems } = await read(await encrypt([written]));
  deepEqual(problems, []);
  const stringData = { b: 'x', 10: 'ten', a: 'y', 2: 'two', 1: { 0: 'deep', z: 'last' } };
  deepEqual(documents[0]?.value, { ...secret, stringData });
});

test('decryptingParser: numbers count with all their digits', async () => {
  const numbers = { tiny: 1.5e-7, big: 1.25e21, whole: 1234567890123456789n };
  const { documents, problems } = await read(await encrypt([{ ...secret, numbers }]));
  deepEqual([problems, documents[0]?.value.numbers], [[], numbers]);
});

test('decryptingParser: a file for others is told as such, and plain files stay as they are', async () => {
  const { problems } = await read(await encrypt([secret]), await generateIdentity());
  match(problems[0]?.message ?? '', /for others than this Landfall/);
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
  deepEqual(await read(text), readManifests('secret.yaml', text));
});

test('decryptingParser: an identity file without an identity is a problem of the settings', async () => {
  using folder = testFolder({ identity: '# nothing\n' });
  await rejects(
    decryptingParser(plain, `${folder.path}/identity`, log),
    (error) => error instanceof FaultError && error.fault.kind === 'misconfigured',
  );
});

test('decryptingParser: a list is refused, and without a key it is never taken for its items', async () => {
  const text = await encrypt([{ apiVersion: 'v1', kind: 'List', items: [secret] }]);
  const file = await read(text);
  deepEqual([file.documents, file.problems.map(({ code }) => code)], [[], ['A1331']]);
  const [encrypted] = await plain.parse([{ path: 'secret.yaml', bytes: Buffer.from(text) }], never);
  const [document, ...others] = encrypted?.documents ?? [];
  ok(document !== undefined && others.length === 0);
  const origin = { repository: repositoryId('fleet'), path: 'secret.yaml', line: 1, column: 1 };
  const { value, diagnostics } = declaredObject(document.value, origin);
  deepEqual([value, diagnostics.map(({ code }) => code)], [undefined, ['A1330']]);
});
