/** One commit of one repository, compiled, as its statuses look at it. */
import { digestOfText } from '../json/digest.ts';
import type { Cell, Vanished } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AppId, CellId, CommitSha, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { Pin, Placement } from '../model/placement.ts';
import { statusOfCheck } from './check-status.ts';
import { appContext, type Context, stageContext } from './context.ts';
import { errorsOfApp, type ManifestErrors } from './errors.ts';
import type { Status } from './status.ts';

/** What compiling tells; of all repositories. */
export type CompiledCommit = {
  readonly intents: ReadonlyMap<AppId, Intent>;
  readonly placements: readonly Placement[];
  readonly pins: readonly Pin[];
  readonly cells: ReadonlyMap<CellId, Cell>;
  readonly vanished: readonly Vanished[];
  readonly diagnostics: readonly Diagnostic[];
};

/** An App, in the stages that follow the branch head. */
export type AppView = {
  readonly app: AppId;
  readonly cells: readonly Cell[];
  /** Cells that are to go, and have not yet. */
  readonly vanished: readonly Vanished[];
  readonly errors: ManifestErrors | undefined;
  /** Equal for two commits when no cell would be told the difference; empty when nothing is wanted. */
  readonly wish: string;
};

/** An App in a pinned stage. */
export type PinView = {
  readonly app: AppId;
  /** By the revision that the pin gives them; the pin's own first. */
  readonly revisions: ReadonlyMap<CommitSha, readonly Cell[]>;
  /** Another when the pin moves, and only then. */
  readonly wish: string;
  readonly bypass: Pin['bypass'];
};

export type CommitView = {
  readonly apps: ReadonlyMap<Context, AppView>;
  /** Those that have a pin. */
  readonly pins: ReadonlyMap<Context, PinView>;
  readonly check: Status;
};

/** Shape: Apps of that repository only. Cost: linear in the cells of the fleet. */
export function viewCommit(compiled: CompiledCommit, repository: RepositoryId): CommitView {
  const cells = Map.groupBy(ofRepository(compiled.cells.values(), repository), ({ app }) => app);
  const gone = compiled.vanished.filter(({ record }) => record.repository === repository);
  const vanished = Map.groupBy(gone, ({ record }) => record.app);
  const placements = compiled.placements.filter((each) => each.repository === repository);
  const placed = new Map(placements.flatMap((each) => each.apps.map((app) => [app, each] as const)));
  const intents = new Map([...compiled.intents].filter(([, intent]) => intent.repository === repository));
  const diagnostics = compiled.diagnostics.filter(({ origin }) => origin.repository === repository);
  const apps = new Map<Context, AppView>();
  const pins = new Map<Context, PinView>();
  const names = new Set([...intents.keys(), ...placed.keys(), ...cells.keys(), ...vanished.keys()]);
  for (const app of [...names].toSorted()) {
    const placement = placed.get(app);
    const pinned = new Set(placement?.stages.flatMap(({ name, revision }) => (revision === 'Pinned' ? [name] : [])));
    const all = cells.get(app) ?? [];
    for (const stage of pinned) {
      const pin = pinOf(compiled.pins, placement, stage);
      const here = all.filter((cell) => cell.stage === stage);
      if (pin !== undefined) pins.set(stageContext(app, stage), pinView(app, pin, here));
    }
    const following = all.filter(({ stage }) => !pinned.has(stage));
    const leaving = vanished.get(app) ?? [];
    const isFollowing = placement === undefined || placement.stages.some(({ revision }) => revision === 'Head');
    if (!isFollowing && following.length === 0 && leaving.length === 0) continue;
    const errors = errorsOfApp({ intent: intents.get(app), placement, cells: following }, diagnostics);
    apps.set(appContext(app), { app, cells: following, vanished: leaving, errors, wish: wishOf(following) });
  }
  return { apps, pins, check: statusOfCheck(diagnostics) };
}

const ofRepository = (cells: Iterable<Cell>, repository: RepositoryId): readonly Cell[] =>
  [...cells].filter((cell) => cell.repository === repository);

/** A pin counts for the placements of its own repository. */
const pinOf = (pins: readonly Pin[], placement: Placement | undefined, stage: string): Pin | undefined =>
  pins.find((pin) => pin.repository === placement?.repository && pin.placement === placement.id && pin.stage === stage);

function wishOf(cells: readonly Cell[]): string {
  if (cells.length === 0) return '';
  return digestOfText(
    cells
      .map(({ id, aim }) => `${id} ${aim.kind === 'hold' ? aim.rendering.digest : `${aim.kind} ${aim.reason}`}`)
      .toSorted()
      .join('\n'),
  );
}

/** A cell of which nothing is known, since its revision cannot be had, is the pin's. */
function pinView(app: AppId, pin: Pin, cells: readonly Cell[]): PinView {
  const { revision, exceptions } = pin;
  const groups = Map.groupBy(cells, (cell) => (cell.aim.kind === 'hold' ? cell.revision : revision));
  const others = exceptions.map((each) => `${each.revision} ${JSON.stringify(each.clusters)}`);
  return {
    app,
    revisions: new Map([[revision, []], ...groups]),
    wish: digestOfText([revision, ...others].join('\n')),
    bypass: pin.bypass,
  };
}
