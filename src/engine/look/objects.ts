/** The objects of an App, folded over its clusters: what each is, and where it is not well. */
import type { Health, HealthStatus } from '../../core/model/health.ts';
import {
  type AppId,
  type ClusterId,
  cellId,
  type ObjectKey,
  type ObjectKeyParts,
  partsOf,
} from '../../core/model/id.ts';
import type { LookedEngine } from './looked-engine.ts';

export type IllObject = {
  readonly cluster: ClusterId;
  readonly status: HealthStatus;
  readonly message: string | undefined;
};

export type ObjectLook = ObjectKeyParts & {
  /** How many clusters are to hold it, or hold it still. */
  readonly clusters: number;
  readonly health: ReadonlyMap<HealthStatus, number>;
  /** Where it is not healthy; not more than a person reads. */
  readonly ill: readonly IllObject[];
  /** No cluster is to hold it any more. */
  readonly isLeaving: boolean;
};

const illMax = 10;

type Counted = {
  clusters: number;
  isLeaving: boolean;
  readonly health: Map<HealthStatus, number>;
  readonly ill: IllObject[];
};

/** Shape: in order of key. `only`: on this cluster alone. Cost: the objects of the App's cells. */
export function objectsOfApp(app: AppId, only: ClusterId | undefined, engine: LookedEngine): readonly ObjectLook[] {
  const found = new Map<ObjectKey, Counted>();
  for (const cluster of only === undefined ? clustersOf(engine) : [only]) countOn(cluster, app, engine, found);
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { clusters, health, ill, isLeaving }]) => ({
      ...partsOf(key),
      clusters,
      health,
      ill: ill.slice(0, illMax),
      isLeaving,
    }));
}

/** Keys of all objects that a cell is to hold, or that its record says it holds. */
export function keysOfCell(
  app: AppId,
  cluster: ClusterId,
  { fleet, revision }: LookedEngine,
): ReadonlyMap<ObjectKey, boolean> {
  const aim = revision?.compiled.cells.get(cellId(app, cluster))?.aim;
  const wanted = aim?.kind === 'hold' ? aim.rendering.objects.map(({ key }) => key) : [];
  const owned = fleet.members.get(cluster)?.records.of(app)?.record?.inventory.keys() ?? [];
  // Of what is not known to be wanted, what runs is kept.
  const isKept = aim !== undefined && aim.kind !== 'hold';
  const keys = new Map<ObjectKey, boolean>([...owned].map((key) => [key, isKept]));
  for (const key of wanted) keys.set(key, true);
  return keys;
}

const clustersOf = ({ revision }: LookedEngine): Iterable<ClusterId> => revision?.compiled.gathered.fleet.keys() ?? [];

function countOn(cluster: ClusterId, app: AppId, engine: LookedEngine, found: Map<ObjectKey, Counted>): void {
  const member = engine.fleet.members.get(cluster);
  for (const [key, isWanted] of keysOfCell(app, cluster, engine)) {
    const health = healthOn(member, key);
    const counted: Counted = found.get(key) ?? { clusters: 0, isLeaving: true, health: new Map(), ill: [] };
    found.set(key, counted);
    counted.clusters += 1;
    counted.isLeaving &&= !isWanted;
    counted.health.set(health.status, (counted.health.get(health.status) ?? 0) + 1);
    const { status, message } = health;
    if (status !== 'Healthy' && counted.ill.length < illMax) counted.ill.push({ cluster, status, message });
  }
}

function healthOn(member: ReturnType<LookedEngine['fleet']['members']['get']>, key: ObjectKey): Health {
  if (member === undefined || !member.isReady) return { status: 'Unknown', message: 'its cluster does not answer' };
  return member.live.objects.get(key)?.health ?? { status: 'Missing' };
}
