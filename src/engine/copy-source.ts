/** The originals of copies: how they are asked for, and what is kept of them. */
import { viewOf } from '../core/compile/view.ts';
import { FaultError } from '../core/model/fault.ts';
import type { ObjectKey } from '../core/model/id.ts';
import { type KubeObject, keyOf } from '../core/model/object.ts';
import type { LiveRead, ReadResult, View } from '../core/model/observed.ts';
import type { LabelSelector, Requirement } from '../core/model/selector.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import type { ListQuery } from '../edge/kube/query.ts';

/** An object as far as it is looked at. */
export type Original = { readonly key: ObjectKey; readonly object: KubeObject; readonly isDeleting: boolean };

export const originalOf = (object: KubeObject, view: View): Original => ({
  key: keyOf(object),
  object: viewOf(view, object),
  isDeleting: object.metadata.deletionTimestamp !== undefined,
});

/** Errors: missing, when the cluster serves no such kind; those of discovery. */
export async function copyQuery(
  { copy, app }: LiveRead,
  client: Pick<KubeClient, 'kinds'>,
  signal: AbortSignal,
): Promise<ListQuery> {
  const kinds = await client.kinds(signal);
  const kind = kinds.named(copy.resource, copy.group);
  if (kind === undefined)
    throw new FaultError({ kind: 'missing', detail: `cluster ${copy.cluster} serves no ${copy.resource}` });
  const namespace = kind.isNamespaced ? (copy.namespace ?? app.slice(0, app.indexOf('/'))) : undefined;
  return copy.which.kind === 'name'
    ? { kind, namespace, fieldSelector: `metadata.name=${copy.which.name}` }
    : { kind, namespace, labelSelector: selectorText(copy.which.selector) };
}

/** What is being deleted is as good as gone, and a copy of it would outlive it. */
export function resultOf(originals: readonly Original[]): ReadResult {
  const alive = originals.filter(({ isDeleting }) => !isDeleting).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const objects = alive.map(({ object }) => object);
  return objects.length === 0 ? { kind: 'absent', reason: 'there is no such object' } : { kind: 'found', objects };
}

function selectorText(selector: LabelSelector): string {
  return selector.map(requirementText).join(',');
}

function requirementText(requirement: Requirement): string {
  switch (requirement.operator) {
    case 'In':
      return `${requirement.key} in (${requirement.values.join(',')})`;
    case 'NotIn':
      return `${requirement.key} notin (${requirement.values.join(',')})`;
    case 'Exists':
      return requirement.key;
    case 'DoesNotExist':
      return `!${requirement.key}`;
  }
}
