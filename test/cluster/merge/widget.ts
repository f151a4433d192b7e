/** A custom kind with a field of every way in which fields are owned. */
import type { JsonObject } from '../../../src/core/json/value.ts';

const text = { type: 'string' };
const number = { type: 'integer' };

const spec: JsonObject = {
  type: 'object',
  properties: {
    size: { type: 'integer', default: 1 },
    colour: { type: 'string', enum: ['red', 'blue'] },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    steps: { type: 'array', items: text },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: text, weight: number, zone: { type: 'string', default: 'home' } },
        required: ['name'],
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    ports: {
      type: 'array',
      items: {
        type: 'object',
        properties: { port: number, protocol: { type: 'string', default: 'TCP' }, label: text },
        required: ['port'],
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
    },
    whole: { type: 'object', properties: { a: number, b: number }, 'x-kubernetes-map-type': 'atomic' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    limit: { 'x-kubernetes-int-or-string': true },
    replicas: number,
    maybe: { type: 'string', nullable: true },
    when: { type: 'string', format: 'date-time' },
  },
};

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec,
      status: {
        type: 'object',
        properties: { ready: number, notes: { type: 'array', items: text } },
      },
    },
  },
};
const version = (name: string, isStored: boolean): JsonObject => ({
  name,
  served: true,
  storage: isStored,
  schema,
  subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.ready' } },
});

export const widgetDefinition: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [version('v1', true), version('v1beta1', false)],
  },
};
