/** ControllerRevisions: the templates that a StatefulSet or DaemonSet has had. */
import { isObject, numberOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { partOf } from '../registry/objects.ts';
import { type Actor, controllerReference } from './actor.ts';
import { templateHash, templateOf } from './templates.ts';

const place = 'controllerrevisions.apps';

/** The name of the revision of the owner's template, made when it is a new one. */
export function revisionOf(actor: Actor, owner: KubeObject): string {
  const template = templateOf(owner);
  const hash = templateHash(template);
  const name = `${owner.metadata.name}-${hash}`;
  const namespace = owner.metadata.namespace ?? '';
  if (actor.get(place, { namespace, name }) !== undefined) return name;
  const uid = String(owner.metadata.uid);
  const revisions = actor.ownedBy(uid, place).map((entry) => numberOf(actor.read(entry).revision) ?? 0);
  const { annotations } = owner.metadata;
  actor.create(place, {
    metadata: {
      name,
      namespace,
      labels: { ...partOf(partOf(template, 'metadata'), 'labels'), 'controller.kubernetes.io/hash': hash },
      ...(isObject(annotations) ? { annotations } : {}),
      ownerReferences: [controllerReference(owner)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: Math.max(0, ...revisions) + 1,
  });
  return name;
}
