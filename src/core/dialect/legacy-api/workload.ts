/** Workloads of `extensions/v1beta1`, `apps/v1beta1` and `apps/v1beta2`, in the form of `apps/v1`. */
import { at, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';

const kinds: readonly (Json | undefined)[] = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'];
const versions: readonly (Json | undefined)[] = ['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'];

/** Shape: anything else stays as it is. A selector that the old versions made up from the template's labels is written down. */
export function modernWorkload(object: JsonObject): JsonObject {
  const { apiVersion, kind, spec } = object;
  if (!kinds.includes(kind) || !versions.includes(apiVersion)) return object;
  const labels = at(spec, 'template', 'metadata', 'labels');
  const isMissing = isObject(spec) && spec.selector === undefined && isObject(labels);
  const selected = isMissing ? withFields(spec, { selector: { matchLabels: labels } }) : spec;
  return withFields(object, {
    apiVersion: 'apps/v1',
    spec: isObject(selected)
      ? withFields(selected, { rollbackTo: undefined, templateGeneration: undefined })
      : selected,
  });
}
