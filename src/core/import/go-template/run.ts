/** Fills a template of Go in. */
import { at, isArray, isObject, type Json } from '../../json/value.ts';
import { callFunction } from './functions.ts';
import { parseTemplate } from './parse.ts';
import { type Expression, type Node, UnfitError } from './syntax.ts';

/** `isStrict`: what is missing is a problem, not a nothing. */
export type FillOptions = { readonly isStrict: boolean };

/** Errors: UnfitError. */
export function fillTemplate(template: string, parameters: Json, { isStrict }: FillOptions): string {
  if (!template.includes('{{')) return template;
  return new Run(isStrict).all(parseTemplate(template), parameters, new Scope(parameters, undefined));
}

/** Of variables; one that is set again is set where it was made. */
class Scope {
  readonly #own: Map<string, Json | undefined>;
  readonly #outer: Scope | undefined;

  constructor(root: Json | undefined, outer: Scope | undefined) {
    this.#own = new Map(outer === undefined ? [['$', root]] : []);
    this.#outer = outer;
  }

  get(name: string): Json | undefined {
    if (this.#own.has(name)) return this.#own.get(name);
    if (this.#outer === undefined) throw new UnfitError(`its template has no variable ${name}`);
    return this.#outer.get(name);
  }

  set(name: string, value: Json | undefined, isNew: boolean): void {
    if (isNew || this.#own.has(name)) this.#own.set(name, value);
    else if (this.#outer === undefined) throw new UnfitError(`its template has no variable ${name}`);
    else this.#outer.set(name, value, isNew);
  }
}

class Run {
  readonly #isStrict: boolean;

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  all(nodes: readonly Node[], dot: Json | undefined, scope: Scope): string {
    return nodes.map((node) => this.#one(node, dot, scope)).join('');
  }

  #one(node: Node, dot: Json | undefined, scope: Scope): string {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'print':
        return printed(this.#value(node.value, dot, scope));
      case 'assign':
        scope.set(node.name, this.#value(node.value, dot, scope), node.isNew);
        return '';
      case 'if':
      case 'with': {
        const value = this.#value(node.condition, dot, scope);
        const inner = new Scope(undefined, scope);
        if (node.variable !== undefined) inner.set(node.variable, value, true);
        if (!isTrue(value)) return this.all(node.otherwise, dot, inner);
        return this.all(node.body, node.kind === 'with' ? value : dot, inner);
      }
      case 'range': {
        const items = itemsOf(this.#value(node.over, dot, scope));
        if (items.length === 0) return this.all(node.otherwise, dot, new Scope(undefined, scope));
        return items.map(([key, value]) => this.#turn(node, key, value, scope)).join('');
      }
    }
  }

  #turn(node: Extract<Node, { readonly kind: 'range' }>, key: Json, value: Json, scope: Scope): string {
    const inner = new Scope(undefined, scope);
    const [first, second] = node.variables;
    if (second !== undefined && first !== undefined) inner.set(first, key, true);
    const named = second ?? first;
    if (named !== undefined) inner.set(named, value, true);
    return this.all(node.body, value, inner);
  }

  #value(expression: Expression, dot: Json | undefined, scope: Scope): Json | undefined {
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'variable':
        return scope.get(expression.name);
      case 'path': {
        const start = expression.of === undefined ? dot : this.#value(expression.of, dot, scope);
        const value = at(start, ...expression.fields);
        if (value === undefined && this.#isStrict && expression.fields.length > 0)
          throw new UnfitError(`nothing says what .${expression.fields.join('.')} is`);
        return value;
      }
      case 'call':
        return this.#call(expression.name, expression.parameters, dot, scope);
    }
  }

  #call(name: string, parameters: readonly Expression[], dot: Json | undefined, scope: Scope): Json | undefined {
    const values = parameters.map((parameter) => () => this.#value(parameter, dot, scope));
    // These two look at no more than they need.
    if (name === 'and' || name === 'or') {
      let last: Json | undefined;
      for (const value of values) {
        last = value();
        if (isTrue(last) === (name === 'or')) return last;
      }
      return last;
    }
    return callFunction(
      name,
      values.map((value) => value()),
    );
  }
}

/** Source: text/template, `IsTrue`. */
export function isTrue(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return false;
  if (isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

function itemsOf(value: Json | undefined): readonly (readonly [Json, Json])[] {
  if (isArray(value)) return value.map((item, index) => [index, item]);
  if (isObject(value)) return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (value === undefined || value === null) return [];
  throw new UnfitError('its template goes through what is no list');
}

function printed(value: Json | undefined): string {
  if (value === undefined || value === null) throw new UnfitError('its template prints what nothing has said');
  if (isArray(value) || isObject(value)) throw new UnfitError('its template prints a whole list or object');
  return String(value);
}
