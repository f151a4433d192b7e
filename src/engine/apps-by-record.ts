/** Whose objects a label on a cluster names. */
import type { Compiled } from '../core/compile/compile.ts';
import type { AppId, InstallationId } from '../core/model/id.ts';
import { applySetIdOf, recordNameOf } from '../core/plan/record-id.ts';

/** Apps by the id that their objects are labelled with; those that are to be removed, too. */
export function appsByRecordId(
  { cells, vanished }: Compiled,
  installation: InstallationId,
): ReadonlyMap<string, AppId> {
  const apps = new Set([...[...cells.values()].map(({ app }) => app), ...vanished.map(({ record }) => record.app)]);
  return new Map([...apps].map((app) => [applySetIdOf(recordNameOf(installation, app)), app]));
}
