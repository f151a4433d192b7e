/** What is to be done to one cell: every object it should hold, does hold, or has held. */
import { digestOfText } from '../json/digest.ts';
import type { Pointer } from '../json/pointer.ts';
import { type DesiredObject, definitionRank, type Rendering, whyKept } from '../model/cell.ts';
import { type Digest, digest, groupKindOf, type ObjectKey } from '../model/id.ts';
import type { LiveLookup } from '../model/live.ts';
import { rankOf } from '../model/order.ts';
import type { Action, Manifest } from '../model/plan.ts';
import type { Inventory } from '../model/record.ts';
import { decide } from './decide.ts';
import { type Counts, shrinking } from './make-first.ts';
import { manifestOf, type Owner, type Seal } from './manifest.ts';

export type CellFacts = {
  /** Undefined: nothing is wanted any more. */
  readonly rendering: Rendering | undefined;
  readonly inventory: Inventory;
  readonly live: LiveLookup;
  /** Live objects whose labels say that they are this cell's, whether or not the inventory knows them. */
  readonly swept: Iterable<ObjectKey>;
  readonly owner: Owner;
  readonly seal: Seal;
  readonly isPruning: boolean;
  readonly isOrphaning: boolean;
  /** What goes or shrinks waits until all that stays and comes is well. */
  readonly isMakingFirst: boolean;
  /** Replicas that the record says objects have. */
  readonly counts: Counts;
  /** Fields that an autoscaler of this cluster keeps. */
  readonly autoscaled: (key: ObjectKey) => readonly Pointer[];
  readonly isContested: (key: ObjectKey) => boolean;
  readonly isSuspect: (key: ObjectKey) => boolean;
  readonly isWantedElsewhere: (key: ObjectKey) => boolean;
};

/** Shape: wanted objects in order of rank, then unwanted ones in the opposite order of kinds. */
export function planCell(facts: CellFacts): readonly Action[] {
  const manifests = (facts.rendering?.objects ?? []).map((desired): Released => {
    const released = [...desired.released, ...facts.autoscaled(desired.key)];
    return { manifest: manifestOf(desired, released, facts.owner, facts.seal), released };
  });
  const wanted = new Set(manifests.map(({ manifest }) => manifest.desired.key));
  const smaller = facts.isMakingFirst ? shrinking(facts.counts, facts.rendering) : none;
  const gate = gateOf(facts, manifests, smaller);
  const common = (key: ObjectKey) => ({
    key,
    owned: facts.inventory.get(key),
    live: facts.live.get(key),
    recordId: facts.owner.recordId,
    isWantedElsewhere: () => facts.isWantedElsewhere(key),
    isContested: facts.isContested(key),
    isSuspect: facts.isSuspect(key),
    isPruning: facts.isPruning && whyKept(facts.rendering) === undefined,
    isOrphaning: facts.isOrphaning,
  });
  const applied = manifests.map(({ manifest, released }) =>
    decide({ ...common(manifest.desired.key), manifest, notBefore: gate(manifest.desired), handOver: released }),
  );
  const unwanted = new Set([...facts.inventory.keys(), ...facts.swept].filter((key) => !wanted.has(key)));
  const lastFirst = [...unwanted].toSorted((a, b) => rankOf(groupKindOf(b)) - rankOf(groupKindOf(a)));
  const making = facts.isMakingFirst ? unmade(facts, manifests, smaller) : undefined;
  const removed = lastFirst.map((key) =>
    making !== undefined
      ? ({ kind: 'wait', key, reason: making } as const)
      : decide({ ...common(key), manifest: undefined, notBefore: undefined, handOver: [] }),
  );
  return [...applied, ...removed];
}

type Released = { readonly manifest: Manifest; readonly released: readonly Pointer[] };

/**
 * What a record's digest is once all of a rendering has arrived; the digest that evidence is about.
 *
 * Shape: what cannot be read is kept as it is and counts as it was recorded, so nothing moves because a source went away.
 */
export function sealedDigestOf(rendering: Rendering, inventory: Inventory, seal: Seal): Digest {
  const lines = rendering.objects.map((object) => `${object.key} ${seal(object.digest)}`);
  if (rendering.missing.length > 0) {
    const known = new Set(rendering.objects.map(({ key }) => key));
    for (const owned of inventory.values()) if (!known.has(owned.key)) lines.push(`${owned.key} ${owned.digest}`);
  }
  return digest(digestOfText(lines.toSorted().join('\n')));
}

const none: ReadonlySet<ObjectKey> = new Set();

/** It is there as it is wanted, and healthy; one that is to shrink is wanted as it is until then. */
function isWell({ inventory, live }: CellFacts, { manifest }: Released, smaller: ReadonlySet<ObjectKey>): boolean {
  const { key, isReadOnly } = manifest.desired;
  const isThere = isReadOnly === true || smaller.has(key) || inventory.get(key)?.digest === manifest.digest;
  return isThere && live.get(key)?.health.status === 'Healthy';
}

/** What has to be made before anything is broken; undefined when all of it is well. */
function unmade(facts: CellFacts, manifests: readonly Released[], smaller: ReadonlySet<ObjectKey>): string | undefined {
  const found = manifests.find((each) => !smaller.has(each.manifest.desired.key) && !isWell(facts, each, smaller))
    ?.manifest.desired.object;
  return found === undefined ? undefined : `stays until ${found.kind} ${found.metadata.name} is healthy`;
}

type Gate = (desired: DesiredObject) => string | undefined;

/** Why an object cannot be applied yet: a definition that is not established, a part that is not healthy. */
function gateOf(facts: CellFacts, manifests: readonly Released[], smaller: ReadonlySet<ObjectKey>): Gate {
  const { rendering } = facts;
  const unestablished = manifests.find((each) => isDefinition(each.manifest.desired) && !isWell(facts, each, smaller))
    ?.manifest.desired;
  const making = smaller.size === 0 ? undefined : unmade(facts, manifests, smaller);
  const needs = rendering?.needs ?? new Map<string, readonly string[]>();
  const unwell = new Map<string, DesiredObject>();
  if (needs.size > 0)
    for (const each of manifests)
      if (!isWell(facts, each, smaller)) unwell.set(each.manifest.desired.part, each.manifest.desired);
  return (desired) => {
    if (unestablished !== undefined && desired.rank > definitionRank) {
      return `waits for ${unestablished.object.metadata.name} to be established`;
    }
    if (making !== undefined && smaller.has(desired.key)) return making;
    for (const part of needs.get(desired.part) ?? []) {
      const object = unwell.get(part)?.object;
      if (object !== undefined)
        return `waits for component ${part}: ${object.kind} ${object.metadata.name} is not healthy`;
    }
    return undefined;
  };
}

const isDefinition = ({ key }: DesiredObject): boolean =>
  groupKindOf(key) === 'apiextensions.k8s.io/CustomResourceDefinition';
