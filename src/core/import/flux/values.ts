/** The values of a HelmRelease: those that it writes, over those of ConfigMaps that it names. */
import { mergePatch } from '../../json/merge.ts';
import { isObject, type JsonObject } from '../../json/value.ts';
import { withParameter } from '../helm-parameter.ts';
import { objects, text } from '../surroundings.ts';
import { givenAs, type Reading } from './reading.ts';

/** Shape: a text is why it cannot be said. No value of a Secret is ever written. */
export function valuesOf(reading: Reading): JsonObject | string {
  const { spec, around, remark } = reading;
  let values: JsonObject = {};
  for (const reference of objects(spec.valuesFrom)) {
    const [kind, name] = [text(reference, 'kind'), text(reference, 'name')];
    if (kind !== 'ConfigMap')
      return `takes values from ${kind} ${name}: write them into a values file, encrypted with SOPS, and name it in \`valuesFiles\``;
    const found = givenAs(kind, reference, reading);
    const key = text(reference, 'valuesKey') || 'values.yaml';
    const written = text(found, 'data', key);
    if (written === '' && reference.optional === true) continue;
    if (written === '')
      return `takes values from ConfigMap ${name}, which is not among the objects given, or has no ${key}`;
    const path = text(reference, 'targetPath');
    const parsed = path === '' ? around.parseYaml(written) : withParameter(values, { name: path, value: written });
    if (parsed === undefined) return `takes values from ConfigMap ${name}, which are no YAML`;
    values = objectOf(path === '' ? mergePatch(values, parsed) : parsed);
    remark(`takes values from ConfigMap ${name}; they are in its App now`);
  }
  return objectOf(mergePatch(values, isObject(spec.values) ? spec.values : {}));
}

const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
