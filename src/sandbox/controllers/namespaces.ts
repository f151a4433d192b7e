/** Empties a namespace that is going, then lets it go; and gives every new one what each namespace has. */
import { at, isArray, isObject, type JsonObject, textOf, withFields } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { finalizersOf } from '../registry/finalizers.ts';
import { partOf, withParts } from '../registry/objects.ts';
import { overwrite } from '../registry/update.ts';
import { timeOf } from '../registry/world.ts';
import type { Change } from '../store/event-log.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionsWith } from './conditions.ts';
import type { Controller, Key } from './loop.ts';

const place = 'namespaces';

export function namespaceController(actor: Actor): Controller {
  const { world } = actor;
  const { store } = world;
  const going = new Set<string>();
  const keyOf = (name: string): Key => ({ namespace: '', name });

  const keysOf = ({ resource, current, last }: Change): readonly Key[] => {
    if (resource !== place) return current === undefined && going.has(last.namespace) ? [keyOf(last.namespace)] : [];
    if (current === undefined) {
      going.delete(last.name);
      return [];
    }
    if (!current.metadataText.includes('"deletionTimestamp"')) return [];
    going.add(current.name);
    return [keyOf(current.name)];
  };

  const reconcile = (key: Key): undefined => {
    const live = actor.get(place, key);
    if (live === undefined) return;
    const object = actor.read(live);
    if (!isGoing(object)) return;
    empty(actor, live.name);
    const left = contentOf(actor, live.name);
    if (left.length > 0) {
      const next = withParts(object, { status: statusWith(actor, object, left) });
      actor.replace(place, live, next, 'status');
      return;
    }
    const spec = partOf(object, 'spec');
    const others = isArray(spec.finalizers) ? spec.finalizers.filter((each) => each !== 'kubernetes') : [];
    if (others.length === 0 && finalizersOf(object).length === 0) store.remove(place, live);
    else if (isArray(spec.finalizers) && others.length < spec.finalizers.length) {
      const finalizers = others.length === 0 ? undefined : others;
      overwrite(world, place, live, withParts(object, { spec: withFields(spec, { finalizers }) }));
    }
  };
  return { name: 'namespaces', places: ['*'], keysOf, reconcile };
}

/** Pods leave at once: nobody waits for the grace of what is being torn down. */
function empty(actor: Actor, namespace: string): void {
  const { store } = actor.world;
  for (const resource of store.resources()) {
    for (const entry of store.list(resource, namespace)) {
      if (entry.namespace !== namespace || isGoing(actor.read(entry))) continue;
      actor.remove(resource, entry, { gracePeriodSeconds: 0 });
    }
  }
}

type Content = { readonly resource: string; readonly count: number; readonly finalizers: readonly string[] };

function contentOf(actor: Actor, namespace: string): readonly Content[] {
  const { store } = actor.world;
  return store.resources().flatMap((resource) => {
    const entries =
      namespace === '' ? [] : store.list(resource, namespace).filter((entry) => entry.namespace === namespace);
    if (entries.length === 0) return [];
    return [
      { resource, count: entries.length, finalizers: entries.flatMap((entry) => finalizersOf(actor.read(entry))) },
    ];
  });
}

/** The conditions by which a namespace says why it is not gone yet. */
function statusWith(actor: Actor, namespace: KubeObject, left: readonly Content[]): JsonObject {
  const time = timeOf(actor.world.clock.nowMs());
  const counts = new Map<string, number>();
  for (const finalizer of left.flatMap(({ finalizers }) => finalizers)) {
    counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  }
  const remaining = left.map(({ resource, count }) => `${resource} has ${count} resource instances`).join(', ');
  const held = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).join(', ');
  const hasFinalizers = counts.size > 0;
  const wanted = [
    ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      'False',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
    ['NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${remaining}`],
    [
      'NamespaceFinalizersRemaining',
      hasFinalizers ? 'True' : 'False',
      hasFinalizers ? 'SomeFinalizersRemain' : 'ContentHasNoFinalizers',
      hasFinalizers
        ? `Some content in the namespace has finalizers remaining: ${held}`
        : 'All content-preserving finalizers finished',
    ],
  ] as const;
  const status = partOf(namespace, 'status');
  const conditions = wanted.reduce<readonly JsonObject[]>(
    (all, [type, state, reason, message]) => conditionsWith(all, { type, status: state, reason, message }, time),
    isArray(status.conditions) ? status.conditions.filter(isObject) : [],
  );
  return { ...status, phase: textOf(at(status, 'phase')) ?? 'Terminating', conditions };
}

/** The default service account, and the root certificates its pods would need. */
export function namespaceContentController(actor: Actor): Controller {
  const ensure = (where: string, namespace: string, name: string, rest: JsonObject): void => {
    if (actor.get(where, { namespace, name }) === undefined) {
      actor.create(where, { metadata: { name, namespace }, ...rest });
    }
  };
  return {
    name: 'namespace-content',
    places: [place, 'serviceaccounts', 'configmaps'],
    keysOf: ({ resource, current, previous, last }) => {
      if (resource === place)
        return current !== undefined && previous === undefined ? [{ namespace: '', name: last.name }] : [];
      const isOurs = last.name === 'default' || last.name === rootCertificates;
      return current === undefined && isOurs ? [{ namespace: '', name: last.namespace }] : [];
    },
    reconcile: (key): undefined => {
      const namespace = actor.get(place, key);
      if (namespace === undefined || isGoing(actor.read(namespace))) return;
      ensure('serviceaccounts', key.name, 'default', {});
      ensure('configmaps', key.name, rootCertificates, { data: { 'ca.crt': 'the sandbox has no certificates\n' } });
    },
  };
}

const rootCertificates = 'kube-root-ca.crt';
