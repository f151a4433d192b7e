/** What an intent comes to before clusters differ: its objects, each in its namespace. */
import { digestOf } from '../json/digest.ts';
import type { DesiredObject } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import { digest } from '../model/id.ts';
import type { IgnoreRule, Intent, Part } from '../model/intent.ts';
import { invariant } from '../model/invariant.ts';
import { type KubeObject, keyOf, kindOf, withMetadata } from '../model/object.ts';
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
  const own = ownNamespace(intent);
  const found = intent.parts.flatMap((part, index) => {
    const given = namespaces[index]?.namespace;
    return piecesOf(part, given, reads, missing).map(
      (piece): Piece => ({ ...piece, object: inNamespace(piece.object, given ?? own, scopeOf) }),
    );
  });
  const diagnostics = namespaces.flatMap((part) => part.diagnostics);
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
  const { object, released } = releaseIgnored(piece.object, ignore);
  return {
    key: keyOf(object),
    object,
    released,
    origin: piece.origin,
    digest: digest(digestOf(object)),
    part: piece.part,
    rank: rankOf(kindOf(object)),
  };
}

function piecesOf(
  part: Part,
  namespace: string | undefined,
  reads: PrepareInput['reads'],
  missing: string[],
): readonly Piece[] {
  if (part.source.kind === 'objects')
    return part.source.objects.map(({ object, origin }) => ({ object, origin, part: part.name }));
  invariant(part.source.kind === 'copy', 'what tools make was made before');
  return part.source.copies.flatMap((copy): readonly Piece[] => {
    const result = reads.get(readKey(copy)) ?? { kind: 'unreadable', reason: 'not read yet' };
    if (result.kind === 'found' && result.objects.length > 0)
      return result.objects.map((object): Piece => {
        const stripped = stripForCopy(object);
        const moved = namespace === undefined ? stripped : withMetadata(stripped, { namespace });
        return { object: moved, origin: copy.origin, part: part.name };
      });
    const which = copy.which.kind === 'name' ? copy.which.name : 'by label';
    const reason = result.kind === 'found' ? 'there is no such object' : result.reason;
    missing.push(
      `${copy.resource} ${copy.namespace === undefined ? '' : `${copy.namespace}/`}${which} on ${copy.cluster}: ${reason}`,
    );
    return [];
  });
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
