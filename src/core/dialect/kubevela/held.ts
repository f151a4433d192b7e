/** Values of a chart that a ConfigMap or a Secret holds: as it is written here, or else as a cluster has it. */
import { textOfKey } from '../../model/held-text.ts';
import type { ClusterId } from '../../model/id.ts';
import type { Origin } from '../../model/source.ts';
import type { HeldValues } from '../../model/tool.ts';
import type { InGit } from './in-git.ts';

export type GivenValues = Pick<HeldValues, 'isOptional' | 'key' | 'kind' | 'name' | 'targetPath'>;

/** Where values are that are not in Git: `cluster` undefined for the one that the component is on. */
export type Where = { readonly namespace: string; readonly cluster: ClusterId | undefined };

export function heldOf(given: GivenValues, { namespace, cluster }: Where, origin: Origin, inGit: InGit): HeldValues {
  const { kind, name, key } = given;
  const object = inGit({ group: '', kind, namespace, name });
  return {
    ...given,
    origin,
    namespace,
    from: object === undefined ? { kind: 'cluster', cluster } : { kind: 'git', text: textOfKey(object, kind, key) },
  };
}
