/** Protects: whatever field of KubeFed's and Federation's manifests is of another type, it is told where it stands, and nothing is removed. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import { compile } from '../../../../src/core/compile/compile.ts';
import * as schema from '../../../../src/core/dialect/kubefed/schema.ts';
import { fieldsAt } from '../../../../src/core/dialect/native/shape.ts';
import { valueAt } from '../../../../src/core/json/pointer.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../../src/core/json/value.ts';
import { locate, type Path } from '../../../../src/core/model/locate.ts';
import { formatYamlDocuments } from '../../../../src/core/yaml/format.ts';
import { readManifests } from '../../../../src/core/yaml/read.ts';
import { after, worldOf } from '../../../builder/world.ts';
import { othersThan, pathsIn, replaced } from '../../../golden/mutate.ts';

const core = 'core.kubefed.io/v1beta1';
const types = 'types.kubefed.io/v1beta1';
const old = 'primitives.federation.k8s.io/v1alpha1';
const dns = 'multiclusterdns.kubefed.io/v1alpha1';

const place = { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': 'eu-1' };

const typed = (group: string, kind: string): JsonObject => ({
  group,
  version: 'v1',
  kind,
  pluralName: `${kind.toLowerCase()}s`,
  scope: 'Namespaced',
});

/** Every field that a schema knows. Behind these paths anything may stand, and an API server reads it. */
const free = ['spec.template', 'spec.overrides.0.clusterOverrides.0.value', 'status'];

const documents: readonly { readonly schema?: z.ZodType; readonly value: JsonObject }[] = [
  {
    schema: schema.KubeFedCluster,
    value: {
      apiVersion: core,
      kind: 'KubeFedCluster',
      metadata: {
        name: 'c1',
        namespace: 'kube-federation-system',
        labels: { region: 'eu', 'landfall.dev/host': 'true', ...place },
      },
      spec: {
        apiEndpoint: 'https://c1',
        caBundle: 'LS0tLS1CRUdJTg==',
        secretRef: { name: 'c1' },
        disabledTLSValidations: ['SubjectName'],
        proxyURL: 'http://proxy',
      },
    },
  },
  {
    schema: schema.FederatedCluster,
    value: {
      apiVersion: 'core.federation.k8s.io/v1alpha1',
      kind: 'FederatedCluster',
      metadata: { name: 'c2', namespace: 'federation-system', labels: place },
      spec: { clusterRef: { name: 'c2' }, secretRef: { name: 'c2' } },
    },
  },
  {
    schema: schema.FederatedTypeConfig,
    value: {
      apiVersion: core,
      kind: 'FederatedTypeConfig',
      metadata: { name: 'widgets.example.com' },
      spec: {
        targetType: typed('example.com', 'Widget'),
        federatedType: { ...typed('fed.example.com', 'SpreadWidget') },
        propagation: 'Enabled',
        statusType: typed('fed.example.com', 'WidgetStatus'),
        statusCollection: 'Disabled',
      },
    },
  },
  {
    schema: schema.KubeFedConfig,
    value: {
      apiVersion: core,
      kind: 'KubeFedConfig',
      metadata: { name: 'kubefed' },
      spec: { scope: 'Namespaced', syncController: { adoptResources: 'Enabled' } },
    },
  },
  {
    schema: schema.Federated,
    value: {
      apiVersion: types,
      kind: 'FederatedDeployment',
      metadata: { name: 'web', namespace: 'shop', labels: { a: 'b' }, annotations: { a: 'b' } },
      spec: {
        template: { spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: {} } },
        placement: {
          clusters: [{ name: 'c1' }],
          clusterNames: ['c1'],
          clusterSelector: { matchLabels: { region: 'eu' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] },
        },
        overrides: [{ clusterName: 'c1', clusterOverrides: [{ op: 'replace', path: '/spec/paused', value: true }] }],
        retainReplicas: false,
      },
    },
  },
  {
    value: {
      apiVersion: 'fed.example.com/v1',
      kind: 'SpreadWidget',
      metadata: { name: 'widget', namespace: 'shop' },
      spec: { template: { size: 3 }, placement: { clusterSelector: {} } },
    },
  },
  {
    value: {
      apiVersion: old,
      kind: 'FederatedConfigMap',
      metadata: { name: 'settings', namespace: 'shop' },
      spec: { template: { data: { a: '1' } } },
    },
  },
  {
    value: {
      apiVersion: old,
      kind: 'FederatedConfigMapPlacement',
      metadata: { name: 'settings', namespace: 'shop' },
      spec: { clusterNames: ['c1'], clusternames: ['c1'], clusterSelector: { matchLabels: { region: 'eu' } } },
    },
    schema: schema.FederatedPlacement,
  },
  {
    schema: schema.FederatedOverride,
    value: {
      apiVersion: old,
      kind: 'FederatedConfigMapOverride',
      metadata: { name: 'settings', namespace: 'shop' },
      spec: {
        overrides: [
          { clusterName: 'c1', clusterOverrides: [{ op: 'add', path: 'data.b', value: '2' }], data: { a: '3' } },
          { clustername: 'c2', replicas: 1, parallelism: 2 },
        ],
      },
    },
  },
  {
    schema: schema.ReplicaSchedulingPreference,
    value: {
      apiVersion: 'scheduling.kubefed.io/v1alpha1',
      kind: 'ReplicaSchedulingPreference',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        targetKind: 'FederatedDeployment',
        totalReplicas: 9,
        rebalance: true,
        intersectWithClusterSelector: false,
        clusters: { c1: { minReplicas: 1, maxReplicas: 7, weight: 2 } },
      },
    },
  },
  {
    schema: schema.Domain,
    value: {
      apiVersion: dns,
      kind: 'Domain',
      metadata: { name: 'galactic' },
      domain: 'example.com',
      nameServer: 'ns.example.com',
    },
  },
  {
    schema: schema.ServiceDNSRecord,
    value: {
      apiVersion: dns,
      kind: 'ServiceDNSRecord',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        domainRef: 'galactic',
        recordTTL: 60,
        dnsPrefix: 'shop',
        externalName: 'www',
        allowServiceWithoutEndpoints: true,
      },
    },
  },
  {
    schema: schema.IngressDNSRecord,
    value: {
      apiVersion: dns,
      kind: 'IngressDNSRecord',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { hosts: ['www.example.com'], recordTTL: 60 },
    },
  },
  {
    value: {
      apiVersion: 'federation/v1beta1',
      kind: 'Cluster',
      metadata: { name: 'c3', labels: { region: 'us', ...place } },
      spec: { secretRef: { name: 'c3' } },
    },
  },
  {
    value: {
      apiVersion: 'extensions/v1beta1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'nginx',
        namespace: 'shop',
        labels: { a: 'b' },
        annotations: {
          'federation.kubernetes.io/replica-set-preferences': '{"rebalance": true, "clusters": {"*": {"weight": 1}}}',
          'federation.alpha.kubernetes.io/cluster-selector': '[{"key": "region", "operator": "in", "values": ["us"]}]',
        },
      },
      spec: { replicas: 3, selector: { matchLabels: { app: 'nginx' } }, template: {} },
    },
  },
];

const all = documents.map(({ value }) => value);
const file = (values: readonly JsonObject[]) => ({ 'all.yaml': formatYamlDocuments(values) });
const before = compile(worldOf(file(all)));

const isFree = (path: Path, { kind }: JsonObject): boolean =>
  (free.some((each) => `${path.join('.')}.`.startsWith(`${each}.`) && path.length > each.split('.').length - 1) &&
    path.join('.') !== 'spec.template') ||
  (kind === 'ReplicaSet' && path[0] === 'spec');

const turns = (count: number, value: Json | undefined): readonly Json[] => {
  const others = othersThan(value);
  return [count, count + 3].map((each) => others[each % others.length] ?? null);
};

test('kubefed: the documents of this test are whole, and have every field', () => {
  ok(before.cells.size >= 5);
  for (const { schema: known, value } of documents) {
    if (known === undefined) continue;
    for (const path of [[], ...pathsIn(value)] as readonly Path[]) {
      const here: Json | undefined = valueAt(value, path.map(String));
      if (isArray(here)) {
        const fields = new Set(here.flatMap((each: Json) => (isObject(each) ? Object.keys(each) : [])));
        const missing: readonly string[] = fieldsAt(known, [...path, 0]).filter((field) => !fields.has(field));
        deepEqual(
          missing.filter((field) => field !== 'values'),
          [],
          `${value.kind} ${path.join('.')}`,
        );
      }
      if (!isObject(here) || typeof path.at(-1) === 'number') continue;
      const missing: readonly string[] = fieldsAt(known, path).filter(
        (field) => !Object.hasOwn(here, field) && field !== 'status',
      );
      const meant: readonly string[] = missing.filter(
        (field) => !['labels', 'annotations', 'namespace', 'matchExpressions'].includes(field),
      );
      deepEqual(meant, [], `${String(value.kind)} ${path.join('.')}`);
    }
  }
});

for (const [index, { value }] of documents.entries()) {
  test(`kubefed: each field of ${String(value.kind)} of another type is told at its place, and nothing goes`, () => {
    for (const [count, path] of [...pathsIn(value)].entries()) {
      if (isFree(path, value)) continue;
      // Each type has its turn, at one field or another.
      for (const other of turns(count, valueAt(value, path.map(String)))) {
        const changed = replaced(value, path, other);
        ok(isObject(changed));
        const texts = file(all.with(index, changed));
        const why = `${path.join('.')}: ${JSON.stringify(other)}`;
        const now = compile(after(before, worldOf(texts)));
        deepEqual(
          now.vanished.map(({ record }) => record.cell),
          [],
          why,
        );
        const document = readManifests('all.yaml', texts['all.yaml']).documents[index];
        ok(document !== undefined);
        const { line } = locate(document, path);
        const told = now.diagnostics.filter(({ origin }) => origin.line === line);
        ok(told.length > 0, `${why} at line ${line}: ${JSON.stringify(now.diagnostics)}`);
      }
    }
  });
}
