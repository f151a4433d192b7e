/** The declarations of all repositories, put together by name. */
import type { Grant } from '../grant/grant.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import type { Fleet } from '../model/fleet.ts';
import type { AppId, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { Acknowledgement, Pin, Placement } from '../model/placement.ts';
import type { Origin } from '../model/source.ts';
import type { Tenant } from '../model/tenant.ts';
import type { Source } from './world.ts';

export type Gathered = {
  /** In order of name. */
  readonly fleet: Fleet;
  /** False when a Cluster may be missing because a file of an operator's repository cannot be read. */
  readonly isFleetComplete: boolean;
  readonly intents: ReadonlyMap<AppId, Intent>;
  readonly placements: readonly Placement[];
  /** By `<placement>/<stage>`. */
  readonly pins: ReadonlyMap<string, Pin>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly grants: ReadonlyMap<RepositoryId, Grant>;
};

export const pinKey = (placement: string, stage: string): string => `${placement}/${stage}`;

export function gather(sources: readonly Source[]): Findings<Gathered> {
  const diagnostics: Diagnostic[] = sources.flatMap(({ head }) => head.diagnostics);
  const operators = sources.filter(({ role }) => role !== 'tenant');
  const heads = sources.map(({ head }) => head.value);
  diagnostics.push(...sources.filter(({ role }) => role === 'tenant').flatMap(misplaced));
  const clusters = unique(
    operators.flatMap(({ head }) => head.value.clusters),
    (cluster) => cluster.id,
    'Cluster',
    diagnostics,
  );
  const tenants = operators.flatMap(({ head }) => head.value.tenants);
  const placements = unique(
    heads.flatMap((head) => head.placements),
    (placement) => placement.id,
    'Placement',
    diagnostics,
  );
  const pins = unique(
    heads.flatMap((head) => head.pins),
    (pin) => pinKey(pin.placement, pin.stage),
    'Pin',
    diagnostics,
  );
  return {
    value: {
      fleet: new Map([...clusters].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      isFleetComplete: operators.every(({ head }) => head.value.isComplete),
      intents: intentsOf(
        heads.flatMap((head) => head.intents),
        diagnostics,
      ),
      placements: [...placements.values()],
      pins,
      acknowledgements: heads.flatMap((head) => head.acknowledgements),
      grants: new Map(sources.map((source) => [source.id, grantOf(source, tenants)])),
    },
    diagnostics,
  };
}

/** The first of each name is kept; the others are told where it is. */
function unique<Name extends string, Value extends { readonly origin: Origin }>(
  values: readonly Value[],
  nameOf: (value: Value) => Name,
  kind: string,
  diagnostics: Diagnostic[],
): ReadonlyMap<Name, Value> {
  const byName = new Map<Name, Value>();
  for (const value of values) {
    const first = byName.get(nameOf(value));
    if (first === undefined) byName.set(nameOf(value), value);
    else diagnostics.push(double(kind, nameOf(value), first.origin, value.origin));
  }
  return byName;
}

function double(kind: string, name: string, first: Origin, second: Origin): Diagnostic {
  const where = `${first.path}:${first.line}${first.repository === second.repository ? '' : ` of ${first.repository}`}`;
  return { code: 'A1208', severity: 'error', origin: second, message: `${kind} ${name} is also declared in ${where}` };
}

/** Two Apps of one name in two repositories: neither moves, since nobody can say which is meant. */
function intentsOf(intents: readonly Intent[], diagnostics: Diagnostic[]): ReadonlyMap<AppId, Intent> {
  const byId = new Map<AppId, Intent>();
  for (const intent of intents) {
    const first = byId.get(intent.id);
    byId.set(intent.id, first === undefined ? intent : { ...first, isBroken: true });
    if (first !== undefined) diagnostics.push(double('App', intent.id, first.origin, intent.origin));
  }
  return byId;
}

function misplaced({ head }: Source): readonly Diagnostic[] {
  const { clusters, tenants } = head.value;
  const found = [
    ...clusters.map((cluster) => ['Cluster', cluster.origin] as const),
    ...tenants.map((tenant) => ['Tenant', tenant.origin] as const),
  ];
  return found.map(([kind, origin]) => ({
    code: 'A1401',
    severity: 'error',
    origin,
    message: `a tenant's repository cannot have a ${kind}`,
    hint: 'it belongs into a repository that the settings mark `role: operator`',
  }));
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
