/** The types behind a custom kind's schema: who may own which part. */
import type { Json } from '../../core/json/value.ts';
import { typeNamed } from './distilled.ts';
import type { Structural } from './structural.ts';
import { type Field, freeJsonType, listType, opaqueType, scalarType, type Type } from './type.ts';

/** The type of a whole object. */
export function customType(schema: Structural): Type {
  return typeOf({ ...schema, isEmbedded: true }, schema.isPreserving);
}

// Below a schema that keeps unknown fields, all schemas do.
function typeOf(schema: Structural, isPreservingAbove: boolean): Type {
  const isPreserving = isPreservingAbove || schema.isPreserving;
  switch (schema.type) {
    case 'object':
      return objectType(schema, isPreserving);
    case 'array': {
      const element = schema.items === undefined ? opaqueType : typeOf(schema.items, isPreserving);
      const isAtomic = schema.listType !== 'set' && schema.listType !== 'map';
      return listType(element, isAtomic, schema.listType === 'map' ? schema.listKeys : []);
    }
    case 'integer':
    case 'number':
      return scalarType('numeric', 'json');
    case 'boolean':
      return scalarType('boolean', 'json');
    case 'string':
      return scalarType(schema.rules.format === '' || schema.rules.format === 'byte' ? 'string' : 'untyped', 'json');
    default:
      // Anything goes; what is declared of objects still holds.
      return { ...freeJsonType, map: objectType(schema, isPreserving).map };
  }
}

function objectType(schema: Structural, isPreserving: boolean): Type {
  const fields = new Map<string, Field>();
  for (const [name, inner] of schema.properties)
    fields.set(name, fieldOf(name, typeOf(inner, isPreserving), inner.default));
  if (schema.isEmbedded) {
    for (const name of ['apiVersion', 'kind'])
      fields.set(name, fieldOf(name, scalarType('string', 'string'), undefined));
    fields.set('metadata', fieldOf('metadata', metadataType(), undefined));
  }
  return {
    scalar: undefined,
    list: undefined,
    map: {
      fields,
      element: elementOf(schema, isPreserving),
      isAtomic: schema.mapType === 'atomic',
      name: '',
      written: [],
      fill: undefined,
    },
    form: 'json',
  };
}

const metadataType = (): Type => typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');

function elementOf(schema: Structural, isPreserving: boolean): Type | undefined {
  if (schema.additional === 'any') return freeJsonType;
  if (schema.additional !== undefined) return typeOf(schema.additional, isPreserving);
  const isFree = isPreserving || (schema.properties.size === 0 && !schema.isEmbedded);
  return isFree ? freeJsonType : undefined;
}

const fieldOf = (name: string, type: Type, standard: Json | undefined): Field => ({
  name,
  element: `f:${name}`,
  type,
  presence: 'unlessAbsent',
  default: standard,
  patch: undefined,
  goType: '',
});
