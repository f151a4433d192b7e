/** Traits of the time before `storage` and `affinity`, as their definitions were. */
import { type JsonObject, withFields } from '../../../json/value.ts';
import { olderVolume } from '../component/pod.ts';
import { change, containers, pod, trait } from '../effect.ts';
import * as schema from '../schema/older.ts';
import { claimOf, make } from './storage.ts';

const first = [...containers, { which: 'first' } as const];

const intoPod = (volumes: readonly JsonObject[]) =>
  change([...pod, 'volumes'], { do: 'upsert', keys: ['name'], items: volumes, meeting: 'unify' });

const intoFirst = (field: 'volumeMounts' | 'volumeDevices', items: readonly JsonObject[]) =>
  change([...first, field], { do: 'upsert', keys: ['name'], items, meeting: 'unify' });

/** A ConfigMap without `data` is there already. */
export const configMap = trait(schema.ConfigMaps, ({ volumes: given }) => ({
  edits: [
    intoFirst(
      'volumeMounts',
      given.map(({ name, mountPath, readOnly }) => ({ name: `volume-${name}`, mountPath, readOnly })),
    ),
    intoPod(given.map(({ name }) => ({ name: `volume-${name}`, configMap: { name } }))),
  ],
  objects: given.flatMap(({ name, data }) =>
    data === undefined ? [] : [{ key: name, object: make('ConfigMap', name, { data }) }],
  ),
}));

export const claim = trait(schema.Claim, (given) => {
  const { claimName, volumeMode, volumesToMount, resources } = given;
  const isBlock = volumeMode === 'Block';
  const places = volumesToMount.map(({ name, mountPath, devicePath }) =>
    withFields({ name }, isBlock ? { devicePath } : { mountPath }),
  );
  return {
    edits: [
      intoFirst(isBlock ? 'volumeDevices' : 'volumeMounts', places),
      intoPod(volumesToMount.map(({ name }) => ({ name, persistentVolumeClaim: { claimName } }))),
    ],
    objects: [claimOf(claimName, claimName, given, { storage: resources.requests.storage }, resources.limits?.storage)],
  };
});

/** What is in a volume that a component mounts: it was written there without it. */
export const volumes = trait(schema.Volumes, (given) => ({
  edits: [
    change([...pod, 'volumes'], {
      do: 'upsert',
      keys: ['name'],
      items: given.volumes.map(olderVolume),
      meeting: 'replace',
    }),
  ],
}));

const terms = 'requiredDuringSchedulingIgnoredDuringExecution';

export const nodeAffinity = trait(schema.NodeAffinity, ({ affinity, tolerations }) => {
  const expressions = Object.entries(affinity ?? {}).map(([key, values]) => ({ key, operator: 'In', values }));
  const required = { nodeSelectorTerms: [{ matchExpressions: expressions }] };
  const tolerated = Object.entries(tolerations ?? {}).map(([key, value]) => ({
    effect: 'NoSchedule',
    key,
    operator: 'Equal',
    value,
  }));
  return {
    edits: [
      ...(affinity === undefined
        ? []
        : [change([...pod, 'affinity'], { do: 'unify', value: { nodeAffinity: { [terms]: required } } })]),
      ...(tolerations === undefined ? [] : [change([...pod, 'tolerations'], { do: 'unify', value: tolerated })]),
    ],
  };
});
