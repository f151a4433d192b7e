import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { finderIn, pointerTo, valueAtPath } from '../../../src/core/diff/lookup.ts';
import { type FieldPath, fieldPath, readElement } from '../../../src/core/diff/path.ts';
import type { Json } from '../../../src/core/json/value.ts';

const ports: Json = [
  { containerPort: 53, protocol: 'UDP', name: 'udp' },
  { containerPort: 53, name: 'tcp' },
  { containerPort: 80, name: 'http' },
];
const object: Json = {
  metadata: { annotations: { 'a.b/c~d': 'x' }, finalizers: ['b', 'a', '9'] },
  spec: { containers: [{ name: 'proxy' }, { name: 'web', ports }], hosts: ['x', 'y'] },
};
const pathOf = (...steps: readonly string[]): FieldPath => steps.map((step) => readElement(step)!);
const web = ['f:spec', 'f:containers', 'k:{"name":"web"}'];

const cases = [
  {
    name: 'a field',
    path: fieldPath('metadata', 'annotations', 'a.b/c~d'),
    value: 'x',
    pointer: '/metadata/annotations/a.b~1c~0d',
  },
  { name: 'an element by key', path: pathOf(...web, 'f:name'), value: 'web', pointer: '/spec/containers/1/name' },
  {
    name: 'an element by value',
    path: pathOf('f:metadata', 'f:finalizers', 'v:"a"'),
    value: 'a',
    pointer: '/metadata/finalizers/1',
  },
  {
    name: 'a value of another type',
    path: pathOf('f:metadata', 'f:finalizers', 'v:9'),
    value: undefined,
    pointer: undefined,
  },
  { name: 'an element by index', path: pathOf('f:spec', 'f:hosts', 'i:1'), value: 'y', pointer: '/spec/hosts/1' },
  { name: 'an index too far', path: pathOf('f:spec', 'f:hosts', 'i:2'), value: undefined, pointer: undefined },
  {
    name: 'a key with a default left out',
    path: pathOf(...web, 'f:ports', 'k:{"containerPort":80,"protocol":"TCP"}', 'f:name'),
    value: 'http',
    pointer: '/spec/containers/1/ports/2/name',
  },
  {
    name: 'a whole key before one with a gap',
    path: pathOf(...web, 'f:ports', 'k:{"containerPort":53,"protocol":"UDP"}', 'f:name'),
    value: 'udp',
    pointer: '/spec/containers/1/ports/0/name',
  },
  {
    name: 'the other of the two',
    path: pathOf(...web, 'f:ports', 'k:{"containerPort":53,"protocol":"TCP"}', 'f:name'),
    value: 'tcp',
    pointer: '/spec/containers/1/ports/1/name',
  },
  {
    name: 'a key that none has',
    path: pathOf(...web, 'f:ports', 'k:{"containerPort":81,"protocol":"TCP"}'),
    value: undefined,
    pointer: undefined,
  },
  { name: 'a missing last field', path: fieldPath('spec', 'replicas'), value: undefined, pointer: '/spec/replicas' },
  {
    name: 'a key in what is no list',
    path: pathOf('f:spec', 'k:{"name":"web"}'),
    value: undefined,
    pointer: undefined,
  },
  {
    name: 'a field in a list',
    path: pathOf('f:spec', 'f:hosts', 'f:length'),
    value: undefined,
    pointer: '/spec/hosts/length',
  },
  { name: 'a field of the prototype', path: fieldPath('constructor'), value: undefined, pointer: '/constructor' },
];
for (const { name, path, value, pointer } of cases) {
  test(`valueAtPath: ${name}`, () => equal(valueAtPath(object, path), value));
  test(`pointerTo: ${name}`, () => equal(pointerTo(object, path), pointer));
}

test('finderIn: the first of two equal keys', () => {
  const find = finderIn([{ name: 'A', value: 1 }, { name: 'A', value: 2 }, 'A', null]);
  equal((find(readElement('k:{"name":"A"}')!) as { value: number }).value, 1);
});

test("finderIn: an element that lacks the whole key is nobody's", () => {
  equal(finderIn([{ value: 1 }])(readElement('k:{"name":"x"}')!), undefined);
  equal(finderIn([{ value: 1 }])(readElement('k:{"port":80,"protocol":"TCP"}')!), undefined);
});

test('finderIn: keys of a long list in linear time', () => {
  const list = Array.from({ length: 20_000 }, (_, port) => ({ port, name: `p${port}` }));
  const find = finderIn(list);
  for (let port = 0; port < list.length; port++) {
    equal(find(readElement(`k:{"port":${port},"protocol":"TCP"}`)!), list[port]);
  }
});

test('finderIn: elements that nest beyond all kinds are no crash', () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 20_000; depth++) deep = [deep];
  const find = finderIn([deep, { name: deep }, 'a']);
  equal(find(readElement('v:"a"')!), 'a');
  equal(find(readElement('k:{"name":"x"}')!), undefined);
  equal(readElement(`v:[1,${'['.repeat(20)}${']'.repeat(20)}]`), undefined);
  equal(readElement(`k:{"a":1,"b":${'['.repeat(20)}${']'.repeat(20)}}`), undefined);
  equal(readElement(`v:${'['.repeat(20_000)}${']'.repeat(20_000)}`), undefined);
});
