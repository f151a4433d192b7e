/** One value written in many ways: other quotes, other numbers, block and flow, comments, anchors. */
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import type { Choice } from './choice.ts';

/**
 * Writes a value as YAML lines below a key at `indent` columns, in a style that the seed decides. Most texts are valid and
 * mean the value; some say something else or nothing at all: what they mean is for the oracle to say.
 */
export function respell(value: Json, indent: number, choice: Choice): string {
  return new Speller(choice).node(value, indent, false);
}

class Speller {
  readonly #choice: Choice;
  readonly #anchors: string[] = [];

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  /** What follows a colon or dash, up to and with the line's end. */
  node(value: Json, indent: number, isFlow: boolean): string {
    if (this.#anchors.length > 0 && this.#choice.once(60))
      return ` *${this.#choice.of(this.#anchors)}${this.comment()}\n`;
    if (isFlow || this.#choice.once(12)) return ` ${this.props()}${this.flow(value, indent)}${this.comment()}\n`;
    if (isArray(value) && value.length > 0) return `${this.blockProps()}${this.comment()}\n${this.list(value, indent)}`;
    if (isObject(value) && Object.keys(value).length > 0)
      return `${this.blockProps()}${this.comment()}\n${this.map(value, indent)}`;
    if (typeof value === 'string' && this.#choice.once(value.includes('\n') ? 2 : 30))
      return ` ${this.block(value, indent)}`;
    return ` ${this.props()}${this.scalar(value, false, indent)}${this.comment()}\n`;
  }

  list(items: readonly Json[], indent: number): string {
    const pad = ' '.repeat(indent);
    return items
      .map((item) => {
        if (!isObject(item) || Object.keys(item).length === 0 || this.#choice.once(8))
          return `${this.gap(indent)}${pad}-${this.node(item, indent + this.#choice.of([1, 2, 2, 2, 4]), false)}`;
        return `${this.gap(indent)}${pad}- ${this.map(item, indent + 2).trimStart()}`;
      })
      .join('');
  }

  map(object: JsonObject, indent: number): string {
    const pad = ' '.repeat(indent);
    const step = this.#choice.of([2, 2, 2, 4, 1, 3]);
    return Object.entries(object)
      .map(([key, value]) => {
        const low = isArray(value) && this.#choice.below(3) > 0;
        const rest = this.node(value, low ? indent : indent + step, false);
        if (this.#choice.once(60)) return `${pad}? ${this.key(key)}\n${pad}:${rest}`;
        const merge =
          this.#choice.once(80) && this.#anchors.length > 0 ? `${pad}<<: *${this.#choice.of(this.#anchors)}\n` : '';
        return `${this.gap(indent)}${merge}${pad}${this.key(key)}${this.#choice.once(20) ? ' ' : ''}:${rest}`;
      })
      .join('');
  }

  flow(value: Json, indent: number): string {
    const space = (): string => {
      if (this.#choice.once(9)) return `${this.comment()}\n${' '.repeat(indent + this.#choice.below(3))}`;
      return this.#choice.of(['', ' ', ' ', '\t']);
    };
    const end = this.#choice.once(6) ? ',' : '';
    if (isArray(value))
      return `[${space()}${value.map((item) => this.flow(item, indent)).join(`${space()},${space()}`)}${value.length > 0 ? end : ''}${space()}]`;
    if (!isObject(value)) return this.scalar(value, true, indent);
    const fields = Object.entries(value).map(
      ([key, part]) => `${this.key(key)}:${this.#choice.of([' ', ' ', ' ', '\t'])}${this.flow(part, indent)}`,
    );
    return `{${space()}${fields.join(`${space()},${space()}`)}${fields.length > 0 ? end : ''}${space()}}`;
  }

  key(key: string): string {
    return this.#choice.once(8) ? this.quoted(key) : /^[A-Za-z0-9_./-]+$/.test(key) ? key : this.quoted(key);
  }

  scalar(value: Json, isFlow: boolean, indent: number): string {
    if (value === null) return isFlow ? 'null' : this.#choice.of(['null', '~', '', 'Null']);
    if (typeof value === 'boolean')
      return this.#choice.of(value ? ['true', 'yes', 'On', 'y', 'TRUE'] : ['false', 'no', 'OFF', 'n', 'False']);
    if (typeof value === 'number' || typeof value === 'bigint') return this.number(value);
    if (typeof value !== 'string') return '{}';
    const isSafe = /^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$/.test(value);
    if (isSafe && this.#choice.below(4) > 0)
      return this.#choice.once(6) && !isFlow ? value.replaceAll(' ', `\n${' '.repeat(indent + 1)}`) : value;
    return this.#choice.once(12) && !value.includes('\n') ? value : this.quoted(value, indent);
  }

  number(value: number | bigint): string {
    const text = String(value);
    if (!Number.isInteger(Number(value)) || Number(value) < 0) return text;
    return this.#choice.of([
      text,
      text,
      `0x${value.toString(16)}`,
      `0o${value.toString(8)}`,
      `0${value.toString(8)}`,
      `0b${value.toString(2)}`,
      `+${text}`,
      `${text}.0`,
      `${text}e0`,
      text.replace(/(\d)(\d{3})$/, '$1_$2'),
    ]);
  }

  quoted(text: string, indent = 0): string {
    if (this.#choice.once(2) && !text.includes('\n')) return `'${text.replaceAll("'", "''")}'`;
    const json = JSON.stringify(text).replaceAll(/\\u(d[89ab]..)/g, '?');
    if (!this.#choice.once(4)) return json;
    return json.replaceAll(
      /([a-z]) ([a-z])/g,
      (_, a, b) => `${a}${this.#choice.of([' \\\n', '\n', '  \n'])}${' '.repeat(this.#choice.below(indent + 3))}${b}`,
    );
  }

  block(text: string, indent: number): string {
    const step = 1 + this.#choice.below(4);
    const needsIndicator = /^\s/.test(text) || this.#choice.once(10);
    const chomp = this.#choice.of(['', '', '-', '+']);
    const header = `${this.#choice.of(['|', '|', '>'])}${needsIndicator ? `${step}${chomp}` : chomp}`;
    // Behind a key its map's column counts, which is less than `indent` by a step unknown here: the oracle knows.
    const pad = ' '.repeat(indent + step);
    const lines = text.split('\n').map((line) => (line === '' && this.#choice.once(2) ? '' : pad + line));
    const tail = this.#choice.of(['', '', '\n', `\n${pad}`, `\n${' '.repeat(this.#choice.below(indent + 6))}\n`]);
    return `${header}${this.comment()}\n${lines.join('\n')}${tail}\n`;
  }

  comment(): string {
    return this.#choice.once(25) ? this.#choice.of([' # note', ' #', '\t# a: b', ' # "']) : '';
  }

  gap(indent: number): string {
    if (!this.#choice.once(25)) return '';
    return this.#choice.of(['\n', '\n\n', '# note\n', `${' '.repeat(indent)}# - a: b\n`, '   \n', '  #x\n']);
  }

  anchor(): string {
    const name = `a${this.#anchors.length}`;
    this.#anchors.push(name);
    return `&${name}`;
  }

  props(): string {
    if (!this.#choice.once(40)) return '';
    return this.#choice.of([
      `${this.anchor()} `,
      '!!str ',
      '!!int ',
      `${this.anchor()} !!str `,
      '! ',
      '!!float ',
      '!!bool ',
    ]);
  }

  blockProps(): string {
    return this.#choice.once(40) ? ` ${this.anchor()}` : '';
  }
}
