/** What one YAML scalar stands for, as a value and as a key; and what its tag allows. */
import type { Json } from '../json/value.ts';
import { excerpt } from './excerpt.ts';
import type { Flaw } from './problem.ts';
import { jsonOf, keyTextOf, type Resolved, resolveScalar, type ScalarTag } from './scalar.ts';
import type { ListNode, MapNode, Node, ScalarNode } from './syntax/node.ts';

/** A flaw whose place is the node's. */
export type NodeFlaw = Omit<Flaw, 'offset'>;

export type NodeRead<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly flaw: NodeFlaw };

const read = <T>(value: T): NodeRead<T> => ({ kind: 'read', value });
const refused = (flaw: NodeFlaw): NodeRead<never> => ({ kind: 'refused', flaw });

const coreTag = 'tag:yaml.org,2002:';
const scalarTags = new Map<string, ScalarTag>([
  // `!` alone makes a text of whatever follows.
  ['!', 'str'],
  ...(['str', 'bool', 'int', 'float', 'null', 'binary'] as const).map((tag): [string, ScalarTag] => [
    coreTag + tag,
    tag,
  ]),
]);

export function readScalar(node: ScalarNode): NodeRead<Json> {
  const resolved = resolve(node);
  if (resolved.kind === 'refused') return resolved;
  const value = jsonOf(resolved.value);
  if (value !== undefined) return read(value);
  const message = `JSON has no number for ${node.text}`;
  return refused({ kind: 'number', message, hint: `write ${excerpt(node.text)} if a text is meant` });
}

/** The text of a key that is a scalar; kubectl makes texts of numbers and booleans too. */
export function readKey(node: Node): NodeRead<string> {
  if (node.kind !== 'scalar') return refused({ kind: 'key', message: 'a map or list cannot be a key' });
  const resolved = resolve(node);
  if (resolved.kind === 'refused') return resolved;
  const text = keyTextOf(resolved.value);
  if (text !== undefined) return read(text);
  const found = node.text;
  const message = found === '' ? 'found no key before the colon' : `${excerpt(found)} cannot be a key: it is no text`;
  const hint = found === '' ? 'write "" for an empty key' : 'put it in quotes, if a text is meant';
  return refused({ kind: 'key', message, hint });
}

/** The key that takes in another map's fields. */
export function isMergeKey(node: Node): boolean {
  if (node.kind !== 'scalar' || node.text !== '<<') return false;
  return node.tag === `${coreTag}merge` || node.tag === '!' || (node.isPlain && node.tag === undefined);
}

/** The flaw of a map's or list's tag; kubectl ignores it, so only the tags that say what is there anyway are let through. */
export function flawOfCollectionTag(node: MapNode | ListNode): NodeFlaw | undefined {
  const { tag } = node;
  if (tag === undefined || tag === '!') return undefined;
  return tag === `${coreTag}${node.kind === 'map' ? 'map' : 'seq'}` ? undefined : unknownTag(tag);
}

type ResolvedScalar = Exclude<Resolved, { readonly kind: 'wrongTag' }>;

function resolve(node: ScalarNode): NodeRead<ResolvedScalar> {
  const tag = node.tag === undefined ? undefined : scalarTags.get(node.tag);
  if (tag === undefined && node.tag !== undefined) return refused(unknownTag(node.tag));
  if (tag === 'binary') return decodeBinary(node.text);
  const resolved = resolveScalar({ text: node.text, isPlain: node.isPlain, tag });
  if (resolved.kind !== 'wrongTag') return read(resolved);
  return refused({ kind: 'tag', message: `the tag says !!${tag}, but ${excerpt(node.text)} is !!${resolved.found}` });
}

function unknownTag(tag: string): NodeFlaw {
  const name = tag.startsWith(coreTag) ? `!!${tag.slice(coreTag.length)}` : tag;
  return {
    kind: 'tag',
    message: `found the tag ${excerpt(name)}`,
    hint: 'kubectl would ignore it: manifests need no tags',
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeBinary(text: string): NodeRead<ResolvedScalar> {
  const base64 = text.replaceAll('\n', '');
  const flaw = {
    kind: 'tag',
    message: 'the value behind !!binary is no base64 of a UTF-8 text',
    hint: 'leave !!binary out',
  } as const;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) return refused(flaw);
  try {
    return read({ kind: 'value', value: utf8.decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))) });
  } catch {
    return refused(flaw);
  }
}
