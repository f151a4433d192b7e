/** Custom resources: their definition, their schema, and what differs from built-in kinds. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import {
  answered,
  type Case,
  causesOf,
  entriesOf,
  entry,
  eventually,
  holds,
  itemsOf,
  refused,
  type Theme,
} from './case.ts';
import { brief } from './watch-stream.ts';
import { defineWidgets } from './widgets.ts';

const listAt = (value: Json | undefined, field: string): readonly JsonObject[] => {
  const list = at(value, field);
  return isArray(list) ? list.filter(isObject) : [];
};

const cases: readonly Case[] = [
  {
    name: 'POST defaults, prunes unknown fields and drops status',
    run: async (scope) => {
      const { path, widget } = await defineWidgets(scope);
      const object = widget('a', { size: 1, bogus: 1, free: { any: { thing: 1 } } }, { status: { ready: true } });
      const answer = await scope.api.create(path, object);
      const made = answered(201, answer);
      deepEqual([made.spec, made.status], [{ color: 'red', free: { any: { thing: 1 } }, size: 1 }, undefined]);
      equal(at(made, 'metadata', 'generation'), 1);
      equal(answer.headers.warning, '299 - "unknown field \\"spec.bogus\\""');
      refused(400, await scope.api.create(path, object, { fieldValidation: 'Strict' }), {
        reason: 'BadRequest',
        message:
          'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.bogus"',
      });
    },
  },
  {
    name: '422 lists what the schema refuses',
    run: async (scope) => {
      const { path, widget, group } = await defineWidgets(scope);
      const said = refused(422, await scope.api.create(path, widget('a', { size: 0, color: 'green' })), {
        reason: 'Invalid',
        details: { name: 'a', group, kind: 'Widget' },
      });
      deepEqual(causesOf(said), [
        {
          reason: 'FieldValueNotSupported',
          message: 'Unsupported value: "green": supported values: "red", "blue"',
          field: 'spec.color',
        },
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: 0: spec.size in body should be greater than or equal to 1',
          field: 'spec.size',
        },
      ]);
      refused(422, await scope.api.create(path, widget('a', { size: 'big' })), {
        reason: 'Invalid',
        message: `Widget.${group} "a" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"`,
      });
      refused(422, await scope.api.create(path, widget('a', { parts: [{ name: 'p' }, { name: 'p' }] })), {
        reason: 'Invalid',
        message: `Widget.${group} "a" is invalid: spec.parts[1]: Duplicate value: {"name":"p"}`,
      });
    },
  },
  {
    name: 'apply owns by the structure of the schema',
    run: async (scope) => {
      const { path, widget, group } = await defineWidgets(scope);
      const spec = {
        size: 1,
        parts: [{ name: 'p', value: '1' }],
        tags: ['t'],
        plain: ['a', 'b'],
        free: { any: { thing: 1 } },
      };
      const made = answered(201, await scope.api.apply(`${path}/a`, widget('a', spec)));
      deepEqual(entriesOf(made), [
        entry('Apply', 'applier', `${group}/v1`, {
          'f:spec': {
            'f:free': { 'f:any': { '.': {}, 'f:thing': {} } },
            'f:parts': { 'k:{"name":"p"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
            'f:plain': {},
            'f:size': {},
            'f:tags': { 'v:"t"': {} },
          },
        }),
      ]);
      const other = widget('a', { parts: [{ name: 'q' }], tags: ['u'] });
      const both = answered(200, await scope.api.apply(`${path}/a`, other, { manager: 'other' }));
      deepEqual(
        [at(both, 'spec', 'tags'), listAt(both.spec, 'parts').map(({ name }) => name)],
        [
          ['t', 'u'],
          ['p', 'q'],
        ],
      );
      refused(409, await scope.api.apply(`${path}/a`, widget('a', { plain: ['a'] }), { manager: 'other' }), {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "applier": .spec.plain',
      });
    },
  },
  {
    name: 'integers keep every digit of an int64',
    run: async (scope) => {
      const { path, widget } = await defineWidgets(scope);
      const body = JSON.stringify(widget('a', { free: { big: 0 } })).replace('"big":0', '"big":9007199254740993');
      ok((await scope.api.apply(`${path}/a`, body)).text.includes('"big":9007199254740993'));
      ok((await scope.api.get(`${path}/a`)).text.includes('"big":9007199254740993'));
    },
  },
  {
    name: 'apply refuses structure with 500',
    run: async (scope) => {
      const { path, widget, group } = await defineWidgets(scope);
      const bad: readonly (readonly [JsonObject, string])[] = [
        [{ bogus: 1 }, '.spec.bogus: field not declared in schema'],
        [{ size: 'big' }, '.spec.size: expected numeric (int or float), got string'],
        [{ parts: [{ name: 'p' }, { name: 'p' }] }, '.spec.parts: duplicate entries for key [name="p"]'],
        [
          { parts: [{ value: '1' }] },
          `.spec.parts: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)`,
        ],
      ];
      for (const [spec, message] of bad) {
        refused(500, await scope.api.apply(`${path}/a`, widget('a', spec)), {
          message: `failed to create typed patch object (/a; ${group}/v1, Kind=Widget): ${message}`,
        });
      }
    },
  },
  {
    name: 'PUT must name a version; a strategic patch is not taken',
    run: async (scope) => {
      const { path, widget, group } = await defineWidgets(scope);
      answered(201, await scope.api.create(path, widget('a', { size: 1 })));
      refused(422, await scope.api.replace(`${path}/a`, widget('a', { size: 2 })), {
        reason: 'Invalid',
        message: `widgets.${group} "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
      });
      refused(415, await scope.api.strategicPatch(`${path}/a`, {}), {
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      });
      answered(200, await scope.api.mergePatch(`${path}/a`, { spec: { size: 2 } }));
    },
  },
  {
    name: 'status and spec are written apart, and only the spec counts generations',
    run: async (scope) => {
      const { path, widget } = await defineWidgets(scope);
      answered(201, await scope.api.create(path, widget('a', { size: 1 })));
      const status = { status: { ready: true }, spec: { size: 9 } };
      const said = answered(200, await scope.api.mergePatch(`${path}/a/status`, status));
      deepEqual(
        [said.spec, said.status, at(said, 'metadata', 'generation')],
        [{ color: 'red', size: 1 }, { ready: true }, 1],
      );
      const spec = { status: { ready: false }, spec: { size: 2 } };
      const changed = answered(200, await scope.api.mergePatch(`${path}/a`, spec));
      deepEqual([changed.status, at(changed, 'metadata', 'generation')], [{ ready: true }, 2]);
    },
  },
  {
    name: 'scale reads and writes the paths that the definition names',
    run: async (scope) => {
      const { path, widget } = await defineWidgets(scope);
      answered(201, await scope.api.create(path, widget('a', { replicas: 2 })));
      answered(200, await scope.api.mergePatch(`${path}/a/status`, { status: { replicas: 1 } }));
      const scale = answered(200, await scope.api.get(`${path}/a/scale`));
      holds(scale, { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 2 }, status: { replicas: 1 } });
      const scaled = answered(200, await scope.api.mergePatch(`${path}/a/scale`, { spec: { replicas: 3 } }));
      equal(at(scaled, 'spec', 'replicas'), 3);
      equal(at(answered(200, await scope.api.get(`${path}/a`)), 'spec', 'replicas'), 3);
    },
  },
  {
    name: 'items of a list and objects of a watch say what they are',
    run: async (scope) => {
      const { path, widget, group } = await defineWidgets(scope);
      answered(201, await scope.api.create(path, widget('a', { size: 1 })));
      const [item] = itemsOf(answered(200, await scope.api.get(path)));
      deepEqual([item?.kind, item?.apiVersion], ['Widget', `${group}/v1`]);
      const event = await eventually(
        async () => {
          using watch = await scope.api.watch(path);
          return await watch.next();
        },
        // A server that is still taking up the definition ends the watch with an error.
        (seen) => seen?.type !== 'ERROR',
      );
      deepEqual([event === undefined ? '' : brief(event), event?.object.kind], ['ADDED a', 'Widget']);
    },
  },
  {
    name: 'tables have the columns that the definition names',
    run: async (scope) => {
      const { path, widget } = await defineWidgets(scope);
      answered(201, await scope.api.create(path, widget('a', { size: 1 })));
      const said = answered(
        200,
        await scope.api.get(path, {}, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }),
      );
      deepEqual(
        listAt(said, 'columnDefinitions').map(({ name, type, priority }) => `${name} ${type} ${priority}`),
        ['Name string 0', 'Size integer 0', 'Color string 1'],
      );
      deepEqual(at(listAt(said, 'rows')[0], 'cells'), ['a', 1, 'red']);
    },
  },
];

export const custom: Theme = { name: 'custom', cases };
