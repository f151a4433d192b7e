/** Renderings that need not be made again: clusters that should hold the same share one. */
import { digestOf, digestOfText } from '../json/digest.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import type { Rendering } from '../model/cell.ts';
import type { Findings } from '../model/diagnostic.ts';
import { type Cluster, matches } from '../model/fleet.ts';
import type { Intent } from '../model/intent.ts';
import { type ReadResult, readKey } from '../model/observed.ts';
import type { Division } from '../render/division.ts';
import { isIgnoredOn } from '../render/ignore.ts';
import { namespacesOfParts, type Prepared, prepare } from '../render/prepare.ts';
import { renderCell } from '../render/render.ts';
import type { Scopes } from '../render/scope.ts';
import { type Variables, variablesOf } from '../render/substitute.ts';
import { placesOf } from './places.ts';

/** By what a rendering depends on. */
export type Memo = ReadonlyMap<string, Findings<Rendering>>;

export type CellInput = {
  readonly intent: Intent;
  readonly cluster: Cluster;
  readonly isCreatingNamespaces: boolean;
  readonly divisions: readonly Division[];
  /** Why some objects were not known before it came to rendering. */
  readonly missing: readonly string[];
  readonly unplaced: readonly string[];
};

export type Renderer = {
  readonly render: (input: CellInput) => Findings<Rendering>;
  /** What was used: the next compile's memo. */
  readonly memo: () => Memo;
};

export type RendererWorld = { readonly reads: ReadonlyMap<string, ReadResult>; readonly scopes: Scopes };

/** Renders through `previous`. */
export function rendererWith(previous: Memo, world: RendererWorld): Renderer {
  const used = new Map<string, Findings<Rendering>>();
  const traits = new Map<Intent, Traits>();
  const digestOfRead = readDigests();
  return {
    memo: () => used,
    render: (input) => {
      const { intent } = input;
      const known = traits.get(intent) ?? traitsOf(intent, world, digestOfRead);
      traits.set(intent, known);
      const key = keyOf(input, known);
      const found = used.get(key) ?? previous.get(key) ?? made(input, known, world);
      used.set(key, found);
      return found;
    },
  };
}

/** What is the same of an intent on every cluster. */
type Traits = {
  /** Of all that a rendering of it depends on, but for the cluster. */
  readonly digest: string;
  readonly isSubstituting: boolean;
  /** Its autoscalers' bounds may be divided, by totals that only they know. */
  readonly isScaling: boolean;
  /** By the namespaces of its parts. */
  readonly prepared: Map<string, Prepared>;
};

function traitsOf(
  intent: Intent,
  { reads, scopes }: RendererWorld,
  digestOfRead: (result: ReadResult | undefined) => string,
): Traits {
  const copies = intent.parts.flatMap(({ source }) => (source.kind === 'copy' ? source.copies : []));
  const parts = [
    intent.id,
    intent.digest,
    placesOf(intent),
    scopes.digest,
    ...copies.map((copy) => digestOfRead(reads.get(readKey(copy)))),
  ];
  return {
    digest: digestOfText(parts.join('\n')),
    isSubstituting: substitutes(intent),
    isScaling:
      copies.length > 0 ||
      intent.parts.some(({ source }) => source.kind === 'objects' && source.objects.some(isScaler)),
    prepared: new Map(),
  };
}

const isScaler = ({ object }: { readonly object: { readonly kind: string } }): boolean =>
  object.kind === 'HorizontalPodAutoscaler';

function keyOf(
  { intent, cluster, isCreatingNamespaces, divisions, missing, unplaced }: CellInput,
  traits: Traits,
): string {
  const variants = intent.variants.map((variant) => (matches(variant.clusters, cluster) ? '1' : '0')).join('');
  const rules = intent.ignore.map((rule) => (isIgnoredOn(rule, cluster) ? '1' : '0')).join('');
  const variables = traits.isSubstituting ? JSON.stringify([...variablesOf(cluster, intent.variables)]) : '';
  const shares = divisions.map(({ target, total, shareOf, digest, field }) => [
    target,
    field,
    shareOf(total),
    ...(traits.isScaling ? [cluster.id, digest] : []),
  ]);
  const divided = shares.length === 0 ? '' : JSON.stringify(shares);
  return `${traits.digest} ${isCreatingNamespaces} ${variants} ${rules} ${variables} ${divided} ${missing.join()} ${unplaced.join()}`;
}

function made(input: CellInput, traits: Traits, { reads, scopes }: RendererWorld): Findings<Rendering> {
  const { intent, cluster } = input;
  const variables: Variables = variablesOf(cluster, intent.variables);
  const namespaces = namespacesOfParts(intent, variables);
  const where = JSON.stringify(namespaces);
  const prepared = traits.prepared.get(where) ?? prepare({ intent, namespaces, reads, scopeOf: scopes.scopeOf });
  traits.prepared.set(where, prepared);
  return renderCell({ ...input, prepared });
}

function readDigests(): (result: ReadResult | undefined) => string {
  const digests = new Map<ReadResult, string>();
  return (result) => {
    if (result === undefined) return '';
    const known =
      digests.get(result) ?? digestOf(result.kind === 'found' ? [...result.objects] : [result.kind, result.reason]);
    digests.set(result, known);
    return known;
  };
}

function substitutes(intent: Intent): boolean {
  const inPatch = intent.variants.some(({ patches }) =>
    patches.some(({ change }) => {
      if (change.kind === 'merge') return holdsVariable(change.patch);
      return change.kind === 'json' && change.patch.some((each) => 'value' in each && holdsVariable(each.value));
    }),
  );
  return inPatch || intent.parts.some(({ namespace }) => namespace?.includes('${'));
}

function holdsVariable(value: Json): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (isArray(value)) return value.some(holdsVariable);
  return isObject(value) && Object.values(value).some(holdsVariable);
}
