/** Protects: what is gone is waited for by nobody, whichever word of it comes first. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { installationId } from '../../../src/core/model/id.ts';
import { type HeldRecord, RecordCache } from '../../../src/engine/member/record-cache.ts';
import { TextPool } from '../../../src/engine/member/text-pool.ts';

const held: HeldRecord = { name: 'test.shop.web', uid: 'u', resourceVersion: '7', record: undefined };
type Client = Parameters<RecordCache['remove']>[1];

for (const first of ['answer', 'event'] as const) {
  test(`remove: heard of once when the ${first} comes first`, async () => {
    const heard: string[] = [];
    const cache = new RecordCache(
      { installation: installationId('test'), manager: 'landfall-test', texts: new TextPool() },
      ({ name }) => heard.push(name),
    );
    cache.take({ kind: 'listed', items: [held], resourceVersion: '7' });
    heard.length = 0;
    const event = (): void => cache.take({ kind: 'gone', item: held, resourceVersion: '8' });
    const remove: Client['remove'] = async () => {
      if (first === 'event') event();
      return 'gone';
    };
    await cache.remove(held, { remove } as unknown as Client, new AbortController().signal);
    if (first === 'answer') event();
    deepEqual(heard, ['test.shop.web']);
    equal([...cache.all].length, 0);
  });
}
