/** From one commit of one repository to all that it declares. */

import type { Reading } from '../model/declarations.ts';
import { joinDeclarations } from '../model/declarations.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import type { RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { type Document, noPast, type Past, type Snapshot, type SourceFile } from '../model/source.ts';
import { almostNative } from './almost-native.ts';
import { appdeployment } from './appdeployment/appdeployment.ts';
import type { Claims, Declared, Dialect } from './dialect.ts';
import { federationV1 } from './federation-v1/federation-v1.ts';
import { cleanPath, type Files, filesOf, problemsOf } from './files.ts';
import { foreignInventory } from './foreign-inventory.ts';
import { kubefed } from './kubefed/kubefed.ts';
import { kubeservice } from './kubeservice/kubeservice.ts';
import { kubevela } from './kubevela/kubevela.ts';
import { native } from './native/native.ts';
import { asksForPast, pastOf, remembered } from './past.ts';
import { kindOfDocument, type Placed } from './placed.ts';
import { type PlainFile, readPlain } from './plain.ts';
import { unsaidType } from './unsaid-type.ts';

/** Every dialect, in the order in which they are asked; a document belongs to the first that claims it. */
const dialects: readonly Dialect[] = [native, appdeployment, kubevela, kubefed, kubeservice, federationV1];

export type ReadOptions = {
  /** Manifests outside component paths are intents of their own, on every active cluster. */
  readonly isPlain: boolean;
  /** Where the repository is; absent where nobody knows. */
  readonly url?: string;
  /** What came before, where `needsPast`; nothing when absent. */
  readonly past?: Past;
};

/** Do earlier commits have a say in what this one declares? */
export const needsPast = (snapshot: Snapshot): boolean => asksForPast(snapshot, dialects);

/** What of an earlier commit has one. */
export const pastSnapshot = (snapshot: Snapshot): Snapshot => remembered(snapshot, dialects);

export function readSnapshot(snapshot: Snapshot, options: ReadOptions): Findings<Reading> {
  const { repository, commit } = snapshot;
  const files = filesOf(snapshot);
  const everything = files.all.flatMap((file) => files.documentsOf(file));
  const claimants: Claimants = new Map();
  const found: Findings<Declared>[] = [];
  // What lies under a component's path belongs to that App only, whatever another dialect would make of it.
  const components = new Set<SourceFile>();
  const tools = new Set<SourceFile>();
  for (const dialect of dialects) {
    const open =
      dialect === native ? everything : files.all.filter((file) => !components.has(file)).flatMap(files.documentsOf);
    const claimed = claim(dialect, open, claimants);
    const reading = dialect.read({
      repository,
      url: options.url,
      files,
      claimed,
      past: pastOf(options.past ?? noPast, dialect),
    });
    for (const file of reading.value.componentPaths.flatMap((path) => files.under(path))) components.add(file);
    for (const file of (reading.value.toolPaths ?? []).flatMap((path) => files.under(path))) tools.add(file);
    found.push(reading);
  }
  const meant = files.all
    .filter((file) => !tools.has(file))
    .flatMap(files.documentsOf)
    .flatMap((placed) => (claimants.has(placed.document) ? [] : almostNative(placed)));
  const others = files.all.filter((file) => !components.has(file));
  const unclaimed = others.flatMap(files.documentsOf).filter(({ document }) => !claimants.has(document));
  const elsewhere = unclaimed.flatMap(foreignInventory);
  const unsaid = unclaimed.flatMap(unsaidType);
  const plain = options.isPlain ? [readPlain(repository, plainFiles(others, files, claimants))] : [];
  const all = [...found, ...plain];
  const declared = joinDeclarations(all.map(({ value }) => value));
  const told = new Set(all.flatMap(({ diagnostics }) => diagnostics.map(placeOf)));
  const unread = unreadable(repository, others, told);
  const beside = unreadable(
    repository,
    [...components].filter((file) => !tools.has(file)),
    new Set([...told, ...unread.map(placeOf)]),
  );
  const { value: intents, diagnostics: doubles } = refuseDoubles(declared.intents);
  return {
    value: {
      ...declared,
      intents,
      repository,
      commit,
      isComplete:
        all.every(isWhole) && others.every(isReadable) && [unread, meant, unsaid].every(({ length }) => length === 0),
      doubtful: doubtfulPaths(
        found,
        [...components].filter((file) => !tools.has(file)),
      ),
    },
    diagnostics: [
      ...all.flatMap(({ diagnostics }) => diagnostics),
      ...meant,
      // Among plain manifests its folder tells of it.
      ...(options.isPlain ? [] : unsaid),
      ...elsewhere,
      ...unread,
      ...beside,
      ...doubles,
    ],
  };
}

const isWhole = ({ value }: Findings<Declared>): boolean => value.isComplete;
const isReadable = (file: SourceFile): boolean => file.problems.length === 0;

/** Whose a document is. */
type Claimants = Map<Document, Dialect>;

/** Shape: those of `open` that are this dialect's and nobody else's yet, in their order; noted in `claimants`. */
function claim(dialect: Dialect, open: readonly Placed[], claimants: Claimants): readonly Placed[] {
  const free = open.filter(({ document }) => !claimants.has(document));
  const take = (claims: Claims): void => {
    for (const { document } of free) {
      const { group, kind } = kindOfDocument(document);
      if (claims(group, kind, document)) claimants.set(document, dialect);
    }
  };
  const taken = (): readonly Placed[] => free.filter(({ document }) => claimants.get(document) === dialect);
  take(dialect.claims);
  if (dialect.claimsBeside !== undefined) take(dialect.claimsBeside(taken()));
  return taken();
}

function plainFiles(others: readonly SourceFile[], files: Files, claimants: Claimants): readonly PlainFile[] {
  return others.map((file) => ({
    file,
    documents: files
      .documentsOf(file)
      .filter((placed) => !claimants.has(placed.document) && almostNative(placed).length === 0),
  }));
}

const placeOf = ({ origin, code }: Diagnostic): string => `${origin.path}:${origin.line}:${origin.column}:${code}`;

/** A file outside all component paths that cannot be read could have declared anything. */
function unreadable(
  repository: RepositoryId,
  others: readonly SourceFile[],
  told: ReadonlySet<string>,
): readonly Diagnostic[] {
  const all = others.flatMap((file) => problemsOf(file, repository));
  return all.filter((diagnostic) => !told.has(placeOf(diagnostic)));
}

/** Component files that cannot be read may have declared Apps too; those of a broken App may have been somebody else's before. */
function doubtfulPaths(found: readonly Findings<Declared>[], components: readonly SourceFile[]): readonly string[] {
  const unreadable = components.filter((file) => !isReadable(file)).map(({ path }) => path);
  const claimed = found
    .filter(({ value }) => value.intents.some(({ isBroken }) => isBroken))
    .flatMap(({ value }) => value.componentPaths.map(cleanPath));
  return [...new Set([...unreadable, ...claimed])].toSorted();
}

/** Two intents of one name: neither moves, since nobody can say which is meant. */
function refuseDoubles(intents: readonly Intent[]): Findings<readonly Intent[]> {
  const byId = Map.groupBy(intents, (intent) => intent.id);
  const diagnostics: Diagnostic[] = [];
  const kept = [...byId.values()].flatMap((same): readonly Intent[] => {
    const [first, ...others] = same;
    if (first === undefined || others.length === 0) return same;
    for (const other of others) {
      const message = `App ${other.id} is also declared in ${first.origin.path}:${first.origin.line}`;
      diagnostics.push({
        code: 'A1208',
        severity: 'error',
        origin: other.origin,
        message,
        hint: 'give each its own name',
      });
    }
    return [{ ...first, isBroken: true }];
  });
  return { value: kept, diagnostics };
}
