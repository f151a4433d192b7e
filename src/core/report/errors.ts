/** Errors in manifests, as one line says them, and which of them are one App's. */
import type { Cell } from '../model/cell.ts';
import { type Diagnostic, isError } from '../model/diagnostic.ts';
import { type Intent, originsIn } from '../model/intent.ts';
import { count, oneLine } from '../model/line.ts';
import type { Placement } from '../model/placement.ts';
import type { Origin } from '../model/source.ts';

/** At least one error, though it may not be known where. */
export type ManifestErrors = { readonly first: Diagnostic | undefined; readonly count: number };

/** `2 errors; apps/web.yaml:3:5: unknown field …` */
export function textOfErrors({ first, count: errors }: ManifestErrors): string {
  if (first === undefined) return 'its manifests have errors; see landfall/check';
  const { path, line, column } = first.origin;
  return oneLine(`${count(errors, 'error')}; ${path}:${line}:${column}: ${first.message}`);
}

/** What is known of an App when its errors are looked for. */
export type AppSources = {
  /** At the head; undefined when it is not there or cannot be read. */
  readonly intent: Intent | undefined;
  readonly placement: Placement | undefined;
  /** Those that follow the head. */
  readonly cells: readonly Cell[];
};

/**
 * The errors that are this App's own, among those of its repository.
 *
 * Shape: undefined when there are none. An App of which all can be said has only errors that point into its own documents;
 *   one that is not whole also answers for what is wrong in the files that it comes from.
 */
export function errorsOfApp(sources: AppSources, diagnostics: readonly Diagnostic[]): ManifestErrors | undefined {
  const { intent, placement, cells } = sources;
  const isWhole =
    intent !== undefined &&
    !intent.isBroken &&
    placement?.isBroken !== true &&
    cells.every(({ aim }) => aim.kind !== 'unknown');
  const isMarked = intent?.isBroken === true || placement?.isBroken === true;
  const errors = diagnostics.filter(isError);
  if (errors.length === 0) return isMarked ? { first: undefined, count: 1 } : undefined;
  const told = cells.flatMap(({ aim }) => (aim.kind === 'unknown' ? aim.diagnostics : []));
  const places = new Set(
    [...(intent === undefined ? [] : originsOf(intent)), ...told.map(({ origin }) => origin)].map(placeOf),
  );
  const exact = errors.filter(({ origin }) => places.has(placeOf(origin)));
  if (exact.length > 0) return asErrors(exact);
  if (isWhole) return undefined;
  const near = errorsNear(sources, errors);
  if (near.length > 0) return asErrors(near);
  return isMarked ? { first: undefined, count: 1 } : undefined;
}

const asErrors = (errors: readonly Diagnostic[]): ManifestErrors => ({ first: errors[0], count: errors.length });

/** In a file that something of it is in; else in a folder that some of its objects are in, or below. */
function errorsNear({ intent, placement, cells }: AppSources, errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const own = intent === undefined ? [] : originsOf(intent).map(({ path }) => path);
  const files = new Set([...own, ...cells.map(({ source }) => source)]);
  const inFiles = errors.filter(({ origin }) => files.has(origin.path));
  if (inFiles.length > 0) return inFiles;
  const inPlacement = errors.filter(({ origin }) => origin.path === placement?.origin.path);
  const folders = [...files].map(folderOf).filter((folder) => folder !== '');
  const inFolders = errors.filter(({ origin }) => folders.some((folder) => origin.path.startsWith(folder)));
  return inFolders.length > 0 ? inFolders : inPlacement;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const placeOf = ({ path, line, column }: Origin): string => `${path}:${line}:${column}`;

/** Every place that something of an App was written at. */
function originsOf({ origin, parts, variants, dependsOn }: Intent): readonly Origin[] {
  return [
    origin,
    ...dependsOn.map((each) => each.origin),
    ...parts.flatMap((part) => [part.origin, ...originsIn(part.source)]),
    ...variants.flatMap((variant) => [variant.origin, ...variant.patches.map((patch) => patch.origin)]),
  ];
}
