/** Paths of the API. */
import { equal, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { collectionPath, objectPath, withQuery } from '../../../src/edge/kube/path.ts';
import { isFault } from '../../builder/fault.ts';
import { configMaps, deployments, namespaces } from '../../builder/kube.ts';

const paths = [
  {
    name: 'core',
    ref: { kind: configMaps, namespace: 'shop', name: 'web' },
    path: '/api/v1/namespaces/shop/configmaps/web',
  },
  {
    name: 'group',
    ref: { kind: deployments, namespace: 'shop', name: 'web' },
    path: '/apis/apps/v1/namespaces/shop/deployments/web',
  },
  {
    name: 'cluster wide',
    ref: { kind: namespaces, namespace: undefined, name: 'shop' },
    path: '/api/v1/namespaces/shop',
  },
  {
    name: 'cluster wide, namespace not used',
    ref: { kind: namespaces, namespace: 'x', name: 'shop' },
    path: '/api/v1/namespaces/shop',
  },
  {
    name: 'escaped',
    ref: { kind: namespaces, namespace: undefined, name: 'My:Team?' },
    path: '/api/v1/namespaces/My%3ATeam%3F',
  },
];
for (const { name, ref, path } of paths) test(`objectPath: ${name}`, () => equal(objectPath(ref), path));

for (const name of ['', '.', '..', 'a/b', 'a%2fb']) {
  test(`objectPath: ${JSON.stringify(name)} is refused, as a name and as a namespace`, () => {
    throws(() => objectPath({ kind: configMaps, namespace: 'shop', name }), isFault('invalid'));
    throws(() => objectPath({ kind: configMaps, namespace: name, name: 'web' }), isFault('invalid'));
    throws(() => collectionPath(configMaps, name), isFault('invalid'));
  });
}

test('objectPath: a namespaced object needs its namespace', () => {
  throws(() => objectPath({ kind: configMaps, namespace: undefined, name: 'web' }), isFault('invalid', /namespace/));
});

test('withQuery: escaped, absent ones left out', () => {
  equal(withQuery('/a', { b: 'x=y&z', c: undefined, d: '' }), '/a?b=x%3Dy%26z&d=');
  equal(withQuery('/a', {}), '/a');
});
