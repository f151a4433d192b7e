/** From seats to cells: what each cluster should hold of each App that takes it. */
import { type CopyScope, type Grant, refuseCopy, refuseNamespace } from '../grant/grant.ts';
import type { Aim, Cell } from '../model/cell.ts';
import { type Diagnostic, isError } from '../model/diagnostic.ts';
import { dependsOnLabels } from '../model/fleet.ts';
import { cellId, type RepositoryId } from '../model/id.ts';
import type { CopyRef, Intent } from '../model/intent.ts';
import { invariant } from '../model/invariant.ts';
import type { Addressed } from './address-parts.ts';
import type { Gathered } from './gather.ts';
import { heldReads } from './held-values.ts';
import type { Renderer } from './memo.ts';
import { formerCells } from './moved.ts';
import type { PartsHere } from './parts-here.ts';
import type { Refusals } from './refusals.ts';
import { type Run, runOf } from './revision.ts';
import type { Seat } from './seat.ts';
import { divisionsOf, type Shares } from './share.ts';
import type { ToolParts } from './tool-parts.ts';
import type { Source, World } from './world.ts';

export type CellContext = {
  readonly world: World;
  readonly gathered: Gathered;
  readonly sources: ReadonlyMap<RepositoryId, Source>;
  readonly renderer: Renderer;
  readonly refusals: Refusals;
  readonly partsHere: PartsHere;
  readonly toolParts: ToolParts;
  readonly addressed: (intent: Intent) => Addressed;
  readonly unplaced: (intent: Intent) => readonly string[];
};

/** A cell and what it was made from; the diagnostics are told once however many clusters they hold for. */
export type CompiledCell = { readonly cell: Cell; readonly seat: Seat; readonly intent: Intent | undefined };

/** Shape: one cell a seat, but none where the App is absent at the revision that the seat should run. */
export function cellsOf(seats: readonly Seat[], context: CellContext): readonly CompiledCell[] {
  return [...Map.groupBy(seats, (seat) => seat.app).values()].flatMap((group) => {
    const divisions = divisionsOf(group, context.gathered.fleet, context.world.observed);
    return group.flatMap((seat): readonly CompiledCell[] => {
      const run = runOf(seat, context.gathered, context.sources);
      if (run.kind === 'absent') return [];
      const aim = run.kind === 'intent' ? aimOf(run.intent, seat, divisions(seat.cluster.id), context) : waiting(run);
      return [{ cell: cellOf(seat, run, aim, context), seat, intent: run.kind === 'intent' ? run.intent : undefined }];
    });
  });
}

function cellOf(seat: Seat, run: Run, aim: Aim, { sources, gathered }: CellContext): Cell {
  const { app, placement, stage, cluster } = seat;
  const head = sources.get(placement.repository)?.head.value.commit;
  invariant(head !== undefined, 'a placement comes from a source');
  const intent = run.kind === 'intent' ? run.intent : undefined;
  const revision = run.kind === 'intent' ? run.revision : undefined;
  return {
    id: cellId(app, cluster.id),
    app,
    cluster: cluster.id,
    repository: placement.repository,
    placement: placement.id,
    stage: stage.name,
    chosenBy: dependsOnLabels(stage.clusters) ? 'selector' : 'names',
    onDelete: placement.onDelete,
    source: (intent ?? placement).origin.path,
    commit: head,
    revision: revision ?? head,
    isSuspended: placement.isSuspended || cluster.isSuspended || intent?.isSuspended === true,
    adopt: intent?.adopt ?? [],
    movedFrom: formerCells(seat, intent, gathered),
    aim,
  };
}

function waiting(run: Exclude<Run, { kind: 'intent' | 'absent' }>): Aim {
  return run.kind === 'nothingYet' ? run : { kind: 'unknown', reason: run.reason, diagnostics: [] };
}

function aimOf(intent: Intent, seat: Seat, shares: Shares, context: CellContext): Aim {
  const { gathered, world, renderer, refusals, partsHere, toolParts, addressed, unplaced } = context;
  if (intent.waits !== undefined) return { kind: 'unknown', reason: intent.waits, diagnostics: [] };
  if (intent.isBroken) return { kind: 'unknown', reason: 'its manifests have errors', diagnostics: [] };
  if (shares.kind === 'unknown') return { kind: 'unknown', reason: shares.reason, diagnostics: [] };
  const grant = gathered.grants.get(intent.repository) ?? { kind: 'nothing', reason: 'unknown repository' };
  // The head's Apps were judged by name already; one of an older revision was not.
  const refusedName = refuseNamespace(grant, namespaceOf(intent));
  if (refusedName !== undefined) return { kind: 'unknown', reason: refusedName, diagnostics: [] };
  const ownParts = partsHere(intent, seat.cluster);
  const refused = readRefusals(ownParts, grant, seat, world);
  if (refused.length > 0) return { kind: 'unknown', reason: 'a copy is not granted', diagnostics: refused };
  const made = toolParts.of(ownParts, seat.cluster);
  if (made.kind === 'waiting') return { kind: 'unknown', reason: made.reason, diagnostics: [] };
  if (made.kind === 'failed')
    return { kind: 'unknown', reason: 'it cannot be rendered', diagnostics: made.diagnostics };
  const reached = addressed(made.intent);
  if (reached.kind === 'failed')
    return { kind: 'unknown', reason: 'it cannot be rendered', diagnostics: reached.diagnostics };
  const here = reached.intent;
  const { value: rendering, diagnostics } = renderer.render({
    intent: here,
    cluster: seat.cluster,
    isCreatingNamespaces: seat.placement.isCreatingNamespaces,
    divisions: shares.divisions,
    missing: reached.missing,
    unplaced: unplaced(intent),
  });
  const problems = [...made.warnings, ...diagnostics, ...refusals.of(rendering, here, grant, seat.cluster)];
  if (problems.some(isError)) return { kind: 'unknown', reason: 'it cannot be rendered', diagnostics: problems };
  return { kind: 'hold', intent: toolParts.contentOf(intent), rendering, warnings: problems };
}

const namespaceOf = ({ id }: Intent): string => id.slice(0, id.indexOf('/'));

/** Of copies, and of values that clusters hold: whoever may have a chart made of them sees them. */
function readRefusals(intent: Intent, grant: Grant, { cluster }: Seat, { copyScope }: World): readonly Diagnostic[] {
  const namespace = namespaceOf(intent);
  const refusal = (copy: CopyRef, scope: CopyScope): readonly Diagnostic[] => {
    const reason = refuseCopy(grant, copy, namespace, scope);
    return reason === undefined ? [] : [{ code: 'A1404', severity: 'error', origin: copy.origin, message: reason }];
  };
  const copies = intent.parts.flatMap(({ source }) => (source.kind === 'copy' ? source.copies : []));
  // Values that are read where the component is come from no other cluster.
  const scopeOf = (copy: CopyRef): CopyScope =>
    copy.cluster === cluster.id && copyScope === 'cluster' ? 'global' : copyScope;
  return [
    ...copies.flatMap((copy) => refusal(copy, copyScope)),
    ...heldReads(intent, cluster.id).flatMap((copy) => refusal(copy, scopeOf(copy))),
  ];
}
