/** An intent as far as it is on one cluster: without the parts that are for other clusters. */
import { digestOfText } from '../json/digest.ts';
import { type Cluster, matches } from '../model/fleet.ts';
import { digest } from '../model/id.ts';
import type { Intent, Part } from '../model/intent.ts';

export type PartsHere = (intent: Intent, cluster: Cluster) => Intent;

/** Shape: one and the same intent, with a digest of its own, for all clusters that have the same parts of it. */
export function partsHere(): PartsHere {
  const known = new Map<Intent, Map<string, Intent>>();
  return (intent, cluster) => {
    if (intent.parts.every(({ clusters }) => clusters === undefined)) return intent;
    const isHere = ({ clusters }: Part): boolean => clusters === undefined || matches(clusters, cluster);
    const which = intent.parts.map((part) => (isHere(part) ? '1' : '0')).join('');
    const views = known.get(intent) ?? new Map<string, Intent>();
    known.set(intent, views);
    const view = views.get(which) ?? {
      ...intent,
      parts: intent.parts.filter(isHere),
      digest: digest(digestOfText(`${intent.digest} ${which}`)),
    };
    views.set(which, view);
    return view;
  };
}
