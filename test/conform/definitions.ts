/** Definitions of custom resources: accepted, served, found, deleted. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, eventually, holds, itemsOf, nameOf, refused, type Theme } from './case.ts';
import { conditionOf, defineWidgets, definitionOf, definitions, widgetsOf } from './widgets.ts';

const listAt = (value: Json | undefined, field: string): readonly JsonObject[] => {
  const list = at(value, field);
  return isArray(list) ? list.filter(isObject) : [];
};

const cases: readonly Case[] = [
  {
    name: 'a definition is accepted, then Established, then served',
    run: async (scope) => {
      const { api } = scope;
      const { group, definition, path } = widgetsOf(scope);
      const nothing = await api.get(path);
      deepEqual([nothing.status, nothing.text], [404, '404 page not found\n']);
      const made = answered(201, await api.apply(definition, definitionOf(group)));
      deepEqual(at(made, 'status', 'storedVersions'), ['v1']);
      const live = await eventually(
        () => api.get(definition),
        ({ json }) => conditionOf(json, 'Established') === 'True',
      );
      equal(conditionOf(live.json, 'NamesAccepted'), 'True');
      deepEqual(at(live.json, 'status', 'acceptedNames'), at(definitionOf(group), 'spec', 'names'));
      const list = await eventually(
        () => api.get(path),
        (answer) => answer.status === 200,
      );
      deepEqual([list.json.kind, list.json.apiVersion, list.json.items], ['WidgetList', `${group}/v1`, []]);
    },
  },
  {
    name: 'the new group is in discovery, old and new, and in OpenAPI',
    run: async (scope) => {
      const { api } = scope;
      const { group } = await defineWidgets(scope);
      const legacy = answered(200, await api.get(`/apis/${group}/v1`));
      holds(legacy, {
        resources: [
          { name: 'widgets', singularName: 'widget', namespaced: true, kind: 'Widget', shortNames: ['wd'] },
          { name: 'widgets/status', kind: 'Widget', verbs: ['get', 'patch', 'update'] },
          {
            name: 'widgets/scale',
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            verbs: ['get', 'patch', 'update'],
          },
        ],
      });
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
      await eventually(
        () => api.get('/apis', {}, { accept }),
        ({ json }) => itemsOf(json).some((each) => nameOf(each) === group),
      );
      const schemas = await eventually(
        () => api.get(`/openapi/v3/apis/${group}/v1`),
        (answer) => answer.status === 200,
      );
      const widget = Object.values(at(schemas.json, 'components', 'schemas') ?? {}).find((each) =>
        listAt(each, 'x-kubernetes-group-version-kind').some(({ kind }) => kind === 'Widget'),
      );
      equal(at(widget, 'properties', 'spec', 'properties', 'parts', 'x-kubernetes-list-type'), 'map');
    },
  },
  {
    name: 'a definition goes with all its objects, and then nothing is served',
    run: async (scope) => {
      const { api } = scope;
      const { path, definition, widget, group } = await defineWidgets(scope);
      answered(
        201,
        await api.create(path, widget('a', { size: 1 }, { metadata: { name: 'a', finalizers: ['example.com/a'] } })),
      );
      const going = answered(200, await api.remove(definition));
      deepEqual(at(going, 'metadata', 'finalizers'), ['customresourcecleanup.apiextensions.k8s.io']);
      equal(conditionOf(going, 'Terminating'), 'True');
      await eventually(
        () => api.create(path, widget('b', {})),
        (answer) =>
          answer.status === 403 &&
          String(answer.json.message).endsWith('create not allowed while custom resource definition is terminating'),
      );
      answered(200, await api.mergePatch(`${path}/a`, { metadata: { finalizers: null } }));
      await eventually(
        () => api.get(definition),
        (answer) => answer.status === 404,
        60_000,
      );
      await eventually(
        () => api.get(`/apis/${group}/v1`),
        (answer) => answer.status === 404,
      );
      ok((await api.get(path)).text === '404 page not found\n');
    },
  },
  {
    name: 'a definition must be named for its plural and group',
    run: async ({ api, namespace }) => {
      const wrong = { ...definitionOf(`${namespace}.example.com`), metadata: { name: 'wrong' } };
      refused(422, await api.create(definitions, wrong), {
        reason: 'Invalid',
        message:
          'CustomResourceDefinition.apiextensions.k8s.io "wrong" is invalid: metadata.name: Invalid value: "wrong": must be spec.names.plural+"."+spec.group',
      });
    },
  },
];

export const customDefinitions: Theme = { name: 'definitions', cases };
