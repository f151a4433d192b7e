/** What namespaces allow: nothing new in one that is missing or on its way out, and some may never go. */
import { at } from '../../core/json/value.ts';
import { forbidden, notFound, type Subject } from '../api/refusals.ts';
import type { World } from './world.ts';

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

/** Errors: 404 for a namespace that is not there, 403 for one that is being deleted. */
export function checkNamespace(world: Pick<World, 'store'>, namespace: string, subject: Subject): void {
  if (namespace === '') return;
  const entry = world.store.get('namespaces', '', namespace);
  if (entry === undefined) throw notFound({ group: '', resource: 'namespaces', name: namespace });
  if (at(world.store.read(entry), 'metadata', 'deletionTimestamp') === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(subject, why, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}

/** Errors: 403 for the namespaces that a cluster cannot be without. */
export function checkMortal(name: string): void {
  if (!immortal.has(name)) return;
  throw forbidden({ group: '', resource: 'namespaces', name }, 'this namespace may not be deleted');
}
