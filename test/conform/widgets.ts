/** A custom resource to try things on: a group of its own for each case. */
import { at, isArray, type JsonObject } from '../../src/core/json/value.ts';
import { answered, eventually, type Scope } from './case.ts';

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const text = { type: 'string' };
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', minimum: 1 },
        color: { ...text, enum: ['red', 'blue'], default: 'red' },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', required: ['name'], properties: { name: text, value: text } },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
        plain: { type: 'array', items: text },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        replicas: { type: 'integer' },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'boolean' }, replicas: { type: 'integer' } } },
  },
};

export type Widgets = {
  readonly group: string;
  /** Of the definition. */
  readonly definition: string;
  /** Of the widgets in the case's namespace. */
  readonly path: string;
  readonly widget: (name: string, spec: JsonObject, more?: JsonObject) => JsonObject;
};

export function widgetsOf({ namespace }: Scope): Widgets {
  const group = `${namespace}.example.com`;
  return {
    group,
    definition: `${definitions}/widgets.${group}`,
    path: `/apis/${group}/v1/namespaces/${namespace}/widgets`,
    widget: (name, spec, more = {}) => ({
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name },
      spec,
      ...more,
    }),
  };
}

export function definitionOf(group: string): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
          additionalPrinterColumns: [
            { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
            { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 },
          ],
        },
      ],
    },
  };
}

export function conditionOf(object: JsonObject, type: string): unknown {
  const conditions = at(object, 'status', 'conditions');
  return isArray(conditions)
    ? at(
        conditions.find((each) => at(each, 'type') === type),
        'status',
      )
    : undefined;
}

/** Defines widgets and waits until they are served. */
export async function defineWidgets(scope: Scope): Promise<Widgets> {
  const { api } = scope;
  const widgets = widgetsOf(scope);
  answered(201, await api.create(definitions, definitionOf(widgets.group)));
  await eventually(
    () => api.get(widgets.definition),
    ({ json }) => conditionOf(json, 'Established') === 'True',
  );
  await eventually(
    () => api.get(widgets.path),
    (answer) => answer.status === 200,
  );
  return widgets;
}
