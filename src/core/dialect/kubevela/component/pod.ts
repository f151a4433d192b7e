/** The pods that components run: one container, and what is mounted into it. */
import { isObject, type Json, type JsonObject, withFields } from '../../../json/value.ts';
import type { Context } from '../effect.ts';
import type { Container, Probe, VolumeAlone } from '../schema/workload.ts';

/** Without fields that are undefined, which is how a schema says that nothing was written. */
export function asObject(value: unknown): Json | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map((item) => asObject(item) ?? null);
  if (typeof value !== 'object' || value === null) return value as Json;
  const fields = Object.entries(value).flatMap(([field, part]) => {
    const inner = asObject(part);
    return inner === undefined ? [] : [[field, inner] as const];
  });
  return Object.fromEntries(fields);
}

export function probeOf(probe: Probe | undefined): JsonObject | undefined {
  const value = asObject(probe);
  return isObject(value) ? value : undefined;
}

/** What a port is called that has no name. */
export const portName = (port: number, protocol: string): string =>
  `port-${port}${protocol === 'TCP' ? '' : `-${protocol.toLowerCase()}`}`;

export const labelsOf = ({ name, app }: Context): JsonObject => ({
  'app.oam.dev/name': app,
  'app.oam.dev/component': name,
});

export function templateOf(given: Container, context: Context, spec: JsonObject): JsonObject {
  const labels = { ...given.labels, ...labelsOf(context) };
  return { metadata: withFields({ labels }, { annotations: given.annotations }), spec };
}

/** `ports` as the container has them. */
export function podOf(given: Container, { name }: Context, ports: readonly JsonObject[] | undefined): JsonObject {
  const container = withFields(
    { name, image: given.image },
    {
      ports,
      imagePullPolicy: given.imagePullPolicy,
      command: given.cmd,
      args: given.args,
      env: asObject(given.env),
      resources: resourcesOf(given),
      volumeMounts: mountsOf(given),
      livenessProbe: probeOf(given.livenessProbe),
      readinessProbe: probeOf(given.readinessProbe),
    },
  );
  return withFields(
    { containers: [container] },
    {
      hostAliases: given.hostAliases,
      imagePullSecrets: given.imagePullSecrets?.map((secret) => ({ name: secret })),
      volumes: volumesOf(given),
    },
  );
}

/** One amount is both a request and a limit, unless a limit is given. */
function resourcesOf({ cpu, memory, limit }: Container): JsonObject | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return {
    requests: withFields({}, { cpu, memory }),
    limits: withFields(
      {},
      {
        cpu: cpu === undefined ? undefined : (limit?.cpu ?? cpu),
        memory: memory === undefined ? undefined : (limit?.memory ?? memory),
      },
    ),
  };
}

function mountsOf({ volumeMounts, volumes }: Container): readonly JsonObject[] | undefined {
  if (volumeMounts === undefined) return volumes?.map(({ name, mountPath }) => ({ mountPath, name }));
  const { pvc = [], configMap = [], secret = [], emptyDir = [], hostPath = [] } = volumeMounts;
  return [
    ...[...pvc, ...configMap, ...secret, ...emptyDir].map(({ name, mountPath, subPath }) =>
      withFields({ mountPath, name }, { subPath }),
    ),
    ...hostPath.map(({ name, mountPath, subPath, mountPropagation, readOnly }) =>
      withFields({ mountPath, name }, { subPath, mountPropagation, readOnly }),
    ),
  ];
}

type FileVolume = { readonly defaultMode: number; readonly items?: unknown };

const files = ({ defaultMode, items }: FileVolume, name: JsonObject): JsonObject =>
  withFields({ defaultMode, ...name }, { items: asObject(items) });

function volumesOf({ volumeMounts, volumes }: Container): readonly JsonObject[] | undefined {
  if (volumeMounts === undefined) return volumes?.map(olderVolume);
  const { pvc = [], configMap = [], secret = [], emptyDir = [], hostPath = [] } = volumeMounts;
  return uniqueByName([
    ...pvc.map(({ name, claimName }) => ({ name, persistentVolumeClaim: { claimName } })),
    ...configMap.map((each) => ({ name: each.name, configMap: files(each, { name: each.cmName }) })),
    ...secret.map((each) => ({ name: each.name, secret: files(each, { secretName: each.secretName }) })),
    ...emptyDir.map(({ name, medium }) => ({ name, emptyDir: { medium } })),
    ...hostPath.map(({ name, path }) => ({ name, hostPath: { path } })),
  ]);
}

export function olderVolume(volume: VolumeAlone): JsonObject {
  const { name, type } = volume;
  switch (type) {
    case 'pvc':
      return { name, persistentVolumeClaim: { claimName: volume.claimName ?? '' } };
    case 'configMap':
      return { name, configMap: files(volume, { name: volume.cmName ?? '' }) };
    case 'secret':
      return { name, secret: files(volume, { secretName: volume.secretName ?? '' }) };
    case 'emptyDir':
      return { name, emptyDir: { medium: volume.medium } };
  }
}

/** The first of each name. */
export function uniqueByName(items: readonly JsonObject[]): readonly JsonObject[] {
  const first = new Map(items.map((item) => [item.name, item] as const).toReversed());
  return items.filter((item) => first.get(item.name ?? null) === item);
}
