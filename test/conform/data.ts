/** ConfigMaps, Secrets, and values that are not kept as they were written. */
import { deepEqual, ok } from 'node:assert/strict';
import { at, isArray, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, entriesOf, entry, refused, type Theme } from './case.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = (more: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'a' },
  ...more,
});

/** How a quantity is written, and how it is kept. */
const quantities: readonly (readonly [string | number, string])[] = [
  ['1000m', '1'],
  ['0.5', '500m'],
  [0.1, '100m'],
  [2, '2'],
  ['1024Mi', '1Gi'],
  ['0.5Gi', '512Mi'],
  ['1500Mi', '1500Mi'],
  ['1e3', '1e3'],
  ['1000', '1k'],
  ['1.5G', '1500M'],
  ['128974848', '128974848'],
  ['0', '0'],
];

const limitsOf = (object: JsonObject): unknown => {
  const containers = at(object, 'spec', 'template', 'spec', 'containers');
  return isArray(containers) ? at(containers[0], 'resources', 'limits') : undefined;
};

const cases: readonly Case[] = [
  {
    name: 'Secret: stringData is written over data, never read back, Opaque by default',
    run: async ({ api, core }) => {
      const object = secret({ data: { a: base64('1'), b: base64('1') }, stringData: { b: '2', c: '3' } });
      const made = answered(201, await api.create(`${core}/secrets`, object));
      deepEqual(made.data, { a: base64('1'), b: base64('2'), c: base64('3') });
      deepEqual([made.stringData, made.type], [undefined, 'Opaque']);
    },
  },
  {
    name: 'Secret: an applied stringData is owned as stringData and as data of nobody',
    run: async ({ api, core }) => {
      const made = answered(201, await api.apply(`${core}/secrets/a`, secret({ stringData: { a: '1' } })));
      deepEqual(made.data, { a: base64('1') });
      deepEqual(entriesOf(made), [entry('Apply', 'applier', 'v1', { 'f:stringData': { 'f:a': {} } })]);
      const dropped = answered(200, await api.apply(`${core}/secrets/a`, secret({})));
      deepEqual(dropped.data, { a: base64('1') });
    },
  },
  {
    name: 'Secret: data that is not base64 is 400',
    run: async ({ api, core }) => {
      refused(400, await api.create(`${core}/secrets`, secret({ data: { a: '***' } })), {
        reason: 'BadRequest',
        message: /^Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0$/,
      });
    },
  },
  {
    name: 'Secret: kubernetes.io/tls and dockerconfigjson must have their keys',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/secrets`, secret({ type: 'kubernetes.io/tls' })), {
        reason: 'Invalid',
        details: {
          causes: [
            { reason: 'FieldValueRequired', field: 'data[tls.crt]' },
            { reason: 'FieldValueRequired', field: 'data[tls.key]' },
          ],
        },
      });
      const tls = { 'tls.crt': '', 'tls.key': '' };
      answered(201, await api.create(`${core}/secrets`, secret({ type: 'kubernetes.io/tls', data: tls })));
    },
  },
  {
    name: 'null in data is empty text in a ConfigMap and empty bytes in a Secret',
    run: async ({ api, core }) => {
      deepEqual(answered(201, await api.create(`${core}/configmaps`, configMap('a', { a: null }))).data, { a: '' });
      deepEqual(answered(201, await api.create(`${core}/secrets`, secret({ data: { a: null } }))).data, { a: '' });
    },
  },
  {
    name: 'ConfigMap: text and bytes live side by side under different keys',
    run: async ({ api, core }) => {
      const object = { ...configMap('a', { text: 'é' }), binaryData: { bytes: 'AP8=' } };
      const made = answered(201, await api.create(`${core}/configmaps`, object));
      deepEqual([made.data, made.binaryData], [{ text: 'é' }, { bytes: 'AP8=' }]);
      refused(422, await api.mergePatch(`${core}/configmaps/a`, { binaryData: { text: 'AA==' } }), {
        reason: 'Invalid',
        message: 'ConfigMap "a" is invalid: data[text]: Invalid value: "text": duplicate of key present in binaryData',
      });
    },
  },
  {
    name: 'ConfigMap: keys have an alphabet',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/configmaps`, configMap('a', { 'a/b': '1' })), {
        reason: 'Invalid',
        details: { causes: [{ reason: 'FieldValueInvalid', field: 'data[a/b]' }] },
      });
      answered(
        201,
        await api.create(`${core}/configmaps`, configMap('a', { 'a.b-c_D': '1', [`x${'y'.repeat(252)}`]: '1' })),
      );
    },
  },
  {
    name: 'ConfigMap: a thousand keys cost a thousand fields of managedFields, one key of bytes costs one',
    run: async ({ api, core }) => {
      const sizeOf = (object: JsonObject): number => JSON.stringify(at(object, 'metadata', 'managedFields')).length;
      const names = Array.from({ length: 1_000 }, (_, index) => `apps.Deployment.default.web-${index}`);
      const many = configMap('many', Object.fromEntries(names.map((name) => [name, '1'])));
      ok(sizeOf(answered(201, await api.create(`${core}/configmaps`, many))) > 30_000);
      const one = { ...configMap('one', {}), binaryData: { inventory: Buffer.from(names.join()).toString('base64') } };
      ok(sizeOf(answered(201, await api.create(`${core}/configmaps`, one))) < 300);
    },
  },
  ...quantities.map(
    ([written, kept]): Case => ({
      name: `quantity ${JSON.stringify(written)} is kept as ${kept}`,
      run: async ({ api, apps }) => {
        const object = deployment('web', { replicas: 0 }, { resources: { limits: { memory: written } } });
        const made = answered(201, await api.create(`${apps}/deployments`, object, { dryRun: 'All' }));
        deepEqual((limitsOf(made) as JsonObject).memory, kept);
      },
    }),
  ),
  {
    name: 'a quantity in another spelling: ours stays ours, another applier is in conflict',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const object = deployment('web', { replicas: 0 }, { resources: { limits: { cpu: '1000m' } } });
      const made = answered(201, await api.apply(path, object));
      deepEqual(limitsOf(made), { cpu: '1' });
      const again = answered(200, await api.apply(path, object));
      deepEqual(entriesOf(again), entriesOf(made));
      refused(409, await api.apply(path, object, { manager: 'other' }), {
        reason: 'Conflict',
        message:
          'Apply failed with 1 conflict: conflict with "applier": .spec.template.spec.containers[name="main"].resources.limits.cpu',
      });
      const canonical = deployment('web', { replicas: 0 }, { resources: { limits: { cpu: '1' } } });
      answered(200, await api.apply(path, canonical, { manager: 'other' }));
    },
  },
  {
    name: 'a quantity that is none is refused',
    run: async ({ api, apps }) => {
      const object = deployment('web', { replicas: 0 }, { resources: { limits: { memory: 'lots' } } });
      refused(400, await api.create(`${apps}/deployments`, object), {
        reason: 'BadRequest',
        message: /quantities must match the regular expression/,
      });
      refused(500, await api.apply(`${apps}/deployments/web`, object), {
        message:
          /^failed to convert new object \(\/web; apps\/v1, Kind=Deployment\) to proper version: .*quantities must match the regular expression/,
      });
    },
  },
];

export const data: Theme = { name: 'data', cases };
