/** A tree of YAML nodes to the JSON value that kubectl makes of it, and its marks. */
import type { Json } from '../json/value.ts';
import { type Links, linkAliases, noLinks } from './aliases.ts';
import { excerpt } from './excerpt.ts';
import { Fields } from './fields.ts';
import { Flaws, type ValueRead } from './flaws.ts';
import type { ReadLimits } from './limits.ts';
import type { Lines } from './lines.ts';
import { flawOfCollectionTag, isMergeKey, type NodeFlaw, type NodeRead, readKey, readScalar } from './node.ts';
import type { AliasNode, MapNode, Node } from './syntax/node.ts';

/** Makes the value of a document; `offset` is where the document begins in the file. */
export function build({ root, hasAliases }: Document, offset: number, lines: Lines, limits: ReadLimits): ValueRead {
  const flaws = new Flaws();
  const links = hasAliases ? linkAliases(root, offset, limits, flaws) : noLinks;
  const walk = new Walk(links, flaws, offset, lines, limits);
  const value = flaws.list.length > 0 ? null : walk.readValue(root, 1);
  return { value, marks: walk.marks, flaws };
}

type Document = { readonly root: Node; readonly hasAliases: boolean };

class Walk {
  readonly marks: number[] = [];
  readonly #links: Links;
  readonly #flaws: Flaws;
  readonly #offset: number;
  readonly #lines: Lines;
  readonly #limits: ReadLimits;
  /** The aliases whose values are being read: one inside the other. */
  readonly #open = new Set<AliasNode>();
  #expanded = 0;
  #isSpent = false;

  constructor(links: Links, flaws: Flaws, offset: number, lines: Lines, limits: ReadLimits) {
    this.#links = links;
    this.#flaws = flaws;
    this.#offset = offset;
    this.#lines = lines;
    this.#limits = limits;
  }

  /** An alias is marked where it is written, the parts of its value where they are. */
  readValue(node: Node, depth: number, key = node): Json {
    this.#lines.pushPlace(this.marks, this.#offset + node.offset, this.#offset + key.offset);
    return this.#contentOf(node, depth);
  }

  #contentOf(node: Node, depth: number): Json {
    if (this.#open.size > 0 && ++this.#expanded > this.#links.expandedMax) return this.#refuseGrowth(node);
    if (node.kind === 'scalar') return this.#accept(node, readScalar(node), null);
    if (node.kind === 'alias') return this.#follow(node, (target) => this.#contentOf(target, depth), null);
    // Without an alias the parser would have refused it before.
    if (depth > this.#limits.depthMax) return this.#refuseDepth(node);
    const flaw = flawOfCollectionTag(node);
    if (flaw !== undefined) this.#refuse(node, flaw, null);
    if (node.kind === 'list') return node.items.map((item) => this.readValue(item, depth + 1));
    return this.#fieldsOf(node, depth).toObject(this.marks);
  }

  #fieldsOf(map: MapNode, depth: number): Fields {
    const fields = new Fields();
    for (const { key, value } of map.entries) {
      if (this.#flaws.isFull) return fields;
      if (isMergeKey(key)) {
        this.#merge(value, fields, depth);
        continue;
      }
      const name = this.#nameOf(key);
      if (name === undefined) {
        this.readValue(value, depth + 1);
        continue;
      }
      const firstLine = fields.lineOf(name, this.marks);
      if (firstLine !== undefined) this.#flaws.duplicateKey(this.#offset + key.offset, name, firstLine);
      const start = this.marks.length;
      fields.set(name, this.readValue(value, depth + 1, key), start);
      if (fields.size <= this.#limits.keysMax) continue;
      this.#flaws.tooManyKeys(this.#offset + key.offset, this.#limits.keysMax);
      return fields;
    }
    return fields;
  }

  #nameOf(key: Node): string | undefined {
    const read = (node: Node): string | undefined => this.#accept(node, readKey(node), undefined);
    return key.kind === 'alias' ? this.#follow(key, read, undefined) : read(key);
  }

  /** What `<<` takes in replaces what stands before it in the map, and is replaced by what follows: kubectl's order. */
  #merge(value: Node, fields: Fields, depth: number): void {
    const sources = value.kind === 'list' ? value.items.toReversed() : [value];
    for (const source of sources) {
      const take = (map: Node): void => {
        if (map.kind === 'map') fields.merge(this.#fieldsOf(map, depth));
        else this.#refuse(source, { kind: 'merge', message: '<< takes a map, or a list of maps' }, undefined);
      };
      if (source.kind === 'alias') this.#follow(source, take, undefined);
      else take(source);
    }
  }

  #follow<T>(alias: AliasNode, read: (target: Node) => T, otherwise: T): T {
    if (this.#isSpent) return otherwise;
    const target = this.#links.targets.get(alias);
    if (target === undefined) {
      const message = `found the alias ${excerpt(`*${alias.name}`)}, but no such anchor before it`;
      const hint = 'a text that begins with * must stand in quotes';
      return this.#refuse(alias, { kind: 'anchor', message, hint }, otherwise);
    }
    if (this.#open.has(alias))
      return this.#refuse(
        alias,
        { kind: 'anchor', message: `the anchor ${excerpt(`&${alias.name}`)} contains itself` },
        otherwise,
      );
    this.#open.add(alias);
    const value = read(target);
    this.#open.delete(alias);
    return value;
  }

  #accept<T, U>(node: Node, read: NodeRead<T>, otherwise: U): T | U {
    return read.kind === 'read' ? read.value : this.#refuse(node, read.flaw, otherwise);
  }

  #refuse<T>(node: Node, flaw: NodeFlaw, otherwise: T): T {
    this.#flaws.add({ ...flaw, offset: this.#offset + node.offset });
    return otherwise;
  }

  #refuseGrowth(node: Node): null {
    const message = `the aliases of the document grow into more than ${this.#links.expandedMax} values`;
    return this.#spend(node, { kind: 'aliases', message });
  }

  #refuseDepth(node: Node): null {
    const message = `the aliases of the document make it more than ${this.#limits.depthMax} levels deep`;
    return this.#spend(node, { kind: 'aliases', message });
  }

  /** No alias is followed any more; the one to blame is the one that is written outside all others. */
  #spend(node: Node, flaw: NodeFlaw): null {
    if (this.#isSpent) return null;
    this.#isSpent = true;
    const [outermost = node] = this.#open;
    return this.#refuse(outermost, flaw, null);
  }
}
