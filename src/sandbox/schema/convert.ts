/** A built-in object at another version of its kind. Only autoscalers are served at two. */
import { parseJson } from '../../core/json/text.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';

/** Shape: an object of a kind with one version comes back with the version changed and nothing else. */
export function convertBuiltin(object: KubeObject, apiVersion: string): KubeObject {
  if (object.kind !== 'HorizontalPodAutoscaler') return { ...object, apiVersion };
  if (apiVersion === 'autoscaling/v1') return toFirst(object, apiVersion);
  return object.apiVersion === 'autoscaling/v1' ? fromFirst(object, apiVersion) : { ...object, apiVersion };
}

// The first version knows one metric, the share of CPU in use. All else rides in annotations.
const metricsName = 'autoscaling.alpha.kubernetes.io/metrics';
const behaviorName = 'autoscaling.alpha.kubernetes.io/behavior';
const currentName = 'autoscaling.alpha.kubernetes.io/current-metrics';
const conditionsName = 'autoscaling.alpha.kubernetes.io/conditions';
const carried = [metricsName, behaviorName, currentName, conditionsName];

const isCpuShare = (metric: Json): boolean =>
  at(metric, 'type') === 'Resource' &&
  at(metric, 'resource', 'name') === 'cpu' &&
  at(metric, 'resource', 'target', 'averageUtilization') !== undefined;

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const written = (value: Json | undefined): string | undefined => {
  const isBlank = value === undefined || value === null || (isArray(value) && value.length === 0);
  return isBlank ? undefined : JSON.stringify(value);
};

function toFirst(object: KubeObject, apiVersion: string): KubeObject {
  const spec = objectOf(object.spec);
  const status = objectOf(object.status);
  const metrics = listOf(spec.metrics);
  const share = metrics.find(isCpuShare);
  const current = listOf(status.currentMetrics).find((metric) => at(metric, 'resource', 'name') === 'cpu');
  const annotations = withFields(objectOf(object.metadata.annotations), {
    [metricsName]: written(metrics.filter((metric) => !isCpuShare(metric))),
    [behaviorName]: written(spec.behavior),
    [currentName]: written(status.currentMetrics),
    [conditionsName]: written(status.conditions),
  });
  return {
    ...object,
    apiVersion,
    metadata: withAnnotations(object.metadata, annotations),
    spec: withFields(spec, {
      metrics: undefined,
      behavior: undefined,
      targetCPUUtilizationPercentage: at(share, 'resource', 'target', 'averageUtilization'),
    }),
    status: withFields(status, {
      currentReplicas: status.currentReplicas ?? 0,
      currentMetrics: undefined,
      conditions: undefined,
      currentCPUUtilizationPercentage: at(current, 'resource', 'current', 'averageUtilization'),
    }),
  };
}

function fromFirst(object: KubeObject, apiVersion: string): KubeObject {
  const spec = objectOf(object.spec);
  const status = objectOf(object.status);
  const annotations = objectOf(object.metadata.annotations);
  const share = spec.targetCPUUtilizationPercentage;
  const cpu: readonly Json[] =
    share === undefined
      ? []
      : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: share } } }];
  const read = (name: string): Json | undefined => {
    try {
      return parseJson(textOf(annotations[name]) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  };
  const metrics = [...listOf(read(metricsName)), ...cpu];
  return {
    ...object,
    apiVersion,
    metadata: withAnnotations(
      object.metadata,
      withFields(annotations, Object.fromEntries(carried.map((name) => [name, undefined]))),
    ),
    spec: withFields(spec, {
      targetCPUUtilizationPercentage: undefined,
      metrics: metrics.length === 0 ? undefined : metrics,
      behavior: read(behaviorName),
    }),
    status: withFields(status, {
      currentCPUUtilizationPercentage: undefined,
      currentMetrics: read(currentName) ?? null,
      conditions: read(conditionsName),
    }),
  };
}

function withAnnotations(metadata: KubeObject['metadata'], annotations: JsonObject): KubeObject['metadata'] {
  const { annotations: _before, ...rest } = metadata;
  return Object.keys(annotations).length === 0 ? { ...rest, name: metadata.name } : { ...metadata, annotations };
}
