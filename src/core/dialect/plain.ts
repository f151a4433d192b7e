/** Plain Kubernetes manifests: one intent for each folder, on every active cluster. */
import { digestOfText } from '../json/digest.ts';
import { nothingDeclared } from '../model/declarations.ts';
import { type Findings, isError } from '../model/diagnostic.ts';
import { appId, digest, type RepositoryId } from '../model/id.ts';
import type { DeclaredObject, Intent } from '../model/intent.ts';
import type { Origin, SourceFile } from '../model/source.ts';
import { declaredObject } from './declared-object.ts';
import type { Declared } from './dialect.ts';
import { problemsOf } from './files.ts';
import { originAt, type Placed } from './placed.ts';
import { placedOn } from './placed-on.ts';
import { unsaidType } from './unsaid-type.ts';

/** Of one file that belongs to nobody else. */
export type PlainFile = { readonly file: SourceFile; readonly documents: readonly Placed[] };

export function readPlain(repository: RepositoryId, files: readonly PlainFile[]): Findings<Declared> {
  const folders = [...Map.groupBy(files, ({ file }) => folderOf(file.path))];
  const read = folders
    .filter(([, members]) => members.some(holdsObjects))
    // What cannot be read may be objects of its folder, too.
    .map(([folder, members]) => [folder, members.filter((member) => holdsObjects(member) || isBroken(member))] as const)
    .map(([folder, members]) => readFolder(repository, folder, members));
  const intents = read.map(({ value }) => value);
  return {
    value: {
      ...nothingDeclared,
      intents,
      placements: intents.map((intent) => placedOn(intent)),
      componentPaths: [],
      isComplete: true,
    },
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Values files, settings of other tools and the like are not for us. */
const isForUs = (placed: Placed): boolean =>
  (Object.hasOwn(placed.document.value, 'apiVersion') && Object.hasOwn(placed.document.value, 'kind')) ||
  unsaidType(placed).length > 0;

const isBroken = ({ file }: PlainFile): boolean => file.problems.length > 0;
const holdsObjects = ({ documents }: PlainFile): boolean => documents.some(isForUs);

function readFolder(repository: RepositoryId, folder: string, files: readonly PlainFile[]): Findings<Intent> {
  const found = files.flatMap(({ documents }) =>
    documents
      .filter(isForUs)
      .map((placed) => declaredObject(placed.document.value, placed.origin, (inside) => originAt(placed, inside))),
  );
  const broken = files.flatMap(({ file }) => problemsOf(file, repository));
  const diagnostics = [...broken, ...found.flatMap((each) => each.diagnostics)];
  const origin: Origin = { repository, path: files[0]?.file.path ?? folder, line: 1, column: 1 };
  const objects = found.flatMap(({ value }): readonly DeclaredObject[] => (value === undefined ? [] : [value]));
  const intent: Intent = {
    id: appId(repository, folder === '' ? 'root' : folder.replaceAll('/', '.')),
    repository,
    origin,
    parts: [
      {
        name: 'manifests',
        origin,
        namespace: 'default',
        dependsOn: [],
        clusters: undefined,
        source: { kind: 'objects', objects },
      },
    ],
    variants: [],
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt: [],
    isSuspended: false,
    isBroken: diagnostics.some(isError),
    digest: digest(digestOfText(files.map(({ file }) => file.digest).join('\n'))),
  };
  return { value: intent, diagnostics };
}
