/** What of earlier commits a snapshot needs to be read: documents that are numbered by their changes. */
import type { Past, Snapshot, SourceFile } from '../model/source.ts';
import type { Claims, Dialect, RememberedPast } from './dialect.ts';
import { filesOf } from './files.ts';
import { kindOfDocument, type Placed } from './placed.ts';

const nobody: Claims = () => false;

/** Does any of the dialects need it? */
export function asksForPast(snapshot: Snapshot, dialects: readonly Dialect[]): boolean {
  const everything = placedIn(snapshot);
  return dialects.some(({ asksForPast: asks, claims }) => asks?.(everything.filter(isClaimedBy(claims))) === true);
}

/** The snapshot without the files that nobody remembers. */
export function remembered(snapshot: Snapshot, dialects: readonly Dialect[]): Snapshot {
  const isKept = (file: SourceFile): boolean =>
    file.documents.some((document) => {
      const { group, kind } = kindOfDocument(document);
      return dialects.some(({ remembers = nobody }) => remembers(group, kind, document));
    });
  return { ...snapshot, files: snapshot.files.filter(isKept) };
}

export function pastOf({ snapshots, isWhole }: Past, { remembers = nobody }: Dialect): RememberedPast {
  return { moments: snapshots.map((snapshot) => placedIn(snapshot).filter(isClaimedBy(remembers))), isWhole };
}

const placedIn = (snapshot: Snapshot): readonly Placed[] => {
  const files = filesOf(snapshot);
  return files.all.flatMap((file) => files.documentsOf(file));
};

const isClaimedBy =
  (claims: Claims) =>
  ({ document }: Placed): boolean => {
    const { group, kind } = kindOfDocument(document);
    return claims(group, kind, document);
  };
