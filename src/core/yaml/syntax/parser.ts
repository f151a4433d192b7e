/** Tokens to nodes. */

import type { ReadLimits } from '../limits.ts';
import type { Flaw } from '../problem.ts';
import { fail, MalformedError } from './malformed.ts';
import type { Entry, ListNode, MapNode, Node } from './node.ts';
import { describeToken, failComma, failDash, failEntry, failUnclosed, failValue } from './parser-failure.ts';
import { Scanner } from './scanner.ts';
import type { TokenKind } from './token.ts';

export type Parsed =
  | { readonly kind: 'parsed'; readonly root: Node | undefined; readonly hasAliases: boolean }
  | { readonly kind: 'malformed'; readonly flaw: Flaw };

/**
 * Parses the text of one document.
 *
 * Shape: offsets count from the beginning of `text`; nothing but comments gives no root. The first mistake ends it.
 * Cost: linear. Source: libyaml's grammar as kubectl has it; what kubectl would leave unread behind the document is refused.
 */
export function parseDocument(text: string, limits: Limits): Parsed {
  try {
    refuseControls(text);
    const parser = new Parser(text, limits);
    const root = parser.readDocument();
    return { kind: 'parsed', root, hasAliases: parser.hasAliases };
  } catch (error) {
    if (error instanceof MalformedError) return { kind: 'malformed', flaw: error.flaw };
    throw error;
  }
}

/** kubectl lets no control character stand but the tab and line ends, and a byte order mark would vanish at a line's start. */
function refuseControls(text: string): void {
  const found = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|^\ufeff/m.exec(text);
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const hint =
    code === 'FEFF' ? 'a byte order mark can stand only where a file begins' : `write "\\u${code}" in double quotes`;
  fail('encoding', found.index, `found the control character U+${code}`, hint);
}

type Limits = Pick<ReadLimits, 'depthMax' | 'valuesMax'>;

type Properties = { readonly anchor: string | undefined; readonly tag: string | undefined };

class Parser {
  hasAliases = false;
  readonly #scanner: Scanner;
  readonly #limits: Limits;
  #depth = 0;
  #values = 0;

  constructor(text: string, limits: Limits) {
    this.#scanner = new Scanner(text);
    this.#limits = limits;
  }

  readDocument(): Node | undefined {
    if (this.#isAt('textEnd')) return undefined;
    const root = this.#readNode(true, false);
    const hasEnd = this.#isAt('documentEnd');
    while (this.#isAt('documentEnd')) this.#scanner.take();
    const { kind, start } = this.#scanner.peek();
    if (kind === 'textEnd') return root;
    const message = `found ${describeToken(this.#scanner)} behind the end of the document`;
    const hint = hasEnd ? 'kubectl would leave it out without a word: put --- between two documents' : undefined;
    return fail('separator', start, message, hint);
  }

  #isAt(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  #isAtEnd(): boolean {
    return this.#isAt('textEnd', 'documentEnd');
  }

  /** Inside brackets no block may begin; the value of a key may be a list whose dashes stand below the key. */
  #readNode(isBlock: boolean, mayBeLowList: boolean): Node {
    const token = this.#scanner.peek();
    if (token.kind === 'alias') {
      this.hasAliases = true;
      return { kind: 'alias', offset: this.#scanner.take().start, name: token.text };
    }
    const properties = this.#readProperties();
    const { kind, start } = this.#scanner.peek();
    switch (kind) {
      case 'plain':
      case 'quoted': {
        const { anchor, tag } = properties;
        const { text } = this.#scanner.take();
        return { kind: 'scalar', offset: start, anchor, tag, text, isPlain: kind === 'plain' };
      }
      case 'flowListStart':
        return this.#nested(start, () => this.#readFlowList(properties));
      case 'flowMapStart':
        return this.#nested(start, () => this.#readFlowMap(properties));
      case 'listStart':
        if (isBlock) return this.#nested(start, () => this.#readList(properties));
        break;
      case 'mapStart':
        if (isBlock) return this.#nested(start, () => this.#readMap(properties));
        break;
      case 'dash':
        if (mayBeLowList) return this.#nested(start, () => this.#readLowList(properties));
        break;
    }
    if (properties.anchor !== undefined || properties.tag !== undefined) return emptyNode(start, properties);
    return failValue(this.#scanner);
  }

  #readProperties(): Properties {
    if (!this.#isAt('tag', 'anchor')) return noProperties;
    let anchor: string | undefined;
    let tag: string | undefined;
    if (this.#isAt('tag')) tag = this.#scanner.take().text;
    if (this.#isAt('anchor')) anchor = this.#scanner.take().text;
    if (tag === undefined && this.#isAt('tag')) tag = this.#scanner.take().text;
    return { anchor, tag };
  }

  #countValue(): void {
    const { valuesMax } = this.#limits;
    if (++this.#values > valuesMax) fail('values', this.#scanner.peek().start, tooManyValues);
  }

  #nested<T extends Node>(start: number, read: () => T): T {
    const { depthMax } = this.#limits;
    if (++this.#depth > depthMax) fail('depth', start, `the document is more than ${depthMax} levels deep`);
    const node = read();
    this.#depth--;
    return node;
  }

  #readList(properties: Properties): ListNode {
    const { start } = this.#scanner.take();
    const items: Node[] = [];
    while (this.#isAt('dash')) items.push(this.#readItem('dash', 'blockEnd'));
    if (!this.#isAt('blockEnd')) failDash(this.#scanner, start);
    this.#scanner.take();
    return { kind: 'list', offset: start, ...properties, items };
  }

  #readLowList(properties: Properties): ListNode {
    const { start } = this.#scanner.peek();
    const items: Node[] = [];
    while (this.#isAt('dash')) items.push(this.#readItem('dash', 'key', 'value', 'blockEnd'));
    return { kind: 'list', offset: start, ...properties, items };
  }

  /** The item behind a dash; an empty one before a token of these kinds. */
  #readItem(...ends: readonly TokenKind[]): Node {
    this.#countValue();
    const { end } = this.#scanner.take();
    return this.#isAt(...ends) ? emptyNode(end) : this.#readNode(true, false);
  }

  #readMap(properties: Properties): MapNode {
    const { start } = this.#scanner.take();
    const entries: Entry[] = [];
    while (this.#isAt('key')) entries.push(this.#readEntry(true, 'key', 'value', 'blockEnd'));
    if (!this.#isAt('blockEnd')) failEntry(this.#scanner, start);
    this.#scanner.take();
    return { kind: 'map', offset: start, ...properties, entries };
  }

  /** An entry from its key token on; key and value are empty before a token of these kinds. */
  #readEntry(isBlock: boolean, ...ends: readonly TokenKind[]): Entry {
    const { end } = this.#scanner.take();
    const key = this.#isAt('value', ...ends) ? emptyNode(end) : this.#readNode(isBlock, isBlock);
    return { key, value: this.#readEntryValue(isBlock, ends) };
  }

  #readEntryValue(isBlock: boolean, ends: readonly TokenKind[]): Node {
    this.#countValue();
    if (!this.#isAt('value')) return emptyNode(this.#scanner.peek().start);
    const { end } = this.#scanner.take();
    return this.#isAt(...ends) ? emptyNode(end) : this.#readNode(isBlock, isBlock);
  }

  #readFlowList(properties: Properties): ListNode {
    const { start } = this.#scanner.take();
    const items: Node[] = [];
    while (!this.#isAt('flowListEnd')) {
      if (this.#isAtEnd()) failUnclosed('[', start);
      this.#countValue();
      items.push(this.#isAt('key') ? this.#readPair() : this.#readNode(false, false));
      this.#takeComma('flowListEnd', start);
    }
    this.#scanner.take();
    return { kind: 'list', offset: start, ...properties, items };
  }

  /** `[a: b]` is a list with a map in it. */
  #readPair(): MapNode {
    const { start } = this.#scanner.peek();
    return this.#nested(start, () => {
      const entry = this.#readEntry(false, 'comma', 'flowListEnd');
      return { kind: 'map', offset: start, anchor: undefined, tag: undefined, entries: [entry] };
    });
  }

  #readFlowMap(properties: Properties): MapNode {
    const { start } = this.#scanner.take();
    const entries: Entry[] = [];
    while (!this.#isAt('flowMapEnd')) {
      if (this.#isAtEnd()) failUnclosed('{', start);
      entries.push(this.#isAt('key') ? this.#readEntry(false, 'comma', 'flowMapEnd') : this.#readKeyAlone());
      this.#takeComma('flowMapEnd', start);
    }
    this.#scanner.take();
    return { kind: 'map', offset: start, ...properties, entries };
  }

  #readKeyAlone(): Entry {
    this.#countValue();
    const key = this.#readNode(false, false);
    return { key, value: emptyNode(this.#scanner.peek().start) };
  }

  #takeComma(closing: 'flowListEnd' | 'flowMapEnd', start: number): void {
    if (this.#isAt('comma')) this.#scanner.take();
    else if (!this.#isAt(closing)) failComma(this.#scanner, closing, start);
  }
}

const tooManyValues = 'the file has more values than a manifest may have';

const noProperties: Properties = { anchor: undefined, tag: undefined };

const emptyNode = (offset: number, properties = noProperties): Node => ({
  kind: 'scalar',
  offset,
  ...properties,
  text: '',
  isPlain: true,
});
