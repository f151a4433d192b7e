/** The `if` of a workflow step: would it run when all goes well? */
import { equal } from '../../json/equal.ts';
import type { Json } from '../../json/value.ts';

/** `unknown`: it depends on what only a running cluster can tell. */
export type Verdict = 'runs' | 'skipped' | 'unknown';

/** What steps say of themselves when they have succeeded. */
const succeeded: Readonly<Record<string, Json>> = {
  phase: 'succeeded',
  succeeded: true,
  failed: false,
  skipped: false,
  timeout: false,
  failedAfterRetries: false,
  terminate: false,
};

/**
 * Stages only go on when the ones before are well, so that a condition is judged as if every earlier step had succeeded.
 *
 * Shape: `always`, and expressions of `status.<step>.<field>`, texts, `true`, `false`, `==`, `!=`, `&&`, `||`, `!`, brackets.
 */
export function judge(text: string | undefined): Verdict {
  const condition = (text ?? '').trim();
  if (condition === '' || condition === 'always') return 'runs';
  const tokens = tokensOf(condition);
  if (tokens === undefined) return 'unknown';
  const parser = new Parser(tokens);
  const value = parser.either();
  if (!parser.isDone || typeof value !== 'boolean') return 'unknown';
  return value ? 'runs' : 'skipped';
}

const lengthMax = 2_000;
const tokenShape = /\s*(?:(==|!=|&&|\|\||[!().[\]])|"([^"\\]*)"|([A-Za-z_][A-Za-z0-9_]*))/y;

type Token = { readonly kind: 'sign' | 'text' | 'word'; readonly text: string };

function tokensOf(text: string): readonly Token[] | undefined {
  if (text.length > lengthMax) return undefined;
  const tokens: Token[] = [];
  tokenShape.lastIndex = 0;
  while (tokenShape.lastIndex < text.length) {
    const [, sign, quoted, word] = tokenShape.exec(text) ?? [];
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else return undefined;
  }
  return tokens;
}

/** Undefined is a value that nobody knows; it makes unknown what depends on it. */
type Value = Json | undefined;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isDone(): boolean {
    return this.#at === this.#tokens.length;
  }

  either(): Value {
    let value = this.#both();
    while (this.#takes('||')) {
      const other = this.#both();
      value = value === true || other === true ? true : value === false && other === false ? false : undefined;
    }
    return value;
  }

  #both(): Value {
    let value = this.#comparison();
    while (this.#takes('&&')) {
      const other = this.#comparison();
      value = value === false || other === false ? false : value === true && other === true ? true : undefined;
    }
    return value;
  }

  #comparison(): Value {
    const value = this.#operand();
    for (const sign of ['==', '!=']) {
      if (!this.#takes(sign)) continue;
      const other = this.#operand();
      return value === undefined || other === undefined ? undefined : equal(value, other) === (sign === '==');
    }
    return value;
  }

  #operand(): Value {
    if (this.#takes('!')) {
      const value = this.#operand();
      return typeof value === 'boolean' ? !value : undefined;
    }
    if (this.#takes('(')) {
      const value = this.either();
      return this.#takes(')') ? value : undefined;
    }
    const token = this.#next();
    if (token?.kind === 'text') return token.text;
    if (token?.kind !== 'word') return undefined;
    if (token.text === 'true' || token.text === 'false') return token.text === 'true';
    const field = this.#steps().at(-1);
    return token.text === 'status' && field !== undefined && Object.hasOwn(succeeded, field)
      ? succeeded[field]
      : undefined;
  }

  #steps(): readonly string[] {
    const steps: string[] = [];
    for (;;) {
      const isField = this.#takes('.');
      if (!isField && !this.#takes('[')) return steps;
      steps.push(this.#next()?.text ?? '');
      if (!isField) this.#takes(']');
    }
  }

  #next(): Token | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token;
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }
}
