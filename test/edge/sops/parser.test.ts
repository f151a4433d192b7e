/** Protects: encrypted manifests are read only whole and only as their author encrypted them. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { armor, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { declaredObject } from '../../../src/core/dialect/declared-object.ts';
import { formatJson } from '../../../src/core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import { FaultError } from '../../../src/core/model/fault.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import type { SourceFile } from '../../../src/core/model/source.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { decryptingParser } from '../../../src/edge/sops/parser.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { testFolder } from '../../builder/command.ts';

const plain: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};
const log = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;
const identity = await generateIdentity();
const date = '2026-11-30T10:00:00Z';

function sealed(text: string, type: string, key: Buffer, place: string): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return `ENC[AES256_GCM,data:${parts[0]},iv:${parts[1]},tag:${parts[2]},type:${type}]`;
}

const typeOf = (value: Json): string =>
  typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'str' : Number.isInteger(value) ? 'int' : 'float';
const textOf = (value: Json): string => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));

/** As `sops encrypt --encrypted-regex '^(data|stringData)$'` does. */
async function encrypt(documents: readonly JsonObject[], isPartial = false): Promise<string> {
  const key = randomBytes(32);
  const sum = createHash('sha512');
  if (isPartial) sum.update(createHash('sha256').update('sops').digest());
  const walk = (value: Json, path: readonly string[]): Json => {
    if (value === null) return value;
    if (isArray(value)) return value.map((item) => walk(item, path));
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, walk(part, [...path, field])]));
    const isSecret = path.some((step) => step === 'data' || step === 'stringData');
    if (isSecret || !isPartial) sum.update(textOf(value));
    return isSecret && value !== '' ? sealed(textOf(value), typeOf(value), key, `${path.join(':')}:`) : value;
  };
  const hidden = documents.map((document) => walk(document, []) as JsonObject);
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const enc = armor.encode(await encrypter.encrypt(key));
  const sops = {
    age: [{ recipient: await identityToRecipient(identity), enc }],
    lastmodified: date,
    mac: sealed(sum.digest('hex').toUpperCase(), 'str', key, date),
    encrypted_regex: '^(data|stringData)$',
    ...(isPartial ? { mac_only_encrypted: true } : {}),
    version: '3.11.0',
  };
  return hidden.map((document) => formatJson({ ...document, sops }, 2)).join('\n---\n');
}

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
