/** What clients learn of the kinds: discovery and OpenAPI. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import { builtinSchema, builtins } from '../../../src/sandbox/schema/builtin.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { openapiDocument, openapiHash } from '../../../src/sandbox/schema/openapi.ts';
import { thingDefinition, thingSchemas } from '../merge/scene.ts';

test('builtins: groups as discovery lists them, the core group first', () => {
  deepEqual(builtins.groups.slice(0, 3), [
    { name: '', versions: ['v1'] },
    { name: 'apiregistration.k8s.io', versions: ['v1'] },
    { name: 'apps', versions: ['v1'] },
  ]);
  deepEqual(builtins.groups.find(({ name }) => name === 'autoscaling')?.versions, ['v2', 'v1']);
});

test('builtins: a resource and what is below it', () => {
  const deployments = builtins.resources.find(({ kind }) => kind === 'Deployment')!;
  deepEqual(
    [
      deployments.resource,
      deployments.singular,
      deployments.shortNames,
      deployments.categories,
      deployments.isNamespaced,
    ],
    ['deployments', 'deployment', ['deploy'], ['all'], true],
  );
  deepEqual(
    deployments.subresources.map(({ name, group, kind }) => [name, group, kind]),
    [
      ['scale', 'autoscaling', 'Scale'],
      ['status', 'apps', 'Deployment'],
    ],
  );
  ok(deployments.verbs.includes('deletecollection'));
});

test('builtinSchema: every resource has one, kinds of requests too, others none', () => {
  for (const { group, version, kind } of builtins.resources) {
    ok(builtinSchema(group === '' ? version : `${group}/${version}`, kind) !== undefined, kind);
  }
  for (const [apiVersion, kind] of [
    ['autoscaling/v1', 'Scale'],
    ['policy/v1', 'Eviction'],
    ['authentication.k8s.io/v1', 'TokenRequest'],
  ] as const) {
    ok(builtinSchema(apiVersion, kind) !== undefined, kind);
  }
  equal(builtinSchema('v1', 'Deployment'), undefined);
  equal(builtinSchema('apps/v1beta1', 'Deployment'), undefined);
});

test('builtinSchema: the same every time, and one family for all versions', () => {
  const second = builtinSchema('autoscaling/v2', 'HorizontalPodAutoscaler')!;
  equal(builtinSchema('autoscaling/v2', 'HorizontalPodAutoscaler'), second);
  equal(builtinSchema('autoscaling/v1', 'HorizontalPodAutoscaler')?.family, second.family);
  equal(second.family.storage, 'autoscaling/v2');
});

test('convert: an autoscaler at its first version and back', () => {
  const { family } = builtinSchema('autoscaling/v2', 'HorizontalPodAutoscaler')!;
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };
  const memory = {
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
  };
  const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
  const object = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: { maxReplicas: 3, metrics: [memory, cpu], behavior },
    status: { currentReplicas: 0, currentMetrics: null },
  };
  const first = family.convert(object, 'autoscaling/v1');
  equal(at(first, 'spec', 'targetCPUUtilizationPercentage'), 60);
  deepEqual([at(first, 'spec', 'metrics'), at(first, 'spec', 'behavior')], [undefined, undefined]);
  deepEqual(family.convert(first, 'autoscaling/v2'), object);
});

const apps = openapiDocument('apps/v1', []);
const schemaNamed = (document: JsonObject, name: string): Json | undefined =>
  at(document, 'components', 'schemas', name);

test('openapiDocument: fields with their types, lists with how they merge', () => {
  const spec = schemaNamed(apps, 'io.k8s.api.apps.v1.DeploymentSpec');
  deepEqual(at(spec, 'properties', 'replicas', 'type'), 'integer');
  deepEqual(at(spec, 'required'), ['selector', 'template']);
  deepEqual(at(spec, 'properties', 'strategy', 'x-kubernetes-patch-strategy'), 'retainKeys');
  const containers = at(schemaNamed(apps, 'io.k8s.api.core.v1.PodSpec'), 'properties', 'containers');
  deepEqual(isObject(containers) && { ...containers, description: '' }, {
    type: 'array',
    items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }], default: {} },
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    description: '',
    'x-kubernetes-patch-strategy': 'merge',
    'x-kubernetes-patch-merge-key': 'name',
  });
});

test('openapiDocument: every reference leads somewhere', () => {
  for (const { name, versions } of builtins.groups) {
    for (const version of versions) {
      const document = openapiDocument(name === '' ? version : `${name}/${version}`, []);
      const missing = refsIn(document).filter((ref) => schemaNamed(document, ref) === undefined);
      deepEqual([...new Set(missing)], [], `${name}/${version}`);
    }
  }
});

function refsIn(value: Json | undefined): readonly string[] {
  if (isArray(value)) return value.flatMap(refsIn);
  if (!isObject(value)) return [];
  const { $ref } = value;
  const own = typeof $ref === 'string' ? [$ref.slice('#/components/schemas/'.length)] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

test('openapiDocument: paths say of which kind they are, and that fields are checked on request', () => {
  const patch = at(apps, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch');
  deepEqual(at(patch, 'x-kubernetes-group-version-kind'), { group: 'apps', version: 'v1', kind: 'Deployment' });
  equal(at(patch, 'x-kubernetes-action'), 'patch');
  const parameters = at(patch, 'parameters');
  deepEqual(isArray(parameters) && parameters.map((one) => at(one, 'name')), [
    'dryRun',
    'fieldManager',
    'fieldValidation',
    'force',
  ]);
  deepEqual(
    Object.keys(at(apps, 'paths') as JsonObject).filter((path) => path.includes('deployments')),
    [
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/namespaces/{namespace}/deployments',
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}',
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale',
      '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/status',
    ],
  );
});

test('openapiDocument: a custom kind, as its definition writes it', () => {
  const document = openapiDocument('example.com/v1', thingSchemas);
  const schema = schemaNamed(document, 'com.example.v1.Thing');
  deepEqual(at(schema, 'x-kubernetes-group-version-kind'), [{ group: 'example.com', version: 'v1', kind: 'Thing' }]);
  deepEqual(at(schema, 'properties', 'metadata', 'allOf'), [
    { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
  ]);
  deepEqual(at(schema, 'properties', 'spec', 'properties', 'set'), {
    type: 'array',
    items: { type: 'string' },
    'x-kubernetes-list-type': 'set',
  });
  ok(schemaNamed(document, 'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry') !== undefined);
  equal(schemaNamed(document, 'com.example.v2.Thing'), undefined);
});

test('openapiHash: changes with the definition, and with nothing else', () => {
  const again = customKinds(thingDefinition({ v1: { type: 'object' } }));
  const same = customKinds(thingDefinition({ v1: { type: 'object' } }));
  const other = customKinds(thingDefinition({ v1: { type: 'object', description: 'x' } }));
  equal(openapiHash('example.com/v1', again), openapiHash('example.com/v1', same));
  notEqual(openapiHash('example.com/v1', again), openapiHash('example.com/v1', other));
  equal(openapiHash('apps/v1', again), openapiHash('apps/v1', other));
  notEqual(openapiHash('apps/v1', []), openapiHash('batch/v1', []));
});
