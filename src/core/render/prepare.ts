/** What an intent comes to before clusters differ: its objects, each in its namespace. */
import { digestOf } from '../json/digest.ts';
import { applyEdits } from '../json/edit.ts';
import { equal } from '../json/equal.ts';
import type { DesiredObject } from '../model/cell.ts';
import { withDeleteOptions } from '../model/delete-options.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import { digest, type ObjectKey } from '../model/id.ts';
import type { CopyEdit, CopyRef, IgnoreRule, Intent, Part } from '../model/intent.ts';
import { invariant } from '../model/invariant.ts';
import {
  describeObject,
  isKubeObject,
  isReadOnly,
  type KubeObject,
  keyOf,
  kindOf,
  withMetadata,
} from '../model/object.ts';
import { type ReadResult, readKey } from '../model/observed.ts';
import { rankOf } from '../model/order.ts';
import { stripForCopy } from './copy.ts';
import { releaseIgnored } from './ignore.ts';
import { unknownVariable } from './patch.ts';
import type { Piece } from './piece.ts';
import type { ScopeOf } from './scope.ts';
import { substitute, type Variables } from './substitute.ts';

/** What a cell holds at most; a record keeps so many. */
export const objectsMax = 5_000;

/** Shape: the same for every cluster on which the namespaces of the parts are the same. */
export type Prepared = {
  readonly pieces: readonly Piece[];
  /** What each piece is when nothing changes it on the way to a cluster. */
  readonly finished: ReadonlyMap<Piece, DesiredObject>;
  /** Why some objects are not known. */
  readonly missing: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

export type PrepareInput = {
  readonly intent: Intent;
  /** For each part, for objects that name none; see `namespacesOfParts`. */
  readonly namespaces: readonly PartNamespace[];
  readonly reads: ReadonlyMap<string, ReadResult>;
  readonly scopeOf: ScopeOf;
};

export function prepare({ intent, namespaces, reads, scopeOf }: PrepareInput): Prepared {
  const missing: string[] = [];
  const diagnostics = namespaces.flatMap((part) => part.diagnostics);
  const own = ownNamespace(intent);
  const found = intent.parts.flatMap((part, index) => {
    const given = namespaces[index]?.namespace;
    return piecesOf(part, given, { reads, missing, diagnostics }).map(
      (piece): Piece => ({ ...piece, object: inNamespace(piece.object, given ?? own, scopeOf) }),
    );
  });
  if (found.length > objectsMax) {
    const { origin } = intent;
    const message = `App ${intent.id} has ${found.length} objects, more than ${objectsMax}`;
    diagnostics.push({ code: 'A1314', severity: 'error', origin, message, hint: 'split it into several Apps' });
  }
  const pieces = found.slice(0, objectsMax);
  return {
    pieces,
    finished: new Map(pieces.map((piece) => [piece, finish(piece, intent.ignore)])),
    missing,
    diagnostics,
  };
}

const ownNamespace = ({ id }: Intent): string => id.slice(0, id.indexOf('/'));

export function finish(piece: Piece, ignore: readonly IgnoreRule[]): DesiredObject {
  const said = piece.deletion === undefined ? piece.object : withDeleteOptions(piece.object, piece.deletion);
  const { object, released, initial } = releaseIgnored(said, ignore);
  return {
    key: keyOf(object),
    object,
    released,
    initial,
    origin: piece.origin,
    digest: digest(digestOf(object)),
    part: piece.part,
    rank: rankOf(kindOf(object)),
    ...(isReadOnly(object) ? { isReadOnly: true } : {}),
    ...(piece.isSecret === true ? { isSecret: true } : {}),
  };
}

type Told = { readonly missing: string[]; readonly diagnostics: Diagnostic[] };

function piecesOf(
  part: Part,
  namespace: string | undefined,
  { reads, ...told }: Told & Pick<PrepareInput, 'reads'>,
): readonly Piece[] {
  if (part.source.kind === 'objects') return part.source.objects.map((declared) => ({ ...declared, part: part.name }));
  invariant(part.source.kind === 'copy', 'what tools and addresses make was made before');
  const { copies, edits = [] } = part.source;
  const found = copies.map((copy) => copied(copy, part.name, namespace, reads, told));
  const first = found[0]?.[0];
  return distinct(found.flat()).map((piece) => edited(piece, piece.object === first?.object, edits, told));
}

function copied(
  copy: CopyRef,
  part: string,
  namespace: string | undefined,
  reads: PrepareInput['reads'],
  { missing }: Told,
): readonly Piece[] {
  const result = reads.get(readKey(copy)) ?? { kind: 'unreadable', reason: 'not read yet' };
  if (result.kind === 'found' && result.objects.length > 0)
    return result.objects.map((object): Piece => {
      const stripped = stripForCopy(object);
      const moved = namespace === undefined ? stripped : withMetadata(stripped, { namespace });
      return { object: moved, origin: copy.origin, part };
    });
  const which = copy.which.kind === 'name' ? copy.which.name : 'by label';
  const reason = result.kind === 'found' ? 'there is no such object' : result.reason;
  missing.push(
    `${copy.resource} ${copy.namespace === undefined ? '' : `${copy.namespace}/`}${which} on ${copy.cluster}: ${reason}`,
  );
  return [];
}

/** What two references of one component find is copied once. */
function distinct(pieces: readonly Piece[]): readonly Piece[] {
  const seen = new Map<ObjectKey, Piece>();
  return pieces.filter((piece) => {
    const key = keyOf(piece.object);
    const met = seen.get(key);
    if (met === undefined) seen.set(key, piece);
    return met === undefined || !equal(met.object, piece.object);
  });
}

function edited(piece: Piece, isFirst: boolean, edits: readonly CopyEdit[], { diagnostics }: Told): Piece {
  let { object } = piece;
  for (const { to, origin, edits: all } of edits) {
    if (isFirst !== (to === 'first')) continue;
    const result = applyEdits(object, all);
    if (result.kind === 'edited' && isKubeObject(result.value)) object = result.value;
    else {
      const message = `on ${describeObject(object)}: ${result.kind === 'refused' ? result.message : 'no object is left'}`;
      diagnostics.push({ code: 'A1515', severity: 'error', origin, message });
    }
  }
  return object === piece.object ? piece : { ...piece, object };
}

/** Fills in what is missing; a namespace that the manifest names stays. A kind without namespaces loses it. */
function inNamespace(object: KubeObject, namespace: string, scopeOf: ScopeOf): KubeObject {
  const wanted = scopeOf(kindOf(object)) ? (object.metadata.namespace ?? namespace) : undefined;
  if (object.metadata.namespace === wanted) return object;
  return withMetadata(object, { namespace: wanted });
}

/** Where the objects of one part go that name no namespace; undefined: to the App's own. */
export type PartNamespace = { readonly namespace: string | undefined; readonly diagnostics: readonly Diagnostic[] };

const namespaceShape = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

export function namespacesOfParts({ parts }: Intent, variables: Variables): readonly PartNamespace[] {
  return parts.map(({ namespace: written, origin }): PartNamespace => {
    if (written === undefined) return { namespace: undefined, diagnostics: [] };
    const { value: namespace, unknown } = substitute(written, variables);
    const error = (code: Diagnostic['code'], message: string): PartNamespace => ({
      namespace,
      diagnostics: [{ code, severity: 'error', origin, message }],
    });
    if (unknown.length > 0) return error('A1307', unknownVariable(unknown));
    // It becomes part of paths and keys, and decides what a tenant may.
    if (!namespaceShape.test(namespace)) return error('A1312', `${excerpt(namespace)} cannot be a namespace`);
    return { namespace, diagnostics: [] };
  });
}
