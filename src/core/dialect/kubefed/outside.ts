/** Clusters and type configurations outside of the namespace of their control plane, which KubeFed did not look at. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { controlPlane } from './cluster.ts';
import { isEarly } from './group.ts';

const namespaceOf = ({ document }: Placed): string => kindOfDocument(document).namespace || controlPlane;

/**
 * An error for each of the objects that is elsewhere; to take it in would write to clusters that were never written to.
 *
 * Shape: `configs`: KubeFedConfigs, the first of which says where the control plane is. Where none says it, it is in its usual namespace
 *   where anything is there, else in the only one that there is; of several nobody can say which, and all of them count.
 */
export function outsideOf(configs: readonly Placed[], objects: readonly Placed[]): ReadonlyMap<Placed, Diagnostic> {
  const later = objects.filter(({ document }) => !isEarly(kindOfDocument(document).group));
  const [said = ''] = configs.map(({ document }) => kindOfDocument(document).namespace);
  const home = said === '' ? homeOf(new Set(later.map(namespaceOf))) : said;
  if (home === undefined) return new Map();
  const strangers = later.filter((placed) => namespaceOf(placed) !== home);
  return new Map(strangers.map((placed) => [placed, outside(placed, home)]));
}

function homeOf(namespaces: ReadonlySet<string>): string | undefined {
  if (namespaces.has(controlPlane)) return controlPlane;
  return namespaces.size === 1 ? [...namespaces][0] : undefined;
}

function outside(placed: Placed, home: string): Diagnostic {
  const { kind } = kindOfDocument(placed.document);
  const message = `this ${kind} is not in ${home}, where its control plane is, and does not count`;
  const hint = `move it to ${home}, or take it out of Git`;
  return { code: 'A1576', severity: 'error', origin: originAt(placed, ['metadata', 'namespace']), message, hint };
}
