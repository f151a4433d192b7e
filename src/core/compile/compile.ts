/** From commits to what every cluster should hold: the whole pure half of Landfall in one call. */
import { digestOf } from '../json/digest.ts';
import type { Cell, Vanished } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AppId, CellId, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { scopesOf } from '../render/scope.ts';
import { type CompiledCell, cellsOf } from './cells.ts';
import { collisionsOf } from './collide.ts';
import { dependencyProblems } from './depend.ts';
import { type Gathered, gather } from './gather.ts';
import { type Memo, rendererWith } from './memo.ts';
import { seatsOf } from './seat.ts';
import { vanishingOf } from './vanish.ts';
import type { World } from './world.ts';

export type Compiled = {
  readonly gathered: Gathered;
  readonly cells: ReadonlyMap<CellId, Cell>;
  /** The intent each cell runs: its own revision's, not the head's. */
  readonly intents: ReadonlyMap<CellId, Intent>;
  readonly vanished: readonly Vanished[];
  /** All of them, each once, in order of repository, path and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** Hand it to the next compile. */
  readonly memo: Memo;
};

/** Shape: pure; the order of sources, files and clusters changes nothing. Cost: what changed since `previous`, and a pass over all cells. */
export function compile(world: World, previous: Memo = new Map()): Compiled {
  const gathering = gather(world.sources);
  const gathered = gathering.value;
  const sources = new Map(world.sources.map((source) => [source.id, source]));
  const seating = seatsOf(gathered, world.observed.records);
  const scopeOf = scopesOf(declaredObjects(world), world.scopes);
  const renderer = rendererWith(
    previous,
    digestOf([...world.scopes].map(([kind, isNamespaced]) => [kind, isNamespaced])),
  );
  const compiled = cellsOf(seating.value, { world, gathered, sources, renderer, scopeOf });
  const refused = refuse(compiled, collisionsOf(compiled));
  const cells = new Map(refused.map(({ cell }) => [cell.id, cell]));
  const { vanished, kept } = vanishingOf(cells, gathered, world);
  for (const cell of kept) cells.set(cell.id, cell);
  const found = [
    ...gathering.diagnostics,
    ...seating.diagnostics,
    ...dependencyProblems(gathered),
    ...refused.flatMap(({ cell }) => toldBy(cell)),
  ];
  return {
    gathered,
    cells,
    intents: new Map(refused.flatMap(({ cell, intent }) => (intent === undefined ? [] : [[cell.id, intent] as const]))),
    vanished,
    diagnostics: inOrder(found),
    memo: renderer.memo(),
  };
}

function* declaredObjects({ sources }: World) {
  for (const { head, revisions } of sources) {
    for (const { value } of [head, ...revisions.values()]) {
      for (const { parts } of value.intents) {
        for (const { source } of parts) {
          if (source.kind === 'objects') for (const { object } of source.objects) yield object;
        }
      }
    }
  }
}

function refuse(
  compiled: readonly CompiledCell[],
  collisions: ReadonlyMap<CellId, readonly Diagnostic[]>,
): readonly CompiledCell[] {
  return compiled.map((each) => {
    const diagnostics = collisions.get(each.cell.id);
    if (diagnostics === undefined) return each;
    return {
      ...each,
      cell: { ...each.cell, aim: { kind: 'unknown', reason: 'another App wants the same object', diagnostics } },
    };
  });
}

function toldBy({ aim }: Cell): readonly Diagnostic[] {
  if (aim.kind === 'nothingYet') return [];
  return aim.kind === 'hold' ? aim.warnings : aim.diagnostics;
}

/** One diagnostic may come from many clusters: it is told once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(
    diagnostics.map((each) => [`${each.origin.repository}\0${placeOf(each)}\0${each.code}\0${each.message}`, each]),
  );
  return [...unique.values()].toSorted(
    (a, b) =>
      compareText(a.origin.repository, b.origin.repository) ||
      compareText(a.origin.path, b.origin.path) ||
      a.origin.line - b.origin.line ||
      a.origin.column - b.origin.column,
  );
}

const placeOf = ({ origin }: Diagnostic): string => `${origin.path}:${origin.line}:${origin.column}`;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The Apps that a repository declares at its head. */
export function appsOf({ gathered }: Compiled, repository: RepositoryId): readonly AppId[] {
  return [...gathered.intents.values()].filter((intent) => intent.repository === repository).map(({ id }) => id);
}
