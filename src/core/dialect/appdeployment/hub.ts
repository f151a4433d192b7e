/** Revisions that are nowhere in Git: as the old controller wrote them down on its host, which is the hub. */
import { clusterId } from '../../model/id.ts';
import type { CopyRef } from '../../model/intent.ts';
import type { KubeObject } from '../../model/object.ts';
import type { ReadResult } from '../../model/observed.ts';
import type { Origin } from '../../model/source.ts';
import type { Placed } from '../placed.ts';
import { group } from './labels.ts';

/** Shape: undefined where nobody has asked. */
export type Hub = (copy: CopyRef) => ReadResult | undefined;

/** How such a revision is read: like the original of a copy, with the same grants. */
export const revisionOnHub = (name: string, namespace: string, origin: Origin): CopyRef => ({
  origin,
  cluster: clusterId('hub'),
  resource: 'applicationrevisions',
  group,
  namespace,
  which: { kind: 'name', name },
});

/** Nothing of it is in a file: what is wrong with it is told where it is named. */
export const placedAt = (object: KubeObject, origin: Origin): Placed => ({
  document: { value: object, marks: [] },
  origin,
});

/** What brings a revision into the repository. */
export const asRecorded = (name: string, namespace: string): string =>
  `\`kubectl get applicationrevision ${name} -n ${namespace} -o yaml > ${name}.yaml\``;

export const insteadOfHub = (names: readonly string[], namespace: string): string =>
  `what is committed need not be read: on the host, ${names.map((name) => asRecorded(name, namespace)).join(', ')}`;
