/** fieldValidation, limits of names and sizes, and fields that never change again. */
import { deepEqual, equal } from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, refused, type Theme } from './case.ts';

const twice = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","x":"2"}}';
const long = 'x'.repeat(64);

/** Label values: bytes, ends and alphabet. */
const labelValues: readonly (readonly [string, string, boolean])[] = [
  ['63 bytes', 'x'.repeat(63), true],
  ['empty', '', true],
  ['dots, dashes and underscores inside', 'a.b-c_D', true],
  ['64 bytes', long, false],
  ['a slash', 'shop/web', false],
  ['a dash at the end', 'web-', false],
  ['a dot at the start', '.web', false],
  ['a space', 'a b', false],
];

const immutable: readonly {
  readonly name: string;
  readonly path: string;
  readonly object: JsonObject;
  readonly patch: JsonObject;
  readonly message: string | RegExp;
}[] = [
  {
    name: 'the selector of a Deployment',
    path: 'apis/apps/v1/namespaces/NAMESPACE/deployments',
    object: deployment('a', { replicas: 0 }),
    patch: { spec: { selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } } },
    message:
      'Deployment.apps "a" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  },
  {
    name: 'the address of a Service',
    path: 'api/v1/namespaces/NAMESPACE/services',
    object: { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } },
    patch: { spec: { clusterIP: '10.0.77.77', clusterIPs: ['10.0.77.77'] } },
    message: 'Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.77.77"]: may not change once set',
  },
  {
    name: 'the type of a Secret',
    path: 'api/v1/namespaces/NAMESPACE/secrets',
    object: { metadata: { name: 'a' } },
    patch: { type: 'example.com/other' },
    message: 'Secret "a" is invalid: type: Invalid value: "example.com/other": field is immutable',
  },
  {
    name: 'an immutable ConfigMap',
    path: 'api/v1/namespaces/NAMESPACE/configmaps',
    object: { ...configMap('a', { x: '1' }), immutable: true },
    patch: { data: { x: '2' } },
    message: 'ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
  },
  {
    name: 'the template of a Job',
    path: 'apis/batch/v1/namespaces/NAMESPACE/jobs',
    object: {
      metadata: { name: 'a' },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] } },
      },
    },
    patch: { spec: { template: { spec: { restartPolicy: 'OnFailure' } } } },
    message: /^Job\.batch "a" is invalid: spec\.template(\.spec)?: Invalid value: .*: field is immutable$/s,
  },
  {
    name: 'most of a StatefulSet',
    path: 'apis/apps/v1/namespaces/NAMESPACE/statefulsets',
    object: {
      metadata: { name: 'a' },
      spec: { ...(deployment('a').spec as JsonObject), replicas: 0, serviceName: 'a' },
    },
    patch: { spec: { serviceName: 'b' } },
    message:
      "StatefulSet.apps \"a\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  },
  {
    name: 'the role of a RoleBinding',
    path: 'apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/rolebindings',
    object: {
      metadata: { name: 'a' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    },
    patch: { roleRef: { name: 'edit' } },
    message:
      'RoleBinding.rbac.authorization.k8s.io "a" is invalid: roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
  },
];

const cases: readonly Case[] = [
  {
    name: 'an unknown field is refused when strict, warned of by default, ignored when asked',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments`;
      const write = (name: string, query: Readonly<Record<string, string>>) =>
        api.create(path, deployment(name, { bogus: 1 }), query);
      refused(400, await write('a', { fieldValidation: 'Strict' }), {
        reason: 'BadRequest',
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.bogus"',
      });
      const warned = await write('a', {});
      answered(201, warned);
      equal(warned.headers.warning, '299 - "unknown field \\"spec.bogus\\""');
      const ignored = await write('b', { fieldValidation: 'Ignore' });
      equal(Object.hasOwn((answered(201, ignored).spec ?? {}) as JsonObject, 'bogus'), false);
      equal(ignored.headers.warning, undefined);
    },
  },
  {
    name: 'a field twice is refused when strict, warned of by default, and the last one wins',
    run: async ({ api, core }) => {
      refused(400, await api.create(`${core}/configmaps`, twice, { fieldValidation: 'Strict' }), {
        reason: 'BadRequest',
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.x"',
      });
      const warned = await api.create(`${core}/configmaps`, twice);
      deepEqual(answered(201, warned).data, { x: '2' });
      equal(warned.headers.warning, '299 - "duplicate field \\"data.x\\""');
    },
  },
  {
    name: 'patches are validated too',
    run: async ({ api, apps }) => {
      answered(201, await api.create(`${apps}/deployments`, deployment('a', { replicas: 0 })));
      const patch = { spec: { bogus: 1 } };
      for (const send of [api.mergePatch, api.strategicPatch]) {
        refused(422, await send(`${apps}/deployments/a`, patch, { fieldValidation: 'Strict' }), {
          reason: 'Invalid',
          message: /^ "" is invalid: patch: Invalid value: ".*": strict decoding error: unknown field "spec.bogus"$/s,
        });
      }
    },
  },
  {
    name: 'a wrong type is 400 whatever the validation',
    run: async ({ api, core }) => {
      for (const fieldValidation of ['Strict', 'Ignore']) {
        refused(400, await api.create(`${core}/configmaps`, configMap('a', { x: 1 }), { fieldValidation }), {
          reason: 'BadRequest',
          message:
            'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
        });
      }
    },
  },
  {
    name: '422 for a validation of another kind',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/configmaps`, configMap('a', {}), { fieldValidation: 'Some' }), {
        reason: 'Invalid',
        message:
          'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Some": supported values: "", "Ignore", "Strict", "Warn"',
      });
    },
  },
  ...labelValues.map(
    ([name, value, isValid]): Case => ({
      name: `label value, ${name}: ${isValid ? 'taken' : 'refused'}`,
      run: async ({ api, core }) => {
        const answer = await api.create(`${core}/configmaps`, configMap('a', {}, { labels: { l: value } }));
        if (isValid) answered(201, answer);
        else
          refused(422, answer, {
            reason: 'Invalid',
            details: { causes: [{ reason: 'FieldValueInvalid', field: 'metadata.labels' }] },
          });
      },
    }),
  ),
  {
    name: 'annotations: 262,144 bytes together, keys and values',
    run: async ({ api, core }) => {
      const filled = (bytes: number): JsonObject => configMap('a', {}, { annotations: { a: 'x'.repeat(bytes - 1) } });
      refused(422, await api.create(`${core}/configmaps`, filled(262_145)), {
        reason: 'Invalid',
        message: 'ConfigMap "a" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
        details: { causes: [{ reason: 'FieldValueTooLong', field: 'metadata.annotations' }] },
      });
      answered(201, await api.create(`${core}/configmaps`, filled(262_144)));
    },
  },
  {
    name: 'ConfigMap and Secret: 1 MiB of data together',
    run: async ({ api, core }) => {
      const mebibyte = 1024 * 1024;
      const filled = (bytes: number): JsonObject => ({
        metadata: { name: 'a' },
        binaryData: { a: Buffer.alloc(bytes).toString('base64') },
      });
      refused(422, await api.create(`${core}/configmaps`, filled(mebibyte + 1)), {
        reason: 'Invalid',
        message: 'ConfigMap "a" is invalid: []: Too long: may not be more than 1048576 bytes',
        details: { causes: [{ reason: 'FieldValueTooLong' }] },
      });
      answered(201, await api.create(`${core}/configmaps`, filled(mebibyte)));
      const secret = { metadata: { name: 'a' }, data: { a: Buffer.alloc(mebibyte + 1).toString('base64') } };
      refused(422, await api.create(`${core}/secrets`, secret), {
        reason: 'Invalid',
        message: 'Secret "a" is invalid: data: Too long: may not be more than 1048576 bytes',
      });
    },
  },
  ...immutable.map(
    ({ name, path, object, patch, message }): Case => ({
      name: `immutable: ${name}`,
      run: async ({ api, namespace }) => {
        const collection = `/${path.replace('NAMESPACE', namespace)}`;
        answered(201, await api.create(collection, object));
        refused(422, await api.mergePatch(`${collection}/a`, patch), { reason: 'Invalid', message });
      },
    }),
  ),
];

export const validation: Theme = { name: 'validation', cases };
