import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { fieldPath, type PathElement, printPath, readElement, writeElement } from '../../../src/core/diff/path.ts';

const cases: readonly {
  name: string;
  text: string;
  element: PathElement | undefined;
  printed?: string;
  written?: string;
}[] = [
  { name: 'field', text: 'f:spec', element: { kind: 'field', name: 'spec' }, printed: '.spec' },
  { name: 'field with a colon', text: 'f:a:b/c', element: { kind: 'field', name: 'a:b/c' }, printed: '.a:b/c' },
  { name: 'field of no name', text: 'f:', element: { kind: 'field', name: '' }, printed: '.' },
  {
    name: 'key',
    text: 'k:{"name":"web"}',
    element: { kind: 'key', fields: [{ name: 'name', value: 'web' }] },
    printed: '[name="web"]',
  },
  {
    name: 'key of two fields, in another order',
    text: 'k:{"protocol":"TCP","containerPort":80}',
    element: {
      kind: 'key',
      fields: [
        { name: 'containerPort', value: 80 },
        { name: 'protocol', value: 'TCP' },
      ],
    },
    printed: '[containerPort=80,protocol="TCP"]',
    written: 'k:{"containerPort":80,"protocol":"TCP"}',
  },
  {
    name: 'key with an escape',
    text: 'k:{"name":"a\\u003cb"}',
    element: { kind: 'key', fields: [{ name: 'name', value: 'a<b' }] },
    printed: '[name="a<b"]',
    written: 'k:{"name":"a<b"}',
  },
  {
    name: 'key named __proto__',
    text: 'k:{"__proto__":"x"}',
    element: { kind: 'key', fields: [{ name: '__proto__', value: 'x' }] },
    printed: '[__proto__="x"]',
  },
  { name: 'value', text: 'v:"a"', element: { kind: 'value', value: 'a' }, printed: '[="a"]' },
  {
    name: 'large value',
    text: 'v:9007199254740993',
    element: { kind: 'value', value: 9007199254740993n },
    printed: '[=9007199254740993]',
  },
  { name: 'index', text: 'i:3', element: { kind: 'index', index: 3 }, printed: '[3]' },
  { name: 'index that is none', text: 'i:-1', element: undefined },
  { name: 'broken key', text: 'k:{', element: undefined },
  { name: 'key that is a list', text: 'k:[1]', element: undefined },
  { name: 'broken value', text: 'v:', element: undefined },
  { name: 'kind of a later version', text: 'x:1', element: undefined },
  { name: 'too short', text: 'f', element: undefined },
];

for (const { name, text, element, printed, written } of cases) {
  test(`readElement: ${name}`, () => {
    const read = readElement(text);
    deepEqual(read, element);
    if (read === undefined) return;
    equal(writeElement(read), written ?? text);
    equal(printPath([read]), printed);
  });
}

test('printPath: as the API server prints it', () => {
  const container = readElement('k:{"name":"web"}')!;
  const path = [...fieldPath('spec', 'template', 'spec', 'containers'), container, ...fieldPath('image')];
  equal(printPath(path), '.spec.template.spec.containers[name="web"].image');
});
