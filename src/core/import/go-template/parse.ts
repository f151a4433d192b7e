/** A template of Go as a tree. Source: https://pkg.go.dev/text/template */
import { type Piece, piecesOf, type Word } from './lex.ts';
import { type Expression, type Node, UnfitError } from './syntax.ts';

/** Errors: UnfitError. */
export function parseTemplate(template: string): readonly Node[] {
  const reader = new Blocks(piecesOf(template));
  const nodes = reader.nodes();
  if (reader.end !== undefined) throw new UnfitError(`its template has \`${reader.end[0]}\` without a beginning`);
  return nodes;
}

/** How a block ends: `end`, or `else` with what follows it. */
type BlockEnd = readonly [keyword: string, words: readonly Word[]];

class Blocks {
  readonly #pieces: readonly Piece[];
  #next = 0;
  end: BlockEnd | undefined;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  nodes(): readonly Node[] {
    const nodes: Node[] = [];
    for (let piece = this.#pieces[this.#next]; piece !== undefined; piece = this.#pieces[this.#next]) {
      this.#next += 1;
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const [first, ...rest] = piece.words;
      const keyword = first?.kind === 'word' ? first.text : '';
      if (keyword === 'end' || keyword === 'else') {
        this.end = [keyword, rest];
        return nodes;
      }
      nodes.push(isBlock(keyword) ? this.#block(keyword, rest) : simple(piece.words));
    }
    this.end = undefined;
    return nodes;
  }

  #block(keyword: 'if' | 'with' | 'range', words: readonly Word[]): Node {
    const { variables, rest } = declared(words);
    const value = new Pipeline(rest).whole();
    const body = this.nodes();
    const otherwise = this.#otherwise();
    if (keyword === 'range') return { kind: 'range', over: value, variables, body, otherwise };
    return { kind: keyword, condition: value, variable: variables[0], body, otherwise };
  }

  #otherwise(): readonly Node[] {
    const end = this.end;
    if (end === undefined) throw new UnfitError('a block of its template does not end');
    if (end[0] === 'end') return [];
    const [first, ...rest] = end[1];
    // `else if` ends with the `end` of what it belongs to.
    const keyword = first?.kind === 'word' ? first.text : '';
    if (isBlock(keyword)) return [this.#block(keyword, rest)];
    const nodes = this.nodes();
    if (this.end?.[0] !== 'end') throw new UnfitError('a block of its template does not end');
    return nodes;
  }
}

const isBlock = (keyword: string): keyword is 'if' | 'with' | 'range' => ['if', 'with', 'range'].includes(keyword);

const isSign = (word: Word | undefined, sign: string): boolean => word?.kind === 'word' && word.text === sign;

function declared(words: readonly Word[]): { readonly variables: readonly string[]; readonly rest: readonly Word[] } {
  const at = words.findIndex((word) => isSign(word, ':='));
  if (at < 0) return { variables: [], rest: words };
  const names = words.slice(0, at).flatMap((word) => (word.kind === 'word' && word.text !== ',' ? [word.text] : []));
  return { variables: names, rest: words.slice(at + 1) };
}

function simple(words: readonly Word[]): Node {
  const [first, second] = words;
  if (first?.kind === 'word' && first.text.startsWith('$') && (isSign(second, ':=') || isSign(second, '=')))
    return {
      kind: 'assign',
      name: first.text,
      isNew: isSign(second, ':='),
      value: new Pipeline(words.slice(2)).whole(),
    };
  return { kind: 'print', value: new Pipeline(words).whole() };
}

class Pipeline {
  readonly #words: readonly Word[];
  #next = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  whole(): Expression {
    const value = this.#pipes();
    if (this.#next < this.#words.length) throw new UnfitError('its template has more words than belong together');
    return value;
  }

  #pipes(): Expression {
    let value = this.#command(undefined);
    while (isSign(this.#words[this.#next], '|')) {
      this.#next += 1;
      value = this.#command(value);
    }
    return value;
  }

  /** A value, or a function with its parameters; what is piped into it comes last. */
  #command(piped: Expression | undefined): Expression {
    const word = this.#words[this.#next];
    const isFunction = word?.kind === 'word' && /^[A-Za-z_]/.test(word.text) && constants.get(word.text) === undefined;
    if (!isFunction) {
      if (piped !== undefined) throw new UnfitError('its template pipes into what is no function');
      return this.#operand();
    }
    this.#next += 1;
    const parameters: Expression[] = [];
    while (this.#next < this.#words.length && !this.#isEnd()) parameters.push(this.#operand());
    return { kind: 'call', name: word.text, parameters: piped === undefined ? parameters : [...parameters, piped] };
  }

  #isEnd(): boolean {
    const word = this.#words[this.#next];
    return isSign(word, '|') || isSign(word, ')');
  }

  #operand(): Expression {
    const word = this.#words[this.#next];
    this.#next += 1;
    if (word === undefined) throw new UnfitError('a value is missing in its template');
    if (word.kind === 'text') return { kind: 'constant', value: word.text };
    if (word.kind === 'number') return { kind: 'constant', value: word.value };
    return this.#fieldsOf(this.#start(word.text), word.text.startsWith('.') ? word.text.slice(1) : '');
  }

  #start(text: string): Expression | undefined {
    if (text === '(') {
      const inner = this.#pipes();
      if (!isSign(this.#words[this.#next], ')')) throw new UnfitError('a bracket of its template does not close');
      this.#next += 1;
      return inner;
    }
    if (text.startsWith('.')) return undefined;
    if (text.startsWith('$')) return { kind: 'variable', name: text };
    const constant = constants.get(text);
    if (constant !== undefined) return { kind: 'constant', value: constant.value };
    if (/^[A-Za-z_]/.test(text)) return { kind: 'call', name: text, parameters: [] };
    throw new UnfitError(`its template has \`${text}\` where a value stands`);
  }

  #fieldsOf(of: Expression | undefined, first: string): Expression {
    const fields = first === '' ? [] : [first];
    for (let word = this.#words[this.#next]; word?.kind === 'word'; word = this.#words[this.#next]) {
      if (word.isApart || !/^\../.test(word.text)) break;
      fields.push(word.text.slice(1));
      this.#next += 1;
    }
    return of !== undefined && fields.length === 0 ? of : { kind: 'path', of, fields };
  }
}

const constants: ReadonlyMap<string, { readonly value: boolean | null }> = new Map([
  ['true', { value: true }],
  ['false', { value: false }],
  ['nil', { value: null }],
]);
