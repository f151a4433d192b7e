/** Protects: cells that need the same namespace at the same time ask for it once, and none is lost by another's failure. */
import { deepEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { KnownNamespaces } from '../../../src/engine/member/known-namespaces.ts';

test('KnownNamespaces: made once for all who ask meanwhile, and not again', async () => {
  const known = new KnownNamespaces();
  const made: string[] = [];
  const make = (who: string) => async () => void made.push(who);
  await Promise.all([known.ensure('a', make('first')), known.ensure('a', make('second'))]);
  await known.ensure('a', make('third'));
  deepEqual(made, ['first']);
  known.clear();
  await known.ensure('a', make('fourth'));
  deepEqual(made, ['first', 'fourth']);
});

test('KnownNamespaces: who waited for a failure tries as itself', async () => {
  const known = new KnownNamespaces();
  const made: string[] = [];
  const refused = known.ensure('a', () => Promise.reject(new Error('forbidden')));
  const waiting = known.ensure('a', async () => void made.push('second'));
  await rejects(refused, /forbidden/);
  await waiting;
  deepEqual(made, ['second']);
});
