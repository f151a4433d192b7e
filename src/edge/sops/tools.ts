/** Tools that are given in plain text what SOPS has encrypted for us: values of charts, files of generators, resources. */
import { formatJson, parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import type { FileRef } from '../../core/model/file-ref.ts';
import type { ToolResult } from '../../core/model/tool.ts';
import type { Log } from '../../seam/log.ts';
import type { Parser } from '../../seam/parse.ts';
import type { ReadFiles, Tools } from '../../seam/tool.ts';
import type { KeyFinder } from './file.ts';
import { openIdentityFile } from './identities.ts';
import { isSealedBinary, type Opened, openBinary, openDotenv } from './plain-file.ts';

/**
 * `parser` decrypts manifests already.
 *
 * What a tool says of values that it was given in plain text is told to nobody: templates can fail with any of them.
 */
export async function decryptingTools(tools: Tools, parser: Parser, identityFile: string, log: Log): Promise<Tools> {
  const identities = await openIdentityFile(identityFile, log);
  return {
    get versions() {
      return tools.versions;
    },
    make: async (run, read, signal) => {
      let isDecrypted = false;
      const readPlain: ReadFiles = async (files, stop) => {
        const contents = await read(files, stop);
        if (!contents.some(isSealed)) return contents;
        const findKey = await identities.finder();
        return Promise.all(
          contents.map(async (bytes, index) => {
            const file = files[index];
            if (file === undefined || !isSealed(bytes)) return bytes;
            const opened = await openFile(file, bytes, { parser, findKey }, stop);
            if (opened === undefined) return bytes;
            if (opened.kind === 'refused') throw new UnreadableError(`${file.path} ${opened.reason}`);
            isDecrypted = true;
            return opened.bytes;
          }),
        );
      };
      try {
        const result = await tools.make(run, readPlain, signal);
        return isDecrypted ? silenced(result) : result;
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        const hint =
          'encrypt it for the age recipient of `sops.identityFile` of the settings, and edit it with `sops edit`';
        return { kind: 'failed', message: error.message, hint };
      }
    },
  };
}

class UnreadableError extends Error {}

function silenced(result: ToolResult): ToolResult {
  if (result.kind === 'made') return { ...result, warnings: [], isDecrypted: true };
  const message = 'it failed, and is given values that are encrypted in Git, so what it says is not shown';
  return { ...result, message, hint: 'run the tool where the values may be seen' };
}

const mark = Buffer.from('ENC[AES256_GCM,');

const isSealed = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(mark);

type Deps = { readonly parser: Parser; readonly findKey: KeyFinder };

/** By the name of the file, as SOPS itself goes by it. Shape: undefined for what SOPS has not encrypted. */
async function openFile(
  { path }: FileRef,
  bytes: Uint8Array,
  deps: Deps,
  signal: AbortSignal,
): Promise<Opened | undefined> {
  const text = Buffer.from(bytes).toString('utf8');
  if (/\.ya?ml$|\.json$/i.test(path)) return openManifest(path, bytes, deps, signal);
  if (/\.env$/i.test(path)) return /^sops_mac=/m.test(text) ? openDotenv(text, deps.findKey) : undefined;
  const value = jsonIn(text);
  return value !== undefined && isSealedBinary(value) ? openBinary(value, deps.findKey) : undefined;
}

async function openManifest(
  path: string,
  bytes: Uint8Array,
  { parser }: Deps,
  signal: AbortSignal,
): Promise<Opened | undefined> {
  const [file] = await parser.parse([{ path, bytes }], signal);
  const [problem] = file?.problems ?? [];
  if (problem?.code === 'A1331') return { kind: 'refused', reason: `cannot be decrypted: ${problem.message}` };
  if (file?.isDecrypted !== true) return undefined;
  // JSON is YAML, and has no second reading.
  const texts = file.documents.map(({ value }) => formatJson(value));
  return { kind: 'plain', bytes: Buffer.from(texts.join('\n---\n')) };
}

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
