/** Protects: replicas are taken away only once what comes in their place is well, and that survives a restart. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Rendering } from '../../../src/core/model/cell.ts';
import { objectKey } from '../../../src/core/model/id.ts';
import { countsHeld, countsOf, shrinking } from '../../../src/core/plan/make-first.ts';

const key = (name: string) => objectKey('apps', 'Deployment', 'shop', name);
const wants = (counts: Record<string, number | undefined>): Rendering =>
  ({
    objects: Object.entries(counts).map(([name, replicas]) => ({
      key: key(name),
      object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas } },
    })),
  }) as unknown as Rendering;
const counts = (of: Record<string, number>) => new Map(Object.entries(of).map(([name, count]) => [key(name), count]));

test('countsOf: what says no count has none', () => {
  deepEqual(countsOf(wants({ a: 3, b: undefined, c: 0 })), counts({ a: 3, c: 0 }));
});

test('shrinking: those that have more than they are to have', () => {
  const held = counts({ less: 3, same: 2, more: 1, gone: 5 });
  deepEqual(shrinking(held, wants({ less: 1, same: 2, more: 4, added: 1 })), new Set([key('less')]));
  deepEqual(shrinking(held, undefined), new Set());
});

test('countsHeld: what is to shrink has not, until all is applied', () => {
  const held = counts({ less: 3, more: 1 });
  const wanted = wants({ less: 1, more: 4, added: 2 });
  deepEqual(countsHeld(held, wanted, false), counts({ less: 3, more: 4, added: 2 }));
  deepEqual(countsHeld(held, wanted, true), counts({ less: 1, more: 4, added: 2 }));
});
