/** Protobuf bodies. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { readProtobuf } from '../../../src/sandbox/api/protobuf.ts';
import { core, scene } from '../scene.ts';

/** Fields as protobuf writes them: text and messages by length, numbers as varints. */
const field = (number: number, value: string | number | Uint8Array): Uint8Array => {
  if (typeof value === 'number') return Uint8Array.from([number << 3, ...varint(BigInt.asUintN(64, BigInt(value)))]);
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Uint8Array.from([(number << 3) | 2, ...varint(BigInt(bytes.length)), ...bytes]);
};
const varint = (value: bigint): readonly number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const object = (apiVersion: string, kind: string, body: Uint8Array): Uint8Array =>
  join(Buffer.from('k8s\0'), field(1, join(field(1, apiVersion), field(2, kind))), field(2, body));

const pair = (key: string, value: string): Uint8Array => join(field(1, key), field(2, value));

test('readProtobuf: text, bytes and maps of a ConfigMap', () => {
  const metadata = join(
    field(1, 'a'),
    field(11, pair('tier', 'web')),
    field(11, pair('env', 'prod')),
    field(8, new Uint8Array()),
  );
  const body = join(field(1, metadata), field(2, pair('x', 'ä')), field(3, pair('bin', '\x01\x02')), field(4, 1));
  deepEqual(readProtobuf(object('v1', 'ConfigMap', body)), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: { tier: 'web', env: 'prod' }, creationTimestamp: null },
    data: { x: 'ä' },
    binaryData: { bin: 'AQI=' },
    immutable: true,
  });
});

test('readProtobuf: lists, inner messages, quantities, and fields that are inline in JSON', () => {
  const limits = join(field(1, 'cpu'), field(2, field(1, '100m')));
  const container = join(field(1, 'main'), field(3, 'echo'), field(3, 'hi'), field(8, field(1, limits)));
  const volume = join(field(1, 'v'), field(2, field(2, field(1, 'disk'))));
  const spec = join(field(2, container), field(1, volume), field(4, -1));
  const pod = readProtobuf(object('v1', 'Pod', field(2, spec)));
  deepEqual(pod?.spec, {
    containers: [{ name: 'main', command: ['echo', 'hi'], resources: { limits: { cpu: '100m' } } }],
    volumes: [{ name: 'v', emptyDir: { medium: 'disk' } }],
    terminationGracePeriodSeconds: -1,
  });
});

test('readProtobuf: times, and numbers or text', () => {
  const port = join(field(3, 80), field(4, join(field(1, 1), field(2, 0), field(3, 'http'))));
  const other = join(field(3, 81), field(4, join(field(1, 0), field(2, 8081))));
  const service = readProtobuf(object('v1', 'Service', field(2, join(field(1, port), field(1, other)))));
  deepEqual(service?.spec, {
    ports: [
      { port: 80, targetPort: 'http' },
      { port: 81, targetPort: 8081 },
    ],
  });
  const time = join(field(1, 1_700_000_000), field(2, 5_000));
  const lease = readProtobuf(object('coordination.k8s.io/v1', 'Lease', field(2, field(4, time))));
  deepEqual(lease?.spec, { renewTime: '2023-11-14T22:13:20.000005Z' });
});

const unread: readonly (readonly [string, Uint8Array])[] = [
  ['no magic number', Buffer.from('{}')],
  ['an unknown kind', object('example.com/v1', 'Widget', new Uint8Array())],
  ['bytes that end early', object('v1', 'ConfigMap', Uint8Array.from([10, 99, 1]))],
];
for (const [name, bytes] of unread)
  test(`readProtobuf: ${name} is not read`, () => equal(readProtobuf(bytes), undefined));

test('readProtobuf: kubectl create namespace', async () => {
  const { cluster } = scene();
  const body = object('v1', 'Namespace', field(1, field(1, 'made')));
  const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  const answer = await cluster.handle(
    { method: 'POST', path: '/api/v1/namespaces', headers, body },
    new AbortController().signal,
  );
  equal(answer.status, 201);
  equal(cluster.read('v1', 'Namespace', '', 'made')?.metadata.name, 'made');
  const widget = object('example.com/v1', 'Widget', new Uint8Array());
  const refused = await cluster.handle(
    { method: 'POST', path: `${core}/configmaps`, headers, body: widget },
    new AbortController().signal,
  );
  equal(refused.status, 415);
});
