/** The schema of a custom kind, as its definition writes it. */
import { at, fieldOf, isArray, isObject, type Json, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';

export type Structural = {
  /** `object`, `array`, `string`, `integer`, `number`, `boolean`; empty for an integer or a string. */
  readonly type: string;
  readonly isNullable: boolean;
  /** Fields that are not declared stay. */
  readonly isPreserving: boolean;
  /** An object with apiVersion, kind and metadata of its own. */
  readonly isEmbedded: boolean;
  readonly isIntOrString: boolean;
  readonly properties: ReadonlyMap<string, Structural>;
  /** Of fields that are not declared; `any` where all values are welcome. */
  readonly additional: Structural | 'any' | undefined;
  readonly items: Structural | undefined;
  readonly default: Json | undefined;
  readonly listType: string;
  readonly listKeys: readonly string[];
  readonly mapType: string;
  readonly rules: Rules;
  /** As written, for descriptions. */
  readonly source: JsonObject;
};

/** What a value must satisfy besides its type. */
export type Rules = {
  readonly required: readonly string[];
  readonly enum: readonly Json[] | undefined;
  readonly format: string;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly isMinimumExclusive: boolean;
  readonly isMaximumExclusive: boolean;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  readonly minProperties: number | undefined;
  readonly maxProperties: number | undefined;
  readonly multipleOf: number | undefined;
  readonly allOf: readonly Structural[];
  readonly anyOf: readonly Structural[];
  readonly oneOf: readonly Structural[];
  readonly not: Structural | undefined;
};

/** Reads a JSONSchemaProps that the API server has accepted; what it does not know says nothing. */
export function readStructural(source: Json | undefined): Structural {
  const schema = isObject(source) ? source : {};
  const flag = (name: string): boolean => fieldOf(schema, name) === true;
  const additional = fieldOf(schema, 'additionalProperties');
  const items = fieldOf(schema, 'items');
  const properties = fieldOf(schema, 'properties');
  return {
    type: textOf(schema.type) ?? '',
    isNullable: flag('nullable'),
    isPreserving: flag('x-kubernetes-preserve-unknown-fields'),
    isEmbedded: flag('x-kubernetes-embedded-resource'),
    isIntOrString: flag('x-kubernetes-int-or-string'),
    properties: new Map(
      Object.entries(isObject(properties) ? properties : {}).map(([name, inner]) => [name, readStructural(inner)]),
    ),
    additional: additional === true ? 'any' : isObject(additional) ? readStructural(additional) : undefined,
    items: isObject(items) ? readStructural(items) : undefined,
    default: fieldOf(schema, 'default'),
    listType: textOf(at(schema, 'x-kubernetes-list-type')) ?? '',
    listKeys: textsOf(at(schema, 'x-kubernetes-list-map-keys')),
    mapType: textOf(at(schema, 'x-kubernetes-map-type')) ?? '',
    rules: readRules(schema),
    source: schema,
  };
}

function readRules(schema: JsonObject): Rules {
  const number = (name: string): number | undefined => numberOf(fieldOf(schema, name));
  const schemas = (name: string): readonly Structural[] => {
    const list = fieldOf(schema, name);
    return isArray(list) ? list.map(readStructural) : [];
  };
  const not = fieldOf(schema, 'not');
  const allowed = fieldOf(schema, 'enum');
  return {
    required: textsOf(schema.required),
    enum: isArray(allowed) ? allowed : undefined,
    format: textOf(schema.format) ?? '',
    minimum: number('minimum'),
    maximum: number('maximum'),
    isMinimumExclusive: schema.exclusiveMinimum === true,
    isMaximumExclusive: schema.exclusiveMaximum === true,
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    minItems: number('minItems'),
    maxItems: number('maxItems'),
    minProperties: number('minProperties'),
    maxProperties: number('maxProperties'),
    multipleOf: number('multipleOf'),
    allOf: schemas('allOf'),
    anyOf: schemas('anyOf'),
    oneOf: schemas('oneOf'),
    not: isObject(not) ? readStructural(not) : undefined,
  };
}

const textsOf = (value: Json | undefined): readonly string[] =>
  isArray(value) ? value.flatMap((item) => textOf(item) ?? []) : [];
