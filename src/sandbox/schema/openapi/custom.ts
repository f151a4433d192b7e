/** OpenAPI's schemas of custom kinds: as their definition writes them, with what every object has. */
import { isArray, isObject, type Json, type JsonObject } from '../../../core/json/value.ts';
import type { Schema } from '../schema.ts';
import { component, refTo } from './components.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** The group backwards, as in `com.example.v1.Widget`. */
export function customName({ group, version, kind }: Pick<Schema, 'group' | 'version' | 'kind'>): string {
  return [...group.split('.').toReversed(), version, kind].join('.');
}

/** The kind and its list, by name. */
export function customComponents(schema: Schema): readonly (readonly [string, JsonObject])[] {
  const { group, version, kind, custom } = schema;
  const name = customName(schema);
  const gvk = (of: string): Json => [{ group, version, kind: of }];
  const list: JsonObject = {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...headTexts,
      items: { description: `List of ${schema.resource.resource}.`, type: 'array', items: { $ref: refTo(name) } },
      metadata: { description: 'Standard list metadata.', allOf: [{ $ref: refTo(`${meta}.ListMeta`) }] },
    },
    'x-kubernetes-group-version-kind': gvk(`${kind}List`),
  };
  const whole = asObject(published(custom?.structural.source ?? { type: 'object' }));
  return [
    [name, { ...whole, 'x-kubernetes-group-version-kind': gvk(kind) }],
    [`${name}List`, list],
  ];
}

// The words of the API itself, of a kind that has them.
const headTexts: JsonObject = (() => {
  const properties = component('io.k8s.api.core.v1.ConfigMap')?.properties;
  return isObject(properties) ? { apiVersion: properties.apiVersion ?? {}, kind: properties.kind ?? {} } : {};
})();

function asObject(schema: JsonObject): JsonObject {
  const { metadata, ...own } = isObject(schema.properties) ? schema.properties : {};
  const description = isObject(metadata) ? (metadata.description ?? null) : null;
  const text = typeof description === 'string' ? description : "Standard object's metadata.";
  return {
    ...schema,
    properties: {
      ...headTexts,
      metadata: { description: text, allOf: [{ $ref: refTo(`${meta}.ObjectMeta`) }] },
      ...own,
    },
  };
}

/** Shape: rules for the server alone are left out; everything else is as written. */
function published(schema: JsonObject): JsonObject {
  const { properties, items, additionalProperties, ...rest } = schema;
  const below = (value: Json): Json => (isObject(value) ? published(value) : value);
  const isIntOrString =
    schema['x-kubernetes-int-or-string'] === true && rest.anyOf === undefined && rest.allOf === undefined;
  const whole: JsonObject = {
    ...rest,
    ...(isIntOrString ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {}),
    ...(isObject(properties)
      ? { properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, below(inner)])) }
      : {}),
    ...(items === undefined ? {} : { items: isArray(items) ? items : below(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: below(additionalProperties) }),
  };
  return schema['x-kubernetes-embedded-resource'] === true ? asObject(whole) : whole;
}
