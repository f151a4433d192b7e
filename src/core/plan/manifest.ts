/** An object as it is sent: with the labels that make it ours. */
import { digestOf } from '../json/digest.ts';
import type { Pointer } from '../json/pointer.ts';
import { withoutPointers } from '../json/remove.ts';
import { isObject, withFields } from '../json/value.ts';
import type { DesiredObject } from '../model/cell.ts';
import { type Digest, digest, type InstallationId } from '../model/id.ts';
import { asKubeObject, withMetadata } from '../model/object.ts';
import type { Manifest } from '../model/plan.ts';
import { withEncodedData } from './secret.ts';

/** On every object of an installation: what watches select. */
export const installationLabel = 'landfall.dev/installation';
/** Which record an object belongs to. Source: KEP-3659, ApplySet. */
export const partOfLabel = 'applyset.kubernetes.io/part-of';

export type Owner = { readonly installation: InstallationId; readonly recordId: string };

/** Makes a digest say nothing to a reader of the record, who may not see a Secret whose content it could give away. */
export type Seal = (digest: Digest) => Digest;

/** Labels go on the object itself only, never into templates: controllers copy those to their children. */
export function manifestOf(desired: DesiredObject, released: readonly Pointer[], owner: Owner, seal: Seal): Manifest {
  const sent = asKubeObject(withoutPointers(desired.object, released));
  const labels = isObject(sent.metadata.labels) ? sent.metadata.labels : {};
  const owned = withFields(labels, { [installationLabel]: owner.installation, [partOfLabel]: owner.recordId });
  const plain = sent === desired.object ? desired.digest : digest(digestOf(sent));
  return { desired, body: withEncodedData(withMetadata(sent, { labels: owned })), digest: seal(plain) };
}
