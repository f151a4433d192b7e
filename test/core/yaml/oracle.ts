/** kubectl, asked what a text means: it reads files and prints JSON without any server. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { canonical } from '../../../src/core/json/digest.ts';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, fieldOf, isObject, type Json, textOf, withFields } from '../../../src/core/json/value.ts';
import { cacheFolder } from '../../cluster/assets.ts';

export type Answer =
  /** Canonical texts of the objects, each annotated as `annotated` does it. */
  { readonly kind: 'read'; readonly objects: readonly string[] } | { readonly kind: 'refused'; readonly error: string };

export type Oracle = { readonly name: string; readonly ask: (texts: readonly string[]) => readonly Answer[] };

const annotation = 'oracle.landfall.dev/read';
/** Older ones read YAML behind JSON in another way. */
const minorMin = 36;

let isTold = false;

/** Finds a kubectl of which the answers are worth asking; undefined where there is none. */
export function findOracle(): Oracle | undefined {
  const folders = [process.env.KUBEBUILDER_ASSETS ?? '', cacheFolder(), ...(process.env.PATH ?? '').split(delimiter)];
  for (const path of folders.filter((folder) => folder !== '').map((folder) => join(folder, 'kubectl'))) {
    if (!existsSync(path)) continue;
    const { stdout, status } = spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
    const version = status === 0 ? (textOf(at(parseJson(stdout), 'clientVersion', 'gitVersion')) ?? '') : '';
    if (Number(version.split('.')[1]) >= minorMin)
      return { name: `kubectl ${version}`, ask: (texts) => ask(path, texts) };
  }
  if (!isTold) console.log(`SKIPPED: no text was compared with kubectl (there is none of 1.${minorMin} or later)`);
  isTold = true;
  return undefined;
}

/** What `kubectl annotate` makes of an object, as a canonical text. */
export function annotated(value: Json): string {
  const metadata = fieldOf(value, 'metadata');
  const annotations = fieldOf(metadata, 'annotations');
  const fields = { annotations: withFields(isObject(annotations) ? annotations : {}, { [annotation]: 'yes' }) };
  return canonical(
    withFields(isObject(value) ? value : {}, { metadata: withFields(isObject(metadata) ? metadata : {}, fields) }),
  );
}

/** One call for all texts: each is a file, and behind each another file marks where its objects end. */
function ask(kubectl: string, texts: readonly string[]): readonly Answer[] {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-oracle-'));
  try {
    for (const [index, text] of texts.entries()) {
      const name = String(index).padStart(6, '0');
      writeFileSync(join(folder, `${name}.yaml`), text);
      writeFileSync(join(folder, `${name}_end.yaml`), 'apiVersion: v1\nkind: End\nmetadata: {name: end}\n');
    }
    const args = ['annotate', '--local', '--overwrite', '-o', 'json', '-f', folder, `${annotation}=yes`];
    const { stdout, stderr } = spawnSync(kubectl, args, { encoding: 'utf8', maxBuffer: 1024 ** 3, cwd: folder });
    return answers(stdout, stderr, texts.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function answers(stdout: string, stderr: string, count: number): readonly Answer[] {
  const errors = new Map<number, string>();
  for (const [, index, message = ''] of stderr.matchAll(/(\d{6})\.yaml"?: ([^\n]*)/g))
    errors.set(Number(index), message);
  const groups: string[][] = [[]];
  for (const printed of stdout.split(/^(?=\{$)/m)) {
    if (printed === '') continue;
    const object = parseJson(printed);
    if (fieldOf(object, 'kind') === 'End') groups.push([]);
    else groups.at(-1)?.push(canonical(object));
  }
  if (groups.length !== count + 1) throw new Error(`kubectl answered ${groups.length - 1} of ${count}: ${stderr}`);
  return groups.slice(0, count).map((objects, index) => {
    const error = errors.get(index);
    return error === undefined ? { kind: 'read', objects } : { kind: 'refused', error };
  });
}
