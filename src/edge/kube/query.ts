/** Which objects a list or a watch is about. */
import type { Kind } from '../../core/model/kinds.ts';
import type { About } from './status.ts';

export type ListQuery = {
  readonly kind: Kind;
  /** Undefined: all of them. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Only `metadata`, managedFields included: a tenth of the bytes. */
  readonly isMetadataOnly?: boolean | undefined;
};

export const isSecret = (kind: Kind): boolean => kind.group === '' && kind.kind === 'Secret';

/** Leases go before everything else; the API server gives them a priority of their own too. */
export const isLease = (kind: Kind): boolean => kind.group === 'coordination.k8s.io' && kind.kind === 'Lease';

export function aboutQuery(verb: 'list' | 'watch', query: ListQuery): About {
  const where = query.namespace === undefined ? '' : ` in ${query.namespace}`;
  return { doing: `${verb} ${query.kind.resource}${where}`, isSecret: isSecret(query.kind) };
}
