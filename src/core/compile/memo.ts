/** Renderings that need not be made again: clusters that should hold the same share one. */
import { digestOf, digestOfText } from '../json/digest.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import type { Rendering } from '../model/cell.ts';
import type { Findings } from '../model/diagnostic.ts';
import { matches } from '../model/fleet.ts';
import type { Intent } from '../model/intent.ts';
import { type ReadResult, readKey } from '../model/observed.ts';
import { type RenderInput, renderCell } from '../render/render.ts';
import { variablesOf } from '../render/substitute.ts';

/** By what a rendering depends on. */
export type Memo = ReadonlyMap<string, Findings<Rendering>>;

export type Renderer = {
  readonly render: (input: RenderInput) => Findings<Rendering>;
  /** What was used: the next compile's memo. */
  readonly memo: () => Memo;
};

/** Renders through `previous`. `scopes` tells when kinds have changed their scope, which changes every rendering. */
export function rendererWith(previous: Memo, scopes: string): Renderer {
  const used = new Map<string, Findings<Rendering>>();
  const keyOf = rendererKey(scopes);
  return {
    memo: () => used,
    render: (input) => {
      const key = keyOf(input);
      const found = used.get(key) ?? previous.get(key) ?? renderCell(input);
      used.set(key, found);
      return found;
    },
  };
}

function rendererKey(scopes: string): (input: RenderInput) => string {
  const substituting = new Map<Intent, boolean>();
  const digests = new Map<ReadResult, string>();
  const digestOfRead = (result: ReadResult | undefined): string => {
    if (result === undefined) return '';
    const known =
      digests.get(result) ?? digestOf(result.kind === 'found' ? [...result.objects] : [result.kind, result.reason]);
    digests.set(result, known);
    return known;
  };
  return ({ intent, cluster, isCreatingNamespaces, divisions, reads }) => {
    const isSubstituting = substituting.get(intent) ?? substitutes(intent);
    substituting.set(intent, isSubstituting);
    const variants = intent.variants.map((variant) => (matches(variant.clusters, cluster) ? '1' : '0')).join('');
    const variables = isSubstituting ? JSON.stringify([...variablesOf(cluster, intent.variables)]) : '';
    const shares = divisions.map(({ total, shareOf }) => `${total}:${shareOf(total)}`).join(',');
    // Bounds of autoscalers are divided by their own totals, so the share of one is no key for them: the cluster is.
    const bounds = divisions.length > 0 ? cluster.id : '';
    const copies = intent.parts.flatMap(({ source }) =>
      source.kind === 'copy' ? source.copies.map((copy) => digestOfRead(reads.get(readKey(copy)))) : [],
    );
    const parts = [
      intent.id,
      intent.digest,
      variants,
      variables,
      String(isCreatingNamespaces),
      shares,
      bounds,
      ...copies,
      scopes,
    ];
    return digestOfText(parts.join('\n'));
  };
}

function substitutes(intent: Intent): boolean {
  const inPatch = intent.variants.some(({ patches }) =>
    patches.some(({ change }) =>
      change.kind === 'merge'
        ? holdsVariable(change.patch)
        : change.patch.some((operation) => 'value' in operation && holdsVariable(operation.value)),
    ),
  );
  return inPatch || intent.parts.some(({ namespace }) => namespace?.includes('${'));
}

function holdsVariable(value: Json): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (isArray(value)) return value.some(holdsVariable);
  return isObject(value) && Object.values(value).some(holdsVariable);
}
