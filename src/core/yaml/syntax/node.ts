/** A document as it is written: what kubectl's parser makes of the text, before anything is taken for a number. */

/** `offset` is where the node's content begins in the text, behind its anchor and tag. */
type Written = {
  readonly offset: number;
  readonly anchor: string | undefined;
  /** In full: `tag:yaml.org,2002:int`, `!mine`, or `!` alone. */
  readonly tag: string | undefined;
};

export type ScalarNode = Written & { readonly kind: 'scalar'; readonly text: string; readonly isPlain: boolean };
export type ListNode = Written & { readonly kind: 'list'; readonly items: readonly Node[] };
export type MapNode = Written & { readonly kind: 'map'; readonly entries: readonly Entry[] };
export type AliasNode = { readonly kind: 'alias'; readonly offset: number; readonly name: string };
export type Node = ScalarNode | ListNode | MapNode | AliasNode;

/** A key without a value has an empty plain scalar as its value. */
export type Entry = { readonly key: Node; readonly value: Node };
