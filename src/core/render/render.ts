/** An intent, as one cluster should hold it. */
import { digestOfText } from '../json/digest.ts';
import type { DesiredObject, Rendering } from '../model/cell.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { type Cluster, matches } from '../model/fleet.ts';
import { type Digest, digest, type ObjectKey, partsOf } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { describeObject } from '../model/object.ts';
import { applyDivisions, type Division } from './division.ts';
import { isIgnoredOn } from './ignore.ts';
import type { Piece } from './piece.ts';
import { finish, type Prepared } from './prepare.ts';
import { variablesOf } from './substitute.ts';
import { applyVariant } from './variant.ts';

export type RenderInput = {
  readonly intent: Intent;
  /** Of this intent, with the namespaces of its parts on this cluster. */
  readonly prepared: Prepared;
  readonly cluster: Cluster;
  readonly isCreatingNamespaces: boolean;
  readonly divisions: readonly Division[];
  /** Why some objects were not known before, beside what `prepared` misses. */
  readonly missing: readonly string[];
  readonly unplaced: readonly string[];
};

/** Shape: with an error among the diagnostics the rendering is not to be used. Pure: the same input, the same bytes. */
export function renderCell(input: RenderInput): Findings<Rendering> {
  const { intent, cluster, prepared } = input;
  const variables = variablesOf(cluster, intent.variables);
  const diagnostics: Diagnostic[] = [...prepared.diagnostics];
  let { pieces } = prepared;
  for (const variant of intent.variants) {
    if (matches(variant.clusters, cluster)) pieces = applyVariant(pieces, variant, variables, diagnostics);
  }
  const divided = applyDivisions(pieces, input.divisions);
  const ignore = intent.ignore.filter((rule) => isIgnoredOn(rule, cluster));
  const finished = ignore.length === intent.ignore.length ? prepared.finished : undefined;
  const finishOf = (piece: Piece): DesiredObject => finished?.get(piece) ?? finish(piece, ignore);
  const objects = divided.pieces.map(finishOf).toSorted((a, b) => a.rank - b.rank);
  diagnostics.push(...collisionsOf(objects));
  return { value: renderingOf(objects, divided.replicas, input), diagnostics };
}

function renderingOf(
  objects: readonly DesiredObject[],
  replicas: Rendering['replicas'],
  { intent, prepared, isCreatingNamespaces, missing, unplaced }: RenderInput,
): Rendering {
  const here = new Set(intent.parts.map(({ name }) => name));
  const needs = intent.parts.flatMap(({ name, dependsOn }) => {
    const needed = dependsOn.filter((each) => here.has(each));
    return needed.length === 0 ? [] : [[name, needed] as const];
  });
  return {
    objects,
    needs: new Map(needs),
    missing: [...missing, ...prepared.missing],
    unplaced,
    namespaces: isCreatingNamespaces ? namespacesOf(objects) : [],
    digest: digestOfObjects(objects),
    replicas,
  };
}

/** Of what a cell should hold, whatever the order. */
export function digestOfObjects(objects: readonly DesiredObject[]): Digest {
  const lines = objects.map((object) => `${object.key} ${object.digest}`);
  return digest(digestOfText(lines.toSorted().join('\n')));
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
    const message = `${describeObject(each.object)} is also in ${where}`;
    return [{ code: 'A1311', severity: 'error', origin: each.origin, message, hint: 'take one of them out' }];
  });
}

/** Those that every cluster has are not ours to make. */
const givenNamespaces: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

function namespacesOf(objects: readonly DesiredObject[]): readonly string[] {
  const declared = new Set(objects.flatMap(({ key, object }) => (isNamespace(key) ? [object.metadata.name] : [])));
  const written = objects.filter(({ isReadOnly }) => isReadOnly !== true);
  const used = new Set(written.map(({ key }) => partsOf(key).namespace));
  return [...used].filter((name) => name !== '' && !declared.has(name) && !givenNamespaces.has(name)).toSorted();
}

const isNamespace = (key: ObjectKey): boolean => key.startsWith('/Namespace/');
