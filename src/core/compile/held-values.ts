/** Values of charts that ConfigMaps and Secrets hold, written in Git or live on a cluster. */
import { formatJson } from '../json/text.ts';
import type { Json } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { textOfKey } from '../model/held-text.ts';
import type { ClusterId } from '../model/id.ts';
import type { CopyRef, Intent } from '../model/intent.ts';
import { type ReadResult, readKey } from '../model/observed.ts';
import type { HeldValues, ToolSource } from '../model/tool.ts';

export type Held =
  | { readonly kind: 'values'; readonly texts: readonly string[] }
  /** Something cannot be read, or is not there yet. */
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

/** May values of a Secret be in what a tool makes, and in what it says? */
export const holdsSecrets = (tool: ToolSource): boolean => heldIn(tool).some(({ kind }) => kind === 'Secret');

const heldIn = (tool: ToolSource): readonly HeldValues[] => (tool.kind === 'helm' ? (tool.held ?? []) : []);

/** What has to be read on a cluster for an intent that is there. */
export const heldReads = ({ parts }: Intent, cluster: ClusterId): readonly CopyRef[] =>
  parts
    .flatMap(({ source }) => (source.kind === 'tool' ? heldIn(source.tool) : []))
    .flatMap((each) => readOf(each, cluster));

function readOf({ from, kind, namespace, name, origin }: HeldValues, here: ClusterId): readonly CopyRef[] {
  if (from.kind === 'git') return [];
  const resource = kind === 'Secret' ? 'secrets' : 'configmaps';
  return [{ origin, cluster: from.cluster ?? here, resource, group: '', namespace, which: { kind: 'name', name } }];
}

/** Shape: each of them as a document of values, in order. */
export function heldValues(tool: ToolSource, here: ClusterId, reads: ReadonlyMap<string, ReadResult>): Held {
  const diagnostics: Diagnostic[] = [];
  const texts: string[] = [];
  for (const held of heldIn(tool)) {
    const found = textIn(held, here, reads);
    if (found.kind === 'waiting') return found;
    if (found.text !== undefined) texts.push(documentOf(found.text, held));
    else if (!held.isOptional) diagnostics.push(keyless(held));
  }
  return diagnostics.length > 0 ? { kind: 'failed', diagnostics } : { kind: 'values', texts };
}

type Found = { readonly kind: 'text'; readonly text: string | undefined } | Extract<Held, { readonly kind: 'waiting' }>;

function textIn(held: HeldValues, here: ClusterId, reads: ReadonlyMap<string, ReadResult>): Found {
  if (held.from.kind === 'git') return { kind: 'text', text: held.from.text };
  const [copy] = readOf(held, here);
  const result = copy === undefined ? undefined : reads.get(readKey(copy));
  if (result?.kind === 'found') return { kind: 'text', text: textOfKey(result.objects[0] ?? {}, held.kind, held.key) };
  if (result?.kind === 'absent' && held.isOptional) return { kind: 'text', text: undefined };
  const reason = `${nameOf(held)} on ${held.from.cluster ?? here}: ${result?.reason ?? 'not read yet'}`;
  return { kind: 'waiting', reason };
}

/** What a path names is set to the text; else the text is YAML, which the tool reads. */
function documentOf(text: string, { targetPath }: HeldValues): string {
  if (targetPath === undefined) return text;
  return formatJson(stepsOf(targetPath).reduceRight<Json>((inner, step) => ({ [step]: inner }), scalarOf(text)));
}

/** `a\.b.c` is `c` in `a.b`. */
const stepsOf = (path: string): readonly string[] =>
  (path.match(/(?:\\.|[^.\\])+/g) ?? []).map((step) => step.replaceAll(/\\(.)/g, '$1'));

/** As `helm --set` takes a text: what looks like a number is one, unless it is quoted. */
function scalarOf(text: string): Json {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted?.[2] !== undefined) return quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^-?(?:0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text;
}

const nameOf = ({ kind, namespace, name }: HeldValues): string => `${kind} ${namespace}/${name}`;

const keyless = (held: HeldValues): Diagnostic => ({
  code: 'A1322',
  severity: 'error',
  origin: held.origin,
  message: `${nameOf(held)} has no key ${held.key}`,
  hint: 'what may be missing is `optional: true`',
});
