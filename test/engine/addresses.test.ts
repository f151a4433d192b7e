/** Protects: names in DNS follow the load balancers of all clusters, and no address is lost because its cluster does not answer. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray, type Json } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';

const group = 'multiclusterdns.kubefed.io';
const record = `apiVersion: ${group}/v1alpha1
kind: Domain
metadata: {name: galactic, namespace: kube-federation-system}
domain: example.com
---
apiVersion: ${group}/v1alpha1
kind: ServiceDNSRecord
metadata: {name: nginx, namespace: test}
spec: {domainRef: galactic, allowServiceWithoutEndpoints: true}
`;

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `dnsendpoints.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'dnsendpoints', singular: 'dnsendpoint', kind: 'DNSEndpoint', listKind: 'DNSEndpointList' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const services = '/api/v1/namespaces/test/services';

async function setAddress(fleet: TestFleet, cluster: string, ip: string): Promise<void> {
  const status = { loadBalancer: { ingress: [{ ip }] } };
  const path = `${services}/nginx/status`;
  const { status: code } = await fleet.request(cluster, 'PATCH', path, { status }, 'application/merge-patch+json');
  equal(code, 200);
}

/** `host` makes the names of what `us` and `eu` have. */
async function namedFleet(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['host', 'us', 'eu'] });
  const service = { type: 'LoadBalancer', selector: { app: 'nginx' }, ports: [{ port: 80 }] };
  for (const cluster of ['host', 'us', 'eu']) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test' } };
    await fleet.request(cluster, 'POST', '/api/v1/namespaces', namespace);
    if (cluster === 'host') continue;
    const body = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nginx' }, spec: service };
    await fleet.request(cluster, 'POST', services, body);
  }
  await fleet.request('host', 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  await setAddress(fleet, 'us', '10.20.30.1');
  await setAddress(fleet, 'eu', '10.20.30.2');
  const labels = (name: string): Record<string, string> => ({
    'topology.kubernetes.io/region': name,
    'topology.kubernetes.io/zone': `${name}1`,
    ...(name === 'host' ? { 'landfall.dev/host': 'true' } : {}),
  });
  fleet.git.commit({ ...clusterManifests(['host', 'us', 'eu'], labels), 'dns.yaml': record });
  await fleet.run(60_000);
  return fleet;
}

async function targetsOf(fleet: TestFleet, name: string): Promise<Json | undefined> {
  const object = await fleet.get('host', `/apis/${group}/v1alpha1/namespaces/test/dnsendpoints/service-nginx`);
  const endpoints = at(object ?? null, 'spec', 'endpoints');
  const found = (isArray(endpoints) ? endpoints : []).find((each) => at(each, 'dnsName') === `${name}example.com`);
  return at(found ?? null, 'targets');
}

const all = 'nginx.test.galactic.svc.';
const app = 'test/servicednsrecord-nginx';

test('addresses: names are made on the host, and follow what load balancers say', async () => {
  const fleet = await namedFleet();
  equal(fleet.cell(app, 'host')?.state, 'Synced', fleet.table());
  equal(fleet.cell(app, 'us'), undefined);
  deepEqual(await targetsOf(fleet, all), ['10.20.30.1', '10.20.30.2']);
  deepEqual(await targetsOf(fleet, `${all}host.`), ['nginx.test.galactic.svc.example.com']);
  await setAddress(fleet, 'eu', '10.20.30.3');
  await fleet.run(20_000);
  deepEqual(await targetsOf(fleet, all), ['10.20.30.1', '10.20.30.3']);
  deepEqual(await targetsOf(fleet, `${all}eu1.eu.`), ['10.20.30.3']);
  await fleet.request('eu', 'DELETE', `${services}/nginx`);
  await fleet.run(20_000);
  deepEqual(await targetsOf(fleet, all), ['10.20.30.1']);
  deepEqual(await targetsOf(fleet, `${all}eu.`), ['nginx.test.galactic.svc.example.com']);
  await fleet.close();
});

test('addresses: a cluster that does not answer keeps its own, and is told of, until it answers', async () => {
  const fleet = await namedFleet();
  fleet.sandbox.cluster('eu').setDisorder({ isDown: true });
  await fleet.run(300_000);
  deepEqual(await targetsOf(fleet, all), ['10.20.30.1', '10.20.30.2']);
  match(fleet.cell(app, 'host')?.message ?? '', /services test\/nginx on eu/, fleet.table());
  await setAddress(fleet, 'us', '10.20.30.4');
  fleet.sandbox.cluster('eu').setDisorder({});
  await fleet.run(300_000);
  deepEqual(await targetsOf(fleet, all), ['10.20.30.2', '10.20.30.4']);
  equal(fleet.cell(app, 'host')?.state, 'Synced', fleet.table());
  await fleet.close();
});

test('addresses: a Landfall that starts while a cluster does not answer takes nothing away', async () => {
  const fleet = await namedFleet();
  await fleet.kill();
  fleet.sandbox.cluster('eu').setDisorder({ isDown: true });
  fleet.start();
  await fleet.run(180_000);
  deepEqual(await targetsOf(fleet, all), ['10.20.30.1', '10.20.30.2']);
  await fleet.close();
});
