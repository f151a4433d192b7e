/** Protects: what the real SOPS has encrypted reaches tools in plain text, whole or not at all, and no message tells of it. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { digest, repositoryId } from '../../../src/core/model/id.ts';
import type { ToolResult, ToolRun } from '../../../src/core/model/tool.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { decryptingParser } from '../../../src/edge/sops/parser.ts';
import { decryptingTools } from '../../../src/edge/sops/tools.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import type { Tools } from '../../../src/seam/tool.ts';
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
const recipient = await identityToRecipient(identity);

const run = {
  kind: 'kustomize',
  key: digest(`sha256:${'0'.repeat(64)}`),
  repository: repositoryId('fleet'),
  folder: '',
  files: [],
  remotes: [],
} as const satisfies ToolRun;

const bytes = Buffer.from([0, 1, 2, 255, 254, 13, 10, 0xc3, 0x28]);
const files: Readonly<Record<string, string | Buffer>> = {
  'values.yaml': 'password: correct horse\nports: [8080, 8081]\nnested: {flag: true, "10": ten, "2": two}\n',
  'values.json': '{"password": "correct horse"}',
  'shop.env': 'USER=shop\nPASSWORD=correct=horse "quoted"\n# a comment\nEMPTY=\n',
  'key.bin': bytes,
  'list.yaml': 'kind: ConfigMap\n---\nkind: Secret\n',
};

/** A tool that does nothing but read. */
async function through(content: Buffer, path: string, result: ToolResult, key = identity) {
  using folder = testFolder({ 'keys.txt': `${key}\n` });
  let seen: Buffer | undefined;
  const reader: Tools = {
    versions: new Map(),
    make: async (_, read, signal) => {
      const [found] = await read([{ path, oid: path }], signal);
      seen = Buffer.from(found ?? []);
      return result;
    },
  };
  const identityFile = join(folder.path, 'keys.txt');
  const tools = await decryptingTools(reader, await decryptingParser(plain, identityFile, log), identityFile, log);
  return { made: await tools.make(run, async () => [content], never), seen };
}
const made: ToolResult = { kind: 'made', objects: [], warnings: ['correct horse'] };

async function encrypted(path: string, ...options: readonly string[]): Promise<Buffer> {
  using folder = testFolder();
  const file = join(folder.path, path);
  folder.write({ [path]: '' });
  await import('node:fs/promises').then(({ writeFile }) => writeFile(file, files[path] ?? ''));
  await promisify(execFile)(sops ?? '', ['encrypt', '--age', recipient, ...options, '--in-place', file]);
  return readFileSync(file);
}

for (const path of Object.keys(files))
  test(`decryptingTools: ${path} is given in plain text`, { skip }, async () => {
    const content = await encrypted(path);
    ok(content.includes('ENC[AES256_GCM'));
    const { made: result, seen } = await through(content, path, made);
    deepEqual(result, { kind: 'made', objects: [], warnings: [], isDecrypted: true });
    const before = Buffer.from(files[path] ?? '');
    if (path.endsWith('.bin')) return deepEqual(seen, before);
    if (path.endsWith('.env')) return equal(seen?.toString(), before.toString().replace('# a comment\n', ''));
    const values = (content: Buffer) => readManifests('a.yaml', content).documents.map(({ value }) => value);
    return deepEqual(values(seen ?? Buffer.alloc(0)), values(before));
  });

test('decryptingTools: a sum over some values, too', { skip }, async () => {
  const content = await encrypted('shop.env', '--mac-only-encrypted', '--encrypted-regex', '^PASSWORD$');
  ok(content.includes('USER=shop'));
  match(
    (await through(content, 'shop.env', made)).seen?.toString() ?? '',
    /^USER=shop\nPASSWORD=correct=horse "quoted"\n/,
  );
});

test('decryptingTools: what was changed, or is for others, is a failure that tells no value', { skip }, async () => {
  const stranger = await generateIdentity();
  for (const path of ['values.yaml', 'shop.env', 'key.bin']) {
    const content = await encrypted(path);
    const others = await through(content, path, made, stranger);
    equal(others.seen, undefined);
    match(others.made.kind === 'failed' ? others.made.message : '', /for others than this Landfall/);
    const text = content.toString();
    const moved =
      path === 'shop.env'
        ? text.replace(/^USER=/m, 'ROOT=')
        : text.replace(/data:(.)/, (_, letter) => `data:${letter === 'A' ? 'B' : 'A'}`);
    const changed = await through(Buffer.from(moved), path, made);
    equal(changed.seen, undefined);
    match(changed.made.kind === 'failed' ? changed.made.message : '', /is not as SOPS has encrypted it/);
  }
});

test('decryptingTools: what a tool says of values is told to nobody', { skip }, async () => {
  const failed: ToolResult = { kind: 'failed', message: 'no port named correct horse', hint: 'correct horse' };
  const { made: result } = await through(await encrypted('values.yaml'), 'values.yaml', failed);
  equal(/correct|horse/.test(JSON.stringify(result)), false);
  const { made: open } = await through(Buffer.from('a: b\n'), 'values.yaml', failed);
  deepEqual(open, failed, 'where nothing is encrypted nothing is silenced');
});
