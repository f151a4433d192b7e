/** The traits of KubeVela 1.0: changes to the workload, and objects beside it. */
import { z } from 'zod';
import { mergePatch } from '../../json/merge.ts';
import { at, isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import { ingressVersion } from '../legacy-api/ingress.ts';
import { Count, Labels, Text } from '../native/field.ts';
import type { Placed } from '../placed.ts';
import { readPart, readProperties } from './properties.ts';
import { mountsOf, Volume } from './volume.ts';

export type Output = { readonly resource: string; readonly object: JsonObject };

/** A trait with its properties read. */
export type TraitKind = {
  readonly type: string;
  readonly patch: (workload: JsonObject) => JsonObject;
  /** Of a component of that name. */
  readonly outputs: (component: string) => readonly Output[];
};

type Reader = (properties: JsonObject, placed: Placed, path: Path) => Findings<TraitKind | undefined>;

type Effect<Properties> = {
  readonly patch?: (workload: JsonObject, properties: Properties) => JsonObject;
  readonly outputs?: (component: string, properties: Properties) => readonly Output[];
};

function trait<Schema extends z.ZodObject>(type: string, schema: Schema, effect: Effect<z.output<Schema>>): Reader {
  return (given, placed, path) => {
    const { value, diagnostics } = readProperties(schema, given, placed, path);
    if (value === undefined) return { value: undefined, diagnostics };
    const kind: TraitKind = {
      type,
      patch: (workload) => effect.patch?.(workload, value) ?? workload,
      outputs: (component) => effect.outputs?.(component, value) ?? [],
    };
    return { value: kind, diagnostics };
  };
}

/** Any properties are labels or annotations of the Pods. */
function podMetadata(type: 'labels' | 'annotations'): Reader {
  return (given, placed, path) => {
    const { value, diagnostics } = readPart(Labels, given, placed, path);
    const patch = { spec: { template: { metadata: { [type]: value ?? {} } } } };
    const kind: TraitKind = { type, patch: (workload) => merged(workload, patch), outputs: () => [] };
    return { value: value === undefined ? undefined : kind, diagnostics };
  };
}

const merged = (workload: JsonObject, patch: JsonObject): JsonObject => {
  const result = mergePatch(workload, patch);
  return isObject(result) ? result : workload;
};

const Ingress = z.object({ domain: Text, http: z.record(z.string(), z.int()) });
const Sidecar = z.object({
  name: Text,
  image: Text,
  cmd: z.array(z.string()).optional(),
  volumes: z.array(Volume).optional(),
});
const CpuScaler = z.object({ min: Count.default(1), max: Count.default(10), cpuUtil: Count.default(50) });

export const traits: Readonly<Record<string, Reader>> = {
  scaler: trait('scaler', z.object({ replicas: Count.default(1) }), {
    patch: (workload, { replicas }) => merged(workload, { spec: { replicas } }),
  }),
  labels: podMetadata('labels'),
  annotations: podMetadata('annotations'),
  sidecar: trait('sidecar', Sidecar, {
    patch: (workload, { name, image, cmd, volumes = [] }) =>
      withContainer(workload, {
        name,
        image,
        ...(cmd === undefined ? {} : { command: cmd }),
        ...(volumes.length === 0 ? {} : { volumeMounts: mountsOf(volumes) }),
      }),
  }),
  ingress: trait('ingress', Ingress, {
    outputs: (component, { domain, http }) => {
      const routes = Object.entries(http);
      return [
        {
          resource: 'service',
          object: {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: component },
            spec: {
              selector: { 'app.oam.dev/component': component },
              ports: routes.map(([, port]) => ({ port, targetPort: port })),
            },
          },
        },
        {
          resource: 'ingress',
          object: {
            apiVersion: ingressVersion,
            kind: 'Ingress',
            metadata: { name: component },
            spec: {
              rules: [
                {
                  host: domain,
                  http: {
                    paths: routes.map(([path, port]) => ({
                      path,
                      pathType: 'ImplementationSpecific',
                      backend: { service: { name: component, port: { number: port } } },
                    })),
                  },
                },
              ],
            },
          },
        },
      ];
    },
  }),
  cpuscaler: trait('cpuscaler', CpuScaler, {
    outputs: (component, { min, max, cpuUtil }) => [
      {
        resource: 'cpuscaler',
        object: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: component },
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: component },
            minReplicas: min,
            maxReplicas: max,
            metrics: [
              {
                type: 'Resource',
                resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuUtil } },
              },
            ],
          },
        },
      },
    ],
  }),
};

/** All changes, in the order written. */
export const patchTraits = (workload: JsonObject, kinds: readonly TraitKind[]): JsonObject =>
  kinds.reduce((changed, kind) => kind.patch(changed), workload);

/** A container in place of the one of its name, or behind the others. */
function withContainer(workload: JsonObject, container: JsonObject): JsonObject {
  const found = at(workload, 'spec', 'template', 'spec', 'containers');
  const containers: readonly Json[] = isArray(found) ? found : [];
  const isSame = (each: Json): boolean => at(each, 'name') === container.name;
  const next = containers.some(isSame)
    ? containers.map((each) => (isSame(each) && isObject(each) ? withFields(each, container) : each))
    : [...containers, container];
  return merged(workload, { spec: { template: { spec: { containers: next } } } });
}
