/** Protects: edits find items by what they hold, and never lose what they do not mean. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, type Change, type Edit, type Step } from '../../../src/core/json/edit.ts';
import type { Json } from '../../../src/core/json/value.ts';

const pod = { containers: [{ name: 'web', image: 'a', env: [{ name: 'A', value: '1' }] }, { name: 'log' }] };

const cases: readonly (readonly [string, readonly Step[], Change, Json])[] = [
  ['makes the fields on the way', ['spec', 'replicas'], { do: 'set', value: 3 }, { ...pod, spec: { replicas: 3 } }],
  [
    'names an item',
    ['containers', { field: 'name', is: 'log' }, 'image'],
    { do: 'set', value: 'b' },
    { containers: [pod.containers[0]!, { name: 'log', image: 'b' }] },
  ],
  [
    'reaches each item',
    ['containers', { which: 'each' }, 'tty'],
    { do: 'set', value: true },
    { containers: pod.containers.map((each) => ({ ...each, tty: true })) },
  ],
  [
    'replaces an item at its place and appends others',
    ['containers', { which: 'first' }, 'env'],
    {
      do: 'upsert',
      keys: ['name'],
      items: [
        { name: 'B', value: '2' },
        { name: 'A', value: '9' },
      ],
      meeting: 'replace',
    },
    {
      containers: [
        {
          name: 'web',
          image: 'a',
          env: [
            { name: 'A', value: '9' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'log' },
      ],
    },
  ],
  [
    'drops items',
    ['containers'],
    { do: 'drop', field: 'name', values: ['web', 'other'] },
    { containers: [{ name: 'log' }] },
  ],
  ['adds nothing twice', ['list'], { do: 'relist', without: ['a'], plus: ['b', 'b'] }, { ...pod, list: ['b', 'b'] }],
  ['null takes a field away', [], { do: 'merge', value: { containers: null, a: 1 } }, { a: 1 }],
  ['what both say is no conflict', [], { do: 'unify', value: { containers: [{ name: 'web' }] } }, pod],
];

for (const [name, at, change, wanted] of cases) {
  test(`applyEdits: ${name}`, () => {
    const result = applyEdits(pod, [{ kind: 'change', at, change }]);
    deepEqual(result, { kind: 'edited', value: wanted });
  });
}

const refusals: readonly (readonly [string, Edit, string])[] = [
  [
    'an item that is not there',
    { kind: 'change', at: ['containers', { field: 'name', is: 'x' }, 'image'], change: { do: 'set', value: 1 } },
    'container x not found',
  ],
  [
    'a value that is another',
    { kind: 'change', at: [], change: { do: 'unify', value: { containers: [{ image: 'b' }] } } },
    '/containers/0/image has another value already',
  ],
  [
    'a way through a text',
    { kind: 'change', at: ['containers', { which: 'first' }, 'name', 'x'], change: { do: 'set', value: 1 } },
    '/containers/0/name is no object',
  ],
];

for (const [name, edit, message] of refusals) {
  test(`applyEdits: refuses ${name}`, () => {
    const result = applyEdits(pod, [edit]);
    equal(result.kind === 'refused' ? result.message : result.kind, message);
  });
}

test('applyEdits: an edit for what is not there is left out', () => {
  const edit: Edit = { kind: 'change', at: ['spec', 'a'], where: ['spec'], change: { do: 'set', value: 1 } };
  deepEqual(applyEdits(pod, [edit]), { kind: 'edited', value: pod });
});
