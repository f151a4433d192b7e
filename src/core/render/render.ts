/** An intent, as one cluster should hold it. */
import { digestOf, digestOfText } from '../json/digest.ts';
import type { DesiredObject, Rendering } from '../model/cell.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { type Cluster, matches } from '../model/fleet.ts';
import { digest, type ObjectKey, partsOf } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { describeObject, type KubeObject, keyOf, kindOf, withMetadata } from '../model/object.ts';
import { type ReadResult, readKey } from '../model/observed.ts';
import { rankOf } from '../model/order.ts';
import { stripForCopy } from './copy.ts';
import { applyDivisions, type Division } from './division.ts';
import { releaseIgnored } from './ignore.ts';
import { unknownVariable } from './patch.ts';
import type { Piece } from './piece.ts';
import type { ScopeOf } from './scope.ts';
import { substitute, type Variables, variablesOf } from './substitute.ts';
import { applyVariant } from './variant.ts';

export type RenderInput = {
  readonly intent: Intent;
  readonly cluster: Cluster;
  readonly isCreatingNamespaces: boolean;
  readonly divisions: readonly Division[];
  readonly reads: ReadonlyMap<string, ReadResult>;
  readonly scopeOf: ScopeOf;
};

/** Shape: with an error among the diagnostics the rendering is not to be used. Pure: the same input, the same bytes. */
export function renderCell(input: RenderInput): Findings<Rendering> {
  const { intent, cluster } = input;
  const variables = variablesOf(cluster, intent.variables);
  const diagnostics: Diagnostic[] = [];
  const missing: string[] = [];
  let pieces: readonly Piece[] = intent.parts.flatMap((part): readonly Piece[] => {
    const found = piecesOf(part, input, missing);
    const namespace = namespaceOf(part, variables, diagnostics);
    return found.map((piece) => ({ ...piece, object: inNamespace(piece.object, namespace, input) }));
  });
  for (const variant of intent.variants) {
    if (matches(variant.clusters, cluster)) pieces = applyVariant(pieces, variant, variables, diagnostics);
  }
  const divided = applyDivisions(pieces, input.divisions);
  const objects = divided.pieces.map((piece) => finish(piece, input)).toSorted((a, b) => a.rank - b.rank);
  diagnostics.push(...collisionsOf(objects));
  return { value: renderingOf(objects, missing, divided.replicas, input), diagnostics };
}

function renderingOf(
  objects: readonly DesiredObject[],
  missing: readonly string[],
  replicas: Rendering['replicas'],
  input: RenderInput,
): Rendering {
  const needs = input.intent.parts.flatMap((part) =>
    part.dependsOn.length === 0 ? [] : [[part.name, part.dependsOn] as const],
  );
  return {
    objects,
    needs: new Map(needs),
    missing,
    namespaces: input.isCreatingNamespaces ? namespacesOf(objects) : [],
    digest: digest(
      digestOfText(
        objects
          .map((object) => `${object.key} ${object.digest}`)
          .toSorted()
          .join('\n'),
      ),
    ),
    replicas,
  };
}

type IntentPart = Intent['parts'][number];

function piecesOf(part: IntentPart, { reads }: RenderInput, missing: string[]): readonly Piece[] {
  if (part.source.kind === 'objects')
    return part.source.objects.map(({ object, origin }) => ({ object, origin, part: part.name }));
  return part.source.copies.flatMap((copy): readonly Piece[] => {
    const result = reads.get(readKey(copy)) ?? { kind: 'unreadable', reason: 'not read yet' };
    if (result.kind === 'found')
      return result.objects.map((object) => ({ object: stripForCopy(object), origin: copy.origin, part: part.name }));
    const which = copy.which.kind === 'name' ? copy.which.name : 'by label';
    missing.push(
      `${copy.resource} ${copy.namespace === undefined ? '' : `${copy.namespace}/`}${which} on ${copy.cluster}: ${result.reason}`,
    );
    return [];
  });
}

function namespaceOf(part: IntentPart, variables: Variables, diagnostics: Diagnostic[]): string | undefined {
  if (part.namespace === undefined) return undefined;
  const { value, unknown } = substitute(part.namespace, variables);
  if (unknown.length > 0)
    diagnostics.push({ code: 'A1307', severity: 'error', origin: part.origin, message: unknownVariable(unknown) });
  return value;
}

/** Fills in what is missing; a namespace that the manifest names stays. A kind without namespaces loses it. */
function inNamespace(object: KubeObject, namespace: string | undefined, { intent, scopeOf }: RenderInput): KubeObject {
  const wanted = scopeOf(kindOf(object))
    ? (object.metadata.namespace ?? namespace ?? intent.id.slice(0, intent.id.indexOf('/')))
    : undefined;
  if (object.metadata.namespace === wanted) return object;
  return withMetadata(object, { namespace: wanted });
}

function finish(piece: Piece, { intent }: RenderInput): DesiredObject {
  const { object, released } = releaseIgnored(piece.object, intent.ignore);
  const kind = kindOf(object);
  return {
    key: keyOf(object),
    object,
    released,
    origin: piece.origin,
    digest: digest(digestOf(object)),
    part: piece.part,
    rank: rankOf(kind),
  };
}

function collisionsOf(objects: readonly DesiredObject[]): readonly Diagnostic[] {
  const first = new Map<ObjectKey, DesiredObject>();
  return objects.flatMap((each): readonly Diagnostic[] => {
    const other = first.get(each.key);
    if (other === undefined) {
      first.set(each.key, each);
      return [];
    }
    const where = `${other.origin.path}:${other.origin.line}`;
    return [
      {
        code: 'A1311',
        severity: 'error',
        origin: each.origin,
        message: `${describeObject(each.object)} is also in ${where}`,
      },
    ];
  });
}

/** Those that every cluster has are not ours to make. */
const givenNamespaces: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

function namespacesOf(objects: readonly DesiredObject[]): readonly string[] {
  const declared = new Set(
    objects.flatMap(({ object }) => (object.kind === 'Namespace' ? [object.metadata.name] : [])),
  );
  const used = new Set(objects.map(({ key }) => partsOf(key).namespace));
  return [...used].filter((name) => name !== '' && !declared.has(name) && !givenNamespaces.has(name)).toSorted();
}
