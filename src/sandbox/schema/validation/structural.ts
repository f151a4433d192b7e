/** Checks of the schema that a CustomResourceDefinition writes for its kind. */
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import type { Cause } from '../refusal.ts';
import { Findings } from './findings.ts';

type Place = 'root' | 'items' | 'field';

const textAt = (value: Json | undefined, field: string): string => textOf(at(value, field)) ?? '';
const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const missing: Readonly<Record<Place, string>> = {
  root: 'must not be empty at the root',
  items: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** Shape: a schema is structural when each value has one type, said outside of `anyOf` and its like. */
export function checkSchema(schema: Json, path: string, findings: Findings): void {
  const found = new Findings();
  checkPlace(schema, 'root', path, found);
  const textOfCause = ({ field, message }: Cause): string => `${field}: ${message}`;
  findings.addAll(found.causes.toSorted((a, b) => (textOfCause(a) < textOfCause(b) ? -1 : 1)));
}

function checkPlace(schema: Json, place: Place, path: string, findings: Findings): void {
  const flag = (name: string): boolean => at(schema, name) === true;
  const type = textAt(schema, 'type');
  const isPreserving = flag('x-kubernetes-preserve-unknown-fields');
  const isIntOrString = flag('x-kubernetes-int-or-string');
  if (type !== '' && !types.includes(type)) findings.unsupported(`${path}.type`, type, types);
  if (flag('uniqueItems'))
    findings.forbidden(
      `${path}.uniqueItems`,
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    );
  if (isIntOrString && isPreserving) {
    const why = 'must be false if x-kubernetes-int-or-string is true';
    findings.invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, why);
  }
  checkType(
    type,
    place,
    { isOpen: isIntOrString || isPreserving, isEmbedded: flag('x-kubernetes-embedded-resource') },
    path,
    findings,
  );
  checkList(schema, type, path, findings);
  checkBelow(schema, type, place, path, findings);
}

function checkType(
  type: string,
  place: Place,
  { isOpen, isEmbedded }: { readonly isOpen: boolean; readonly isEmbedded: boolean },
  path: string,
  findings: Findings,
): void {
  const embedded = 'must be object if x-kubernetes-embedded-resource is true';
  if (isEmbedded && type !== 'object') {
    if (type === '') findings.required(`${path}.type`, embedded);
    else findings.invalid(`${path}.type`, type, embedded);
  } else if (type === '' && !isOpen) findings.required(`${path}.type`, missing[place]);
  if (place === 'root' && type !== '' && type !== 'object')
    findings.invalid(`${path}.type`, type, 'must be object at the root');
}

function checkBelow(schema: Json, type: string, place: Place, path: string, findings: Findings): void {
  const items = at(schema, 'items');
  if (items !== undefined) checkPlace(items, 'items', `${path}.items`, findings);
  else if (type === 'array') findings.required(`${path}.items`, 'must be specified');
  const properties = at(schema, 'properties');
  const isBlank = !isObject(properties) || Object.keys(properties).length === 0;
  const isClosed = at(schema, 'x-kubernetes-preserve-unknown-fields') !== true;
  if (at(schema, 'x-kubernetes-embedded-resource') === true && isClosed && isBlank) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    findings.required(`${path}.properties`, why);
  }
  for (const [name, inner] of Object.entries(isObject(properties) ? properties : {})) {
    if (place === 'root' && name === 'metadata') checkMetadata(inner, `${path}.properties[metadata]`, findings);
    else checkPlace(inner, 'field', `${path}.properties[${name}]`, findings);
  }
  const additional = at(schema, 'additionalProperties');
  if (additional === undefined) return;
  if (place === 'root') findings.forbidden(`${path}.additionalProperties`, 'must not be used at the root');
  if (isObject(properties)) {
    findings.forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
  }
  if (isObject(additional)) checkPlace(additional, 'field', `${path}.additionalProperties`, findings);
}

function checkMetadata(schema: Json, path: string, findings: Findings): void {
  if (textAt(schema, 'type') !== 'object') findings.invalid(`${path}.type`, textAt(schema, 'type'), 'must be object');
  const { type: _type, properties, description: _description, ...rest }: JsonObject = isObject(schema) ? schema : {};
  const names = isObject(properties) ? Object.keys(properties) : [];
  if (Object.keys(rest).length > 0 || names.some((name) => name !== 'name' && name !== 'generateName')) {
    const why = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    findings.forbidden(path, why);
  }
}

function checkList(schema: Json, type: string, path: string, findings: Findings): void {
  const listType = textAt(schema, 'x-kubernetes-list-type');
  const keys = at(schema, 'x-kubernetes-list-map-keys');
  const items = at(schema, 'items');
  if (listType !== '' && type !== 'array') {
    findings.invalid(`${path}.type`, type, 'must be array if x-kubernetes-list-type is specified');
  }
  if (listType !== '' && !['atomic', 'map', 'set'].includes(listType)) {
    findings.unsupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']);
  }
  if (listType !== 'map') {
    if (isArray(keys) && keys.length > 0) {
      const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
      if (listType === '') findings.required(`${path}.x-kubernetes-list-type`, why);
      else findings.invalid(`${path}.x-kubernetes-list-type`, listType, why);
    }
    return;
  }
  if (!isArray(keys) || keys.length === 0) {
    findings.required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map');
    return;
  }
  checkKeys(keys, items, path, findings);
}

function checkKeys(keys: readonly Json[], items: Json | undefined, path: string, findings: Findings): void {
  if (items === undefined) return;
  const type = textAt(items, 'type');
  if (type !== 'object') {
    findings.invalid(`${path}.items.type`, type, "must be object if parent array's x-kubernetes-list-type is map");
    return;
  }
  const required = at(items, 'required');
  for (const key of keys) {
    const name = textOf(key) ?? '';
    const property = at(items, 'properties', name);
    const here = `${path}.items.properties[${name}]`;
    if (property === undefined) {
      const why = 'entries must all be names of item properties';
      findings.invalid(`${path}.x-kubernetes-list-map-keys`, keys, why);
      continue;
    }
    if (['object', 'array'].includes(textAt(property, 'type'))) {
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      findings.invalid(`${here}.type`, textAt(property, 'type'), why);
    }
    const isSure = at(property, 'default') !== undefined || (isArray(required) && required.includes(name));
    if (!isSure) {
      const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      findings.required(`${here}.default`, why);
    }
  }
}
