/** What differs between what a branch wants of the fleet and what it would want with something merged. */
import type { Compiled } from '../../core/compile/compile.ts';
import { digestOfText } from '../../core/json/digest.ts';
import type { Cell, DesiredObject, Rendering } from '../../core/model/cell.ts';
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import type { AppId, CellId, ObjectKey } from '../../core/model/id.ts';

export type Touched = {
  /** Of each cell that differs, what is wanted of it now and then, as one text. */
  readonly cells: ReadonlyMap<CellId, string>;
  readonly hasObject: (cell: CellId, key: ObjectKey) => boolean;
  /** Apps whose manifests differ, wherever they run. */
  readonly apps: ReadonlySet<AppId>;
  /** Those that were not there before. */
  readonly diagnostics: readonly Diagnostic[];
};

/** Shape: compares what is wanted, never what clusters hold: what was on its way before is nobody's proposal. */
export function touchedBy(before: Compiled, after: Compiled): Touched {
  const [was, is] = [wishesOf(before), wishesOf(after)];
  const cells = new Map<CellId, string>();
  for (const cell of new Set([...was.keys(), ...is.keys()])) {
    const [old, now] = [was.get(cell) ?? '', is.get(cell) ?? ''];
    if (old !== now) cells.set(cell, `${old}\n${now}`);
  }
  const objects = new Map<CellId, ReadonlySet<ObjectKey> | undefined>();
  const known = new Set(before.diagnostics.map(nameOf));
  return {
    cells,
    hasObject: (cell, key) => {
      const keys = objects.has(cell) ? objects.get(cell) : differing(before.cells.get(cell), after.cells.get(cell));
      objects.set(cell, keys);
      return keys === undefined || keys.has(key);
    },
    apps: new Set(
      [...new Set([...before.gathered.intents.keys(), ...after.gathered.intents.keys()])].filter(
        (app) => before.gathered.intents.get(app)?.digest !== after.gathered.intents.get(app)?.digest,
      ),
    ),
    diagnostics: after.diagnostics.filter((each) => !known.has(nameOf(each))),
  };
}

/** Without the line: what stands above it may have grown. */
const nameOf = ({ code, origin, message }: Diagnostic): string => `${code} ${origin.path} ${message}`;

function wishesOf({ cells, vanished }: Compiled): ReadonlyMap<CellId, string> {
  return new Map([
    ...[...cells].map(([id, cell]) => [id, wishOf(cell)] as const),
    ...vanished.map(({ record, reason }) => [record.cell, `leaves: ${reason}`] as const),
  ]);
}

function wishOf({ aim, stage, placement, isSuspended, onDelete, adopt, movedFrom }: Cell): string {
  const common = [placement, stage, isSuspended, onDelete, adopt, movedFrom].join(' ');
  switch (aim.kind) {
    case 'hold': {
      const { digest, namespaces, missing, unplaced } = aim.rendering;
      return [common, digest, namespaces, missing, unplaced].join(' ');
    }
    case 'unknown':
      return `${common} unknown: ${aim.reason}`;
    case 'nothingYet':
      return `${common} nothing yet`;
  }
}

/** Shape: undefined where everything counts: the cell comes, goes, or was not to be touched at all. */
function differing(before: Cell | undefined, after: Cell | undefined): ReadonlySet<ObjectKey> | undefined {
  if (before?.aim.kind !== 'hold' || after?.aim.kind !== 'hold') return undefined;
  if (before.isSuspended || after.isSuspended) return undefined;
  const [was, is] = [digestsOf(before.aim.rendering), digestsOf(after.aim.rendering)];
  return new Set([...was.keys(), ...is.keys()].filter((key) => was.get(key) !== is.get(key)));
}

const digestsOf = ({ objects }: Rendering): ReadonlyMap<ObjectKey, string> =>
  new Map(objects.map((object) => [object.key, wishOfObject(object)]));

const wishOfObject = ({ digest, released }: DesiredObject): string =>
  released.length === 0 ? digest : `${digest} ${digestOfText(JSON.stringify(released))}`;
