/** An App of which no more can be read than its name: what runs of it is kept. */
import { digestOf } from '../json/digest.ts';
import { appId, digest } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { kindOfDocument, type Placed } from './placed.ts';

export function brokenIntent(placed: Placed): Intent {
  const { name, namespace } = kindOfDocument(placed.document);
  return {
    id: appId(namespace === '' ? 'default' : namespace, name),
    repository: placed.origin.repository,
    origin: placed.origin,
    parts: [],
    variants: [],
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt: [],
    isSuspended: false,
    isBroken: true,
    digest: digest(digestOf(placed.document.value)),
  };
}
