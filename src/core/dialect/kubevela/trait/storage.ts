/** The trait that gives pods something to keep files in. */
import type { z } from 'zod';
import { at, type Json, type JsonObject, textOf, withFields } from '../../../json/value.ts';
import { uniqueByName } from '../component/pod.ts';
import { change, containers, type Output, pod, trait } from '../effect.ts';
import { Storage } from '../schema/storage.ts';

type Given = z.output<typeof Storage>;

export const storage = trait(Storage, (given) => {
  const into = [...containers, { which: 'first' } as const];
  const upsert = (
    field: readonly string[],
    items: readonly JsonObject[],
    meeting: 'replace' | 'unify',
    isInPod = false,
  ) =>
    items.length === 0
      ? []
      : [change([...(isInPod ? pod : into), ...field], { do: 'upsert', keys: ['name'], items, meeting })];
  return {
    edits: [
      ...upsert(['volumes'], uniqueByName(volumesOf(given)), 'unify', true),
      ...upsert(['env'], envOf(given), 'replace'),
      ...upsert(['volumeDevices'], devicesOf(given), 'unify'),
      ...upsertMounts(into, mountsOf(given)),
    ],
    objects: outputsOf(given),
  };
});

/** One volume may be mounted at several places. */
function upsertMounts(into: Parameters<typeof change>[0], items: readonly JsonObject[]) {
  if (items.length === 0) return [];
  return [change([...into, 'volumeMounts'], { do: 'upsert', keys: ['name', 'mountPath'], items, meeting: 'unify' })];
}

function volumesOf(given: Given): readonly JsonObject[] {
  const { pvc = [], configMap = [], secret = [], emptyDir = [], hostPath = [] } = given;
  return [
    ...pvc.map(({ name }) => ({ name: `pvc-${name}`, persistentVolumeClaim: { claimName: name } })),
    ...configMap.filter(isMounted).map(({ name, defaultMode, items }) => ({
      name: `configmap-${name}`,
      configMap: withFields({ defaultMode, name }, { items }),
    })),
    ...secret.filter(isMounted).map(({ name, defaultMode, items }) => ({
      name: `secret-${name}`,
      secret: withFields({ defaultMode, secretName: name }, { items }),
    })),
    ...emptyDir.map(({ name, medium }) => ({ name: `emptydir-${name}`, emptyDir: { medium } })),
    ...hostPath.map(({ name, path, type }) => ({ name: `hostpath-${name}`, hostPath: { path, type } })),
  ];
}

const isMounted = ({ mountPath }: { readonly mountPath?: string | undefined }): boolean => mountPath !== undefined;

type Mounted = {
  readonly name: string;
  readonly mountPath?: string | undefined;
  readonly subPath?: string | undefined;
  readonly readOnly?: boolean | undefined;
};

function mountsOf(given: Given): readonly JsonObject[] {
  const { pvc = [], configMap = [], secret = [], emptyDir = [], hostPath = [] } = given;
  const mount = (prefix: string, { name, mountPath, subPath, readOnly }: Mounted): readonly JsonObject[] => {
    if (mountPath === undefined) return [];
    return [withFields({ name: `${prefix}-${name}`, mountPath }, { subPath, readOnly: readOnly ? true : undefined })];
  };
  return [
    ...pvc.filter(({ volumeMode }) => volumeMode === 'Filesystem').flatMap((each) => mount('pvc', each)),
    ...configMap.flatMap((each) => mount('configmap', each)),
    ...secret.flatMap((each) => mount('secret', each)),
    ...emptyDir.flatMap((each) => mount('emptydir', each)),
    ...hostPath.flatMap((each) => mount('hostpath', each)),
  ];
}

const devicesOf = ({ pvc = [] }: Given): readonly JsonObject[] =>
  pvc
    .filter(({ volumeMode }) => volumeMode === 'Block')
    .map(({ name, mountPath }) => ({ name: `pvc-${name}`, devicePath: mountPath }));

function envOf({ configMap = [], secret = [] }: Given): readonly JsonObject[] {
  const fromMaps = configMap.flatMap(({ name, mountToEnv, mountToEnvs = [] }) =>
    [...(mountToEnv === undefined ? [] : [mountToEnv]), ...mountToEnvs].map(({ envName, configMapKey }) => ({
      name: envName,
      valueFrom: { configMapKeyRef: { name, key: configMapKey } },
    })),
  );
  const fromSecrets = secret.flatMap(({ name, mountToEnv, mountToEnvs = [] }) =>
    [...(mountToEnv === undefined ? [] : [mountToEnv]), ...mountToEnvs].map(({ envName, secretKey }) => ({
      name: envName,
      valueFrom: { secretKeyRef: { name, key: secretKey } },
    })),
  );
  return [...fromMaps, ...fromSecrets];
}

function outputsOf({ pvc = [], configMap = [], secret = [] }: Given): readonly Output[] {
  const claims = pvc.filter(isMade).map((each): Output => {
    const { name, resources } = each;
    const requests = { storage: textOf(at(resources, 'requests', 'storage')) ?? '8Gi' };
    return claimOf(`pvc-${name}`, name, each, requests, textOf(at(resources, 'limits', 'storage')));
  });
  const maps = configMap
    .filter(isMade)
    .map(({ name, data }): Output => ({ key: `configmap-${name}`, object: make('ConfigMap', name, { data }) }));
  const secrets = secret.filter(isMade).map(
    ({ name, data, stringData }): Output => ({
      key: `secret-${name}`,
      object: make('Secret', name, { data, stringData }),
    }),
  );
  return [...claims, ...maps, ...secrets];
}

type Claim = Omit<
  NonNullable<Given['pvc']>[number],
  'accessModes' | 'mountOnly' | 'mountPath' | 'name' | 'resources'
> & {
  readonly accessModes?: readonly string[] | undefined;
};

export function claimOf(
  key: string,
  name: string,
  given: Claim,
  requests: JsonObject,
  limit: string | undefined,
): Output {
  const { accessModes, volumeMode, volumeName, storageClassName, dataSourceRef, dataSource, selector } = given;
  const resources = withFields({ requests }, { limits: limit === undefined ? undefined : { storage: limit } });
  const spec = withFields(
    {},
    { accessModes, volumeMode, volumeName, storageClassName, resources, dataSourceRef, dataSource, selector },
  );
  return { key, object: make('PersistentVolumeClaim', name, { spec }) };
}

const isMade = ({ mountOnly }: { readonly mountOnly: boolean }): boolean => !mountOnly;

export const make = (kind: string, name: string, fields: { readonly [field: string]: Json | undefined }): JsonObject =>
  withFields({ apiVersion: 'v1', kind, metadata: { name } }, fields);
