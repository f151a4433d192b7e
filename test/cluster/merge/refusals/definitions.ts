/** Refused writes of definitions and custom objects. */
import type { JsonObject } from '../../../../src/core/json/value.ts';
import { type Row, version } from './base.ts';

const crd = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  spec: { versions: [{ ...version(properties), ...more }] },
});
const inSpec = (schema: JsonObject): JsonObject => crd({ spec: { type: 'object', properties: { list: schema } } });
const listed = (items: JsonObject, more: JsonObject): JsonObject => inSpec({ type: 'array', items, ...more });

export const definitions: readonly Row[] = [
  ['a definition named otherwise', 'CustomResourceDefinition', { metadata: { name: 'x.refused.example.com' } }],
  ['a definition without a kind', 'CustomResourceDefinition', { spec: { names: { kind: null } } }],
  ['a definition of a bad kind', 'CustomResourceDefinition', { spec: { names: { kind: 'G r' } } }],
  ['a definition of a bad short name', 'CustomResourceDefinition', { spec: { names: { shortNames: ['A'] } } }],
  ['a definition without a scope', 'CustomResourceDefinition', { spec: { scope: null } }],
  ['a definition of a bad scope', 'CustomResourceDefinition', { spec: { scope: 'X' } }],
  [
    'a definition without a schema',
    'CustomResourceDefinition',
    { spec: { versions: [{ name: 'v1', served: true, storage: true }] } },
  ],
  ['a definition without versions', 'CustomResourceDefinition', { spec: { versions: [] } }],
  ['a definition with nothing stored', 'CustomResourceDefinition', crd({}, { storage: false })],
  ['a definition with a bad version', 'CustomResourceDefinition', crd({}, { name: 'V1' })],
  [
    'a definition with a version twice',
    'CustomResourceDefinition',
    { spec: { versions: [version({}), { ...version({}), storage: false }] } },
  ],
  [
    'a definition in a protected group',
    'CustomResourceDefinition',
    { metadata: { name: 'gears.x.k8s.io' }, spec: { group: 'x.k8s.io' } },
  ],
  ['a group without a dot', 'CustomResourceDefinition', { metadata: { name: 'gears.x' }, spec: { group: 'x' } }],
  ['a field without a type', 'CustomResourceDefinition', inSpec({})],
  ['a field of an unknown type', 'CustomResourceDefinition', inSpec({ type: 'text' })],
  ['a list without items', 'CustomResourceDefinition', inSpec({ type: 'array' })],
  ['items without a type', 'CustomResourceDefinition', listed({}, {})],
  [
    'fields and more fields',
    'CustomResourceDefinition',
    inSpec({ type: 'object', properties: {}, additionalProperties: { type: 'string' } }),
  ],
  ['unique items', 'CustomResourceDefinition', listed({ type: 'string' }, { uniqueItems: true })],
  ['a map without keys', 'CustomResourceDefinition', listed({ type: 'object' }, { 'x-kubernetes-list-type': 'map' })],
  [
    'keys without a map',
    'CustomResourceDefinition',
    listed({ type: 'object' }, { 'x-kubernetes-list-map-keys': ['a'] }),
  ],
  [
    'an unknown type of list',
    'CustomResourceDefinition',
    listed({ type: 'object' }, { 'x-kubernetes-list-type': 'x' }),
  ],
  [
    'a type of list that is none',
    'CustomResourceDefinition',
    inSpec({ type: 'string', 'x-kubernetes-list-type': 'set' }),
  ],
  [
    'keys that are not declared',
    'CustomResourceDefinition',
    listed({ type: 'object' }, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] }),
  ],
  [
    'keys that may be missing',
    'CustomResourceDefinition',
    listed(
      { type: 'object', properties: { a: { type: 'string' } } },
      { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] },
    ),
  ],
  [
    'keys of texts',
    'CustomResourceDefinition',
    listed({ type: 'string' }, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] }),
  ],
  ['an embedded text', 'CustomResourceDefinition', inSpec({ type: 'string', 'x-kubernetes-embedded-resource': true })],
  [
    'a number or text or anything',
    'CustomResourceDefinition',
    inSpec({ 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true }),
  ],
  [
    'declared labels',
    'CustomResourceDefinition',
    crd({ metadata: { type: 'object', properties: { labels: { type: 'object' } } } }),
  ],
  ['metadata that are a text', 'CustomResourceDefinition', crd({ metadata: { type: 'string' } })],
  [
    'a column without a path',
    'CustomResourceDefinition',
    crd({}, { additionalPrinterColumns: [{ name: 'A', type: 'string' }] }),
  ],
  [
    'a column of an unknown type',
    'CustomResourceDefinition',
    crd({}, { additionalPrinterColumns: [{ name: 'A', type: 'x', jsonPath: '.a' }] }),
  ],
  [
    'another plural',
    'CustomResourceDefinition',
    {},
    { spec: { names: { plural: 'x' } } },
    { spec: { group: 'y.example.com' } },
  ],
  ['a number that is a text', 'Widget', { spec: { size: 'x' } }],
  ['a list that is a text', 'Widget', { spec: { steps: 'x' } }],
  ['a map that is a text', 'Widget', { spec: 'x' }],
  ['a value that is not allowed', 'Widget', { spec: { colour: 'green' } }],
  ['a set with one value twice', 'Widget', { spec: { tags: ['a', 'a'] } }],
  ['a set with a null', 'Widget', { spec: { tags: ['a', null] } }],
  ['a key twice', 'Widget', { spec: { parts: [{ name: 'a' }, { name: 'a', weight: 1 }] } }],
  ['a key twice by default', 'Widget', { spec: { ports: [{ port: 1 }, { port: 1, protocol: 'TCP', label: 'x' }] } }],
  ['an item without its key', 'Widget', { spec: { parts: [{ weight: 1 }] } }],
  ['neither number nor text', 'Widget', { spec: { limit: {} } }],
  ['a time that is none', 'Widget', { spec: { when: 'x' } }],
  ['a fraction', 'Widget', { spec: { replicas: 1.5 } }],
  ['an unknown custom field', 'Widget', { spec: { sizes: 1 }, x: 1 }],
  ['custom labels that are numbers', 'Widget', { metadata: { labels: { a: 1 } } }],
];
