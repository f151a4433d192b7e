/** Autoscalers of `autoscaling/v2beta1` and `v2beta2`, in the form of `autoscaling/v2`. */
import { isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';

/** Shape: any other version stays as it is. */
export function modernAutoscaler(object: JsonObject): JsonObject {
  const { apiVersion, spec } = object;
  if (apiVersion === 'autoscaling/v2beta2') return withFields(object, { apiVersion: 'autoscaling/v2' });
  if (apiVersion !== 'autoscaling/v2beta1' || !isObject(spec)) return object;
  const metrics = isArray(spec.metrics) ? spec.metrics.map(modernMetric) : undefined;
  return withFields(object, { apiVersion: 'autoscaling/v2', spec: withFields(spec, { metrics }) });
}

/** Only measures of containers are rewritten; the API server says what is wrong with others. */
function modernMetric(metric: Json): Json {
  if (!isObject(metric) || !isObject(metric.resource)) return metric;
  const { name, targetAverageUtilization: share, targetAverageValue: value } = metric.resource;
  if (share === undefined && value === undefined) return metric;
  const target: JsonObject =
    share === undefined
      ? { type: 'AverageValue', averageValue: value ?? null }
      : { type: 'Utilization', averageUtilization: share };
  return withFields(metric, { resource: { name: name ?? null, target } });
}
