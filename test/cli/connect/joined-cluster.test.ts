/** Protects: what `vela cluster join` left on the hub is enough to reach a cluster, and reaches nothing else. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { joinedCluster } from '../../../src/cli/connect/joined-cluster.ts';
import { readKubeconfig } from '../../../src/edge/kube/kubeconfig.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

const secret = (data: Record<string, string>, type = 'X509Certificate') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'eu-1', labels: { 'cluster.core.oam.dev/cluster-credential-type': type } },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encode(value)])),
});

const endpoint = 'https://10.0.0.1:6443';

async function read(data: Record<string, string>) {
  const joined = joinedCluster(secret(data));
  equal(joined.kind, 'kubeconfig');
  const text = joined.kind === 'kubeconfig' ? joined.text : '';
  return readKubeconfig({ text, name: 'Secret vela-system/eu-1', trust: 'data' });
}

test('joinedCluster: a token', async () => {
  const { cluster, user } = await read({ endpoint, 'ca.crt': 'CA', token: 'secret' });
  deepEqual([cluster.server, cluster.caData, user.token], [endpoint, encode('CA'), 'secret']);
});

test('joinedCluster: a certificate', async () => {
  const { user } = await read({ endpoint, 'ca.crt': 'CA', 'tls.crt': 'CERT', 'tls.key': 'KEY' });
  deepEqual([user.certData, user.keyData, user.token], [encode('CERT'), encode('KEY'), undefined]);
});

const refused: readonly (readonly [string, Record<string, string>, string, RegExp])[] = [
  ['without a CA', { endpoint, token: 't' }, 'ServiceAccountToken', /ca\.crt/],
  ['with a proxy', { endpoint, 'ca.crt': 'CA', token: 't', 'proxy-url': 'http://p' }, 'X509Certificate', /proxyURL/],
  ['with a program', { endpoint, 'ca.crt': 'CA', exec: '{}' }, 'Dynamic', /execProviders/],
  ['with nothing to be known by', { endpoint, 'ca.crt': 'CA' }, 'X509Certificate', /neither a `token`/],
];

for (const [name, data, type, reason] of refused) {
  test(`joinedCluster: refused ${name}`, () => {
    const joined = joinedCluster(secret(data, type));
    match(joined.kind === 'refused' ? joined.reason : joined.kind, reason);
  });
}

test('joinedCluster: another Secret is none', () => {
  equal(joinedCluster(secret({ kubeconfig: 'x' })).kind, 'none');
});
