/** Which anchored node each alias of a document means. */
import type { Flaws } from './flaws.ts';
import type { ReadLimits } from './limits.ts';
import type { AliasNode, Node } from './syntax/node.ts';

export type Links = {
  readonly targets: ReadonlyMap<AliasNode, Node>;
  /** How many values aliases may grow into. */
  readonly expandedMax: number;
};

/** Of a document without aliases. */
export const noLinks: Links = { targets: new Map(), expandedMax: 0 };

/** A document this small may use its anchors as often as it likes. */
const expandedMin = 1_000;

/**
 * Links every alias to the last node before it, in the order of the text, that has its anchor.
 *
 * Shape: `offset` is where the document begins; an alias without a target has no entry.
 */
export function linkAliases(root: Node, offset: number, limits: ReadLimits, flaws: Flaws): Links {
  const targets = new Map<AliasNode, Node>();
  const anchors = new Map<string, Node>();
  let aliases = 0;
  let nodes = 0;
  const visit = (node: Node): void => {
    nodes++;
    if (node.kind === 'alias') {
      aliases++;
      if (aliases === limits.aliasesMax + 1) {
        const message = `the document has more than ${limits.aliasesMax} aliases`;
        flaws.add({ kind: 'aliases', offset: offset + node.offset, message });
      }
      const target = anchors.get(node.name);
      if (target !== undefined) targets.set(node, target);
      return;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind !== 'map') return;
    for (const { key, value } of node.entries) {
      visit(key);
      visit(value);
    }
  };
  visit(root);
  return { targets, expandedMax: Math.max(expandedMin, nodes * limits.expansionMax) };
}
