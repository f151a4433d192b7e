/** Protects: names in DNS lead where they led under KubeFed, a name of each kind to the right place when addresses come and go. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray, type Json } from '../../../src/core/json/value.ts';
import type { AddressNames, AddressRecord } from '../../../src/core/model/address-record.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import { type Site, withEndpoints } from '../../../src/core/render/endpoints.ts';

const wider = {
  kind: 'wider',
  prefix: 'nginx.test.galactic.svc',
  domain: 'example.com',
  alias: undefined,
  labels: undefined,
} as const;

const recordOf = (names: AddressNames, ttlSeconds = 180): AddressRecord => ({
  origin: { repository: repositoryId('fleet'), path: 'all.yaml', line: 1, column: 1 },
  clusters: { kind: 'selector', selector: [] },
  reached: { resource: 'services', group: '', namespace: 'test', name: 'nginx', mustBeReady: true },
  names,
  ttlSeconds,
  object: { apiVersion: 'v1', kind: 'DNSEndpoint', metadata: { name: 'service-nginx', namespace: 'test' } },
});

/** One line an endpoint, without what all names here end with. */
function linesOf(record: AddressRecord, sites: readonly Site[]): readonly string[] {
  const endpoints = at(withEndpoints(record, sites), 'spec', 'endpoints');
  const short = (name: Json | undefined): string => String(name).replace('.test.galactic.svc', '');
  return (isArray(endpoints) ? endpoints : []).map((each) => {
    const targets = at(each, 'targets');
    const labels = at(each, 'labels', 'serviceName');
    const found = (isArray(targets) ? targets : []).map(short).join(' ');
    const ttl = at(each, 'recordTTL') === 180 ? '' : ` ${String(at(each, 'recordTTL'))}s`;
    return `${short(at(each, 'dnsName'))} ${String(at(each, 'recordType'))} ${found}${ttl}${labels === undefined ? '' : ` of ${String(labels)}`}`;
  });
}

const us = (...targets: readonly string[]): Site => ({ region: 'us', zones: ['us1'], targets });
const eu = (...targets: readonly string[]): Site => ({ region: 'eu', zones: ['eu1'], targets });

const cases: readonly {
  readonly name: string;
  readonly record?: AddressRecord;
  readonly sites: readonly Site[];
  readonly lines: readonly string[];
}[] = [
  { name: 'no clusters, no names', sites: [], lines: [] },
  {
    name: 'one address: the other cluster leads to it by way of the wider names',
    sites: [us('10.20.30.1'), eu()],
    lines: [
      'nginx.eu.example.com CNAME nginx.example.com',
      'nginx.eu1.eu.example.com CNAME nginx.eu.example.com',
      'nginx.example.com A 10.20.30.1',
      'nginx.us.example.com A 10.20.30.1',
      'nginx.us1.us.example.com A 10.20.30.1',
    ],
  },
  {
    name: 'two addresses: the name of all has both, each place its own',
    sites: [us('10.20.30.1'), eu('10.20.30.2')],
    lines: [
      'nginx.eu.example.com A 10.20.30.2',
      'nginx.eu1.eu.example.com A 10.20.30.2',
      'nginx.example.com A 10.20.30.1 10.20.30.2',
      'nginx.us.example.com A 10.20.30.1',
      'nginx.us1.us.example.com A 10.20.30.1',
    ],
  },
  {
    name: 'no address: the name of all is none',
    sites: [us(), eu()],
    lines: [
      'nginx.eu.example.com CNAME nginx.example.com',
      'nginx.eu1.eu.example.com CNAME nginx.eu.example.com',
      'nginx.us.example.com CNAME nginx.example.com',
      'nginx.us1.us.example.com CNAME nginx.us.example.com',
    ],
  },
  {
    name: 'two clusters of one region: what one of them has counts for the region',
    sites: [us('10.0.0.2', '10.0.0.1', '10.0.0.2'), { region: 'us', zones: ['us2', 'us3'], targets: [] }],
    lines: [
      'nginx.example.com A 10.0.0.1 10.0.0.2',
      'nginx.us.example.com A 10.0.0.1 10.0.0.2',
      'nginx.us1.us.example.com A 10.0.0.1 10.0.0.2',
      'nginx.us2.us.example.com CNAME nginx.us.example.com',
      'nginx.us3.us.example.com CNAME nginx.us.example.com',
    ],
  },
  {
    name: 'a name is no address: it is what a name leads to while there is no address',
    sites: [us('b.example.net', 'a.example.net'), eu('10.0.0.1')],
    lines: [
      'nginx.eu.example.com A 10.0.0.1',
      'nginx.eu1.eu.example.com A 10.0.0.1',
      'nginx.example.com A 10.0.0.1',
      'nginx.us.example.com CNAME a.example.net',
      'nginx.us1.us.example.com CNAME a.example.net',
    ],
  },
  {
    name: 'IPv6 has records of its own',
    sites: [us('10.0.0.1', 'fd00::1')],
    lines: [
      'nginx.example.com A 10.0.0.1',
      'nginx.example.com AAAA fd00::1',
      'nginx.us.example.com A 10.0.0.1',
      'nginx.us.example.com AAAA fd00::1',
      'nginx.us1.us.example.com A 10.0.0.1',
      'nginx.us1.us.example.com AAAA fd00::1',
    ],
  },
  {
    name: 'a further name, another time to live, a label: the further name bears none',
    record: recordOf({ ...wider, alias: 'foo', labels: { serviceName: 'nginx' } }, 300),
    sites: [us('10.0.0.1')],
    lines: [
      'foo.example.com CNAME nginx.example.com 300s',
      'nginx.example.com A 10.0.0.1 300s of nginx',
      'nginx.us.example.com A 10.0.0.1 300s of nginx',
      'nginx.us1.us.example.com A 10.0.0.1 300s of nginx',
    ],
  },
  {
    name: 'a further name is there whatever else is',
    record: recordOf({ ...wider, alias: 'foo' }),
    sites: [],
    lines: ['foo.example.com CNAME nginx.example.com'],
  },
  {
    name: 'a further name that is the name itself leads nowhere',
    record: recordOf({ ...wider, alias: wider.prefix }),
    sites: [],
    lines: [],
  },
  {
    name: 'hosts: each has all addresses',
    record: recordOf({ kind: 'same', hosts: ['b.example.com', 'a.example.com'] }),
    sites: [us('10.0.0.2'), eu('10.0.0.1', '10.0.0.2')],
    lines: ['a.example.com A 10.0.0.1 10.0.0.2', 'b.example.com A 10.0.0.1 10.0.0.2'],
  },
  {
    name: 'hosts without an address: no names',
    record: recordOf({ kind: 'same', hosts: ['a.example.com'] }),
    sites: [us(), eu()],
    lines: [],
  },
];

for (const { name, record = recordOf(wider), sites, lines } of cases) {
  test(`withEndpoints: ${name}`, () => {
    // The order in which clusters are named says nothing.
    deepEqual(linesOf(record, sites), lines);
    deepEqual(linesOf(record, sites.toReversed()), lines);
  });
}
