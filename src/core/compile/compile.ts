/** From commits to what every cluster should hold: the whole pure half of Landfall in one call. */
import { mayDefine } from '../grant/grant.ts';
import type { Cell, Vanished } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AppId, CellId, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { KubeObject } from '../model/object.ts';
import type { Placement } from '../model/placement.ts';
import type { ToolRun } from '../model/tool.ts';
import { scopesOf } from '../render/scope.ts';
import type { Quarantine } from '../rollout/stage.ts';
import { addressParts } from './address-parts.ts';
import { withAwaited } from './awaited.ts';
import { type CompiledCell, cellsOf } from './cells.ts';
import { collisionsOf } from './collide.ts';
import { compareText } from './compare.ts';
import { copyProblems } from './copies.ts';
import { dependencyProblems } from './depend.ts';
import { divisionProblems } from './divided.ts';
import { foldByCluster, inOrder, type Told } from './fold.ts';
import { gatewayWarnings } from './gateways.ts';
import { type Gathered, gather } from './gather.ts';
import { type Memo, rendererWith } from './memo.ts';
import { movedProblems } from './moved.ts';
import { withOneWriter } from './one-writer.ts';
import { partsHere } from './parts-here.ts';
import { quarantinesOf } from './quarantine.ts';
import { Refusals } from './refusals.ts';
import { pinProblems } from './revision.ts';
import { seatsOf } from './seat.ts';
import { ToolParts } from './tool-parts.ts';
import { unplacedIn, unplacedProblems } from './unplaced.ts';
import { vanishingOf } from './vanish.ts';
import type { Source, World } from './world.ts';

export type Compiled = {
  readonly gathered: Gathered;
  /** The one placement of each App. */
  readonly placed: ReadonlyMap<AppId, Placement>;
  readonly cells: ReadonlyMap<CellId, Cell>;
  /** The intent each cell runs: its own revision's, not the head's. */
  readonly intents: ReadonlyMap<CellId, Intent>;
  readonly vanished: readonly Vanished[];
  /** Of Apps that have something in quarantine. */
  readonly quarantines: ReadonlyMap<AppId, Quarantine>;
  /** All of them, each once, in order of repository, path and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** What tools have to make; a cell whose parts are not made yet is unknown. */
  readonly toolRuns: ReadonlyMap<string, ToolRun>;
  /** Hand it to the next compile. */
  readonly memo: Memo;
};

/** Shape: pure; the order of sources, files and clusters changes nothing. Cost: what changed since `previous`, and a pass over all cells. */
export function compile(given: World, previous: Memo = new Map()): Compiled {
  const inTurn = withAwaited(
    given.sources.toSorted((a, b) => compareText(a.id, b.id)),
    given,
  );
  const world = { ...given, sources: inTurn };
  const { value: gathered, diagnostics: inNames } = gather(inTurn, world.unread);
  const { value: seating, diagnostics: inPlaces } = seatsOf(gathered, world.observed.records);
  const scopes = scopesOf(definitions(inTurn, gathered, world), world.scopes);
  const renderer = rendererWith(previous, { reads: world.observed.reads, scopes });
  const toolParts = new ToolParts(world.tooling, world.observed.reads);
  const sources = new Map(inTurn.map((source) => [source.id, source]));
  const wanting = cellsOf(seating.seats, {
    world,
    gathered,
    sources,
    renderer,
    refusals: new Refusals(),
    partsHere: partsHere(),
    toolParts,
    addressed: addressParts(gathered.fleet, world.observed),
    unplaced: unplacedIn(gathered.fleet),
  });
  const compiled = withOneWriter(wanting, world.observed.records);
  const refused = withoutFormer(refuse(compiled, collisionsOf(compiled)));
  const cells = new Map(refused.map(({ cell }) => [cell.id, cell]));
  const { vanished, kept } = vanishingOf(cells, { gathered, seating, world });
  for (const cell of kept) cells.set(cell.id, cell);
  const found = [
    ...inNames,
    ...inPlaces,
    ...dependencyProblems(gathered),
    ...pinProblems(gathered),
    ...copyProblems(gathered),
    ...unplacedProblems(gathered),
    ...movedProblems(gathered),
    ...divisionProblems(refused),
    ...foldByCluster([...refused.flatMap(toldBy), ...gatewayWarnings(refused)], countByApp(refused)),
  ];
  return {
    gathered,
    placed: seating.placed,
    cells,
    intents: new Map(refused.flatMap(({ cell, intent }) => (intent === undefined ? [] : [[cell.id, intent] as const]))),
    vanished,
    quarantines: quarantinesOf(gathered, seating.placed, sources, (intent) => toolParts.contentOf(intent)),
    diagnostics: inOrder(found),
    toolRuns: toolParts.runs,
    memo: renderer.memo(),
  };
}

/** Objects of all revisions that run, the heads' first, as far as their repositories may say what a kind is. */
function* definitions(sources: readonly Source[], { grants }: Gathered, { tooling }: World): Generator<KubeObject> {
  const trusted = sources.filter(({ id }) => mayDefine(grants.get(id) ?? { kind: 'nothing', reason: '' }));
  const readings = [
    ...trusted.map(({ head }) => head),
    ...trusted.flatMap(({ revisions }) =>
      [...revisions].toSorted(([a], [b]) => compareText(a, b)).map(([, each]) => each),
    ),
  ];
  for (const { value } of readings) {
    for (const { parts } of value.intents) {
      for (const { source } of parts) {
        if (source.kind === 'objects') for (const { object } of source.objects) yield object;
      }
    }
  }
  // What tools made says what a kind is only where nobody but an operator has tools make anything.
  if (trusted.length < sources.length) return;
  for (const result of tooling.results.values()) if (result.kind === 'made') yield* result.objects;
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

/** No cell takes over from one that is still there, such as an older revision's. */
function withoutFormer(compiled: readonly CompiledCell[]): readonly CompiledCell[] {
  const there = new Set(compiled.map(({ cell }) => cell.id));
  return compiled.map((each) => {
    const { cell } = each;
    if (!cell.movedFrom.some((former) => there.has(former))) return each;
    return { ...each, cell: { ...cell, movedFrom: cell.movedFrom.filter((former) => !there.has(former)) } };
  });
}

function toldBy({ cell: { app, cluster, aim } }: CompiledCell): readonly Told[] {
  if (aim.kind === 'nothingYet') return [];
  const diagnostics = aim.kind === 'hold' ? aim.warnings : aim.diagnostics;
  return diagnostics.map((diagnostic) => ({ diagnostic, app, cluster }));
}

function countByApp(compiled: readonly CompiledCell[]): ReadonlyMap<AppId, number> {
  const counts = new Map<AppId, number>();
  for (const { cell } of compiled) counts.set(cell.app, (counts.get(cell.app) ?? 0) + 1);
  return counts;
}

/** The Apps that a repository declares at its head. */
export function appsOf({ gathered }: Compiled, repository: RepositoryId): readonly AppId[] {
  return [...gathered.intents.values()].filter((intent) => intent.repository === repository).map(({ id }) => id);
}
