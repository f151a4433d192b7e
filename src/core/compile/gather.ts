/** The declarations of all repositories, put together by name. */
import { type Grant, refuseNamespace } from '../grant/grant.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import type { Cluster, Fleet } from '../model/fleet.ts';
import type { Freeze } from '../model/gate.ts';
import type { AppId, ClusterId, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { Acknowledgement, Pin, Placement } from '../model/placement.ts';
import type { Origin } from '../model/source.ts';
import { chosenIntent, chosenPlacement } from './chosen.ts';
import { grantsOf, misplaced } from './grants.ts';
import type { Source, World } from './world.ts';

export type Gathered = {
  /** In order of name. */
  readonly fleet: Fleet;
  /** False when a Cluster may be missing because something of an operator's repository cannot be read. */
  readonly isFleetComplete: boolean;
  readonly intents: ReadonlyMap<AppId, Intent>;
  readonly placements: readonly Placement[];
  /** By `pinKey`; more than one is one too many. */
  readonly pins: ReadonlyMap<string, readonly Pin[]>;
  readonly acknowledgements: readonly Acknowledgement[];
  /** Of operators; several hold together. */
  readonly freezes: readonly Freeze[];
  readonly grants: ReadonlyMap<RepositoryId, Grant>;
};

/** A pin counts for the placements of its own repository. */
export const pinKey = (repository: RepositoryId, placement: string, stage: string): string =>
  `${repository} ${placement}.${stage}`;

/** Shape: `sources` in a fixed order. Of two things with one name neither is what it was: nobody can say which is meant. */
export function gather(sources: readonly Source[], unread: World['unread']): Findings<Gathered> {
  const diagnostics: Diagnostic[] = sources.flatMap(({ head }) => head.diagnostics);
  const operators = sources.filter(({ role }) => role !== 'tenant');
  diagnostics.push(...sources.filter(({ role }) => role === 'tenant').flatMap(misplaced));
  const tenants = operators.flatMap(({ head }) => head.value.tenants);
  byName(tenants, ({ name }) => name, 'Tenant', diagnostics);
  const freezes = operators.flatMap(({ head }) => head.value.freezes);
  byName(freezes, ({ name }) => name, 'Freeze', diagnostics);
  const grants = grantsOf(sources, tenants);
  const pins = sources.flatMap(({ head }) => head.value.pins);
  const placements = allowed(
    sources.flatMap(({ head }) => head.value.placements),
    'Placement',
    grants,
    diagnostics,
  );
  const intents = allowed(
    sources.flatMap(({ head }) => head.value.intents),
    'App',
    grants,
    diagnostics,
  );
  const pinsByKey = Map.groupBy(pins, (pin) => pinKey(pin.repository, pin.placement, pin.stage));
  for (const [first, ...others] of pinsByKey.values())
    for (const other of others)
      if (first !== undefined) diagnostics.push(double('Pin', nameOfPin(first), first, other));
  const fleet = fleetOf(operators, diagnostics);
  return {
    value: {
      fleet,
      isFleetComplete: unread.size === 0 && operators.every(isWhole),
      intents: byName(
        intents.map((intent) => chosenIntent(intent, fleet)),
        ({ id }) => id,
        'App',
        diagnostics,
        broken,
      ),
      placements: [
        ...byName(
          placements.map((placement) => chosenPlacement(placement, fleet)),
          ({ id }) => id,
          'Placement',
          diagnostics,
          joined,
        ).values(),
      ],
      pins: pinsByKey,
      acknowledgements: sources.flatMap(({ head }) => head.value.acknowledgements),
      freezes,
      grants,
    },
    diagnostics,
  };
}

const isWhole = ({ head }: Source): boolean => head.value.isComplete && head.value.doubtful.length === 0;
const nameOfPin = ({ placement, stage }: Pin): string => `${placement}.${stage}`;
const broken = (first: Intent): Intent => ({ ...first, isBroken: true });

function joined(first: Placement, second: Placement): Placement {
  return { ...first, isBroken: true, apps: [...new Set([...first.apps, ...second.apps])] };
}

/** Two clusters of one name: nothing is written to either. */
function fleetOf(operators: readonly Source[], diagnostics: Diagnostic[]): Fleet {
  const clusters = byName<ClusterId, Cluster>(
    operators.flatMap(({ head }) => head.value.clusters),
    (cluster) => cluster.id,
    'Cluster',
    diagnostics,
    (first) => ({ ...first, isSuspended: true }),
  );
  return new Map([...clusters].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type Declared = { readonly origin: Origin };

/** The first of each name is kept, as `merge` makes it of two; the others are told where it is. */
function byName<Name extends string, Value extends Declared>(
  values: readonly Value[],
  nameOf: (value: Value) => Name,
  kind: string,
  diagnostics: Diagnostic[],
  merge: (first: Value, second: Value) => Value = (first) => first,
): ReadonlyMap<Name, Value> {
  const found = new Map<Name, Value>();
  for (const value of values) {
    const name = nameOf(value);
    const first = found.get(name);
    found.set(name, first === undefined ? value : merge(first, value));
    if (first !== undefined) diagnostics.push(double(kind, name, first, value));
  }
  return found;
}

function double(kind: string, name: string, { origin: first }: Declared, { origin: second }: Declared): Diagnostic {
  const where = `${first.path}:${first.line}${first.repository === second.repository ? '' : ` of ${first.repository}`}`;
  const message = `${kind} ${name} is also declared in ${where}`;
  return { code: 'A1208', severity: 'error', origin: second, message, hint: 'give each its own name' };
}

type Owned = Declared & { readonly id: string; readonly repository: RepositoryId; readonly isBroken: boolean };

/**
 * What repositories may declare, and what they may not as broken, so that nothing of it moves.
 *
 * Shape: without what may not be there and has the name of something that may: nobody can take another's name.
 */
function allowed<Value extends Owned>(
  values: readonly Value[],
  kind: string,
  grants: Gathered['grants'],
  diagnostics: Diagnostic[],
): readonly Value[] {
  const refusals = new Map(values.map((value) => [value, refusalOf(value, grants)]));
  const taken = new Set(values.filter((value) => refusals.get(value) === undefined).map(({ id }) => id));
  return values.flatMap((value): readonly Value[] => {
    const reason = refusals.get(value);
    if (reason === undefined) return [value];
    const message = `this repository may not have ${kind} ${value.id}: ${reason}`;
    diagnostics.push({ code: 'A1406', severity: 'error', origin: value.origin, message });
    return taken.has(value.id) ? [] : [{ ...value, isBroken: true }];
  });
}

function refusalOf({ id, repository }: Owned, grants: Gathered['grants']): string | undefined {
  const grant = grants.get(repository) ?? { kind: 'nothing', reason: 'it is not in the settings' };
  return refuseNamespace(grant, id.slice(0, id.indexOf('/')));
}
