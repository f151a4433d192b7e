/** What each repository may do, as the operators' Tenants say. */
import type { Grant } from '../grant/grant.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RepositoryId } from '../model/id.ts';
import type { Tenant } from '../model/tenant.ts';
import type { Source } from './world.ts';

export function grantsOf(sources: readonly Source[], tenants: readonly Tenant[]): ReadonlyMap<RepositoryId, Grant> {
  return new Map(sources.map((source) => [source.id, grantOf(source, tenants)]));
}

function grantOf(source: Source, tenants: readonly Tenant[]): Grant {
  if (source.role !== 'tenant') return { kind: 'everything' };
  const mine = tenants.filter((tenant) =>
    tenant.repositories.some(({ url, branch }) => url === source.url && branch === source.branch),
  );
  const [tenant] = mine;
  if (tenant === undefined) return { kind: 'nothing', reason: `no Tenant grants anything to repository ${source.id}` };
  if (mine.length > 1)
    return {
      kind: 'nothing',
      reason: `repository ${source.id} is in more than one Tenant: ${mine.map(({ name }) => name).join(', ')}`,
    };
  return { kind: 'tenant', tenant };
}

/** What only an operator's repository can have, in another: it counts for nothing. */
export function misplaced({ head }: Source): readonly Diagnostic[] {
  const { clusters, freezes, tenants } = head.value;
  const found = [
    ...clusters.map((cluster) => ['Cluster', cluster.origin] as const),
    ...tenants.map((tenant) => ['Tenant', tenant.origin] as const),
    ...freezes.map((freeze) => ['Freeze', freeze.origin] as const),
  ];
  return found.map(([kind, origin]) => ({
    code: 'A1401',
    severity: 'error',
    origin,
    message: `a tenant's repository cannot have a ${kind}`,
    hint: 'it belongs into a repository that the settings mark `role: operator`',
  }));
}
