/** The revisions of Applications that a repository's history has seen, numbered as they came. */
import { digestOf } from '../../json/digest.ts';
import { isObject, type Json, withFields } from '../../json/value.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { group } from './labels.ts';

/** One Application as it was at some commit. */
export type Version = { readonly placed: Placed; readonly digest: string };

export type Versions =
  /** The first is number 1. */
  | { readonly kind: 'known'; readonly versions: readonly Version[] }
  /** It was there already where what can be read of the history begins. */
  | { readonly kind: 'cut' };

/**
 * Every Application by `<namespace>/<name>`.
 *
 * Shape: `moments` oldest first, the last is now. Two commits of one spec are one revision; a spec that comes back is a
 *   new one. An Application that is taken away begins again with 1.
 */
export function versionsIn(moments: readonly (readonly Placed[])[], isWhole: boolean): ReadonlyMap<string, Versions> {
  const known = new Map<string, Versions>();
  for (const [index, moment] of moments.entries()) {
    const here = new Map(moment.filter(isApplication).map((placed) => [applicationId(placed), placed]));
    for (const name of known.keys()) if (!here.has(name)) known.delete(name);
    for (const [name, placed] of here) {
      const before = known.get(name) ?? (index === 0 && !isWhole ? { kind: 'cut' } : { kind: 'known', versions: [] });
      known.set(name, followed(before, { placed, digest: specDigest(placed) }));
    }
  }
  return known;
}

function followed(before: Versions, next: Version): Versions {
  if (before.kind === 'cut') return before;
  const last = before.versions.at(-1);
  // The newest writing of it counts for the place that a problem is told at.
  if (last?.digest === next.digest) return { kind: 'known', versions: [...before.versions.slice(0, -1), next] };
  return { kind: 'known', versions: [...before.versions, next] };
}

export const isApplication = ({ document }: Placed): boolean => {
  const { group: its, kind, name } = kindOfDocument(document);
  return its === group && kind === 'Application' && name !== '';
};

/** `<namespace>/<name>` */
export function applicationId({ document }: Placed): string {
  const { namespace, name } = kindOfDocument(document);
  return `${namespace === '' ? 'default' : namespace}/${name}`;
}

/** How an Application is rolled out makes no new revision. */
function specDigest({ document }: Placed): string {
  const { spec } = document.value;
  return digestOf(isObject(spec) ? withFields(spec, { rolloutPlan: undefined }) : ((spec ?? null) as Json));
}
