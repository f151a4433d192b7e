/** Lines out of chunks. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { LineSplitter } from '../../../src/edge/kube/lines.ts';
import { growth } from '../../builder/effort.ts';

const split = (text: string, chunkBytes: number): readonly string[] => {
  const lines = new LineSplitter(1_000_000);
  const bytes = Buffer.from(text);
  const found: string[] = [];
  for (let from = 0; from < bytes.length; from += chunkBytes)
    found.push(...lines.take(bytes.subarray(from, from + chunkBytes)));
  return found;
};

test('LineSplitter: the same lines whatever the chunks, letters of many bytes whole, the rest dropped', () => {
  const text = `{"a":1}\n\n{"ü":"€𝄞"}\n${'x'.repeat(50)}\nhalf a li`;
  for (let size = 1; size < 40; size += 1)
    deepEqual(split(text, size), ['{"a":1}', '{"ü":"€𝄞"}', 'x'.repeat(50)], `chunks of ${size}`);
});

test('LineSplitter: a line without an end is noticed', () => {
  const lines = new LineSplitter(10);
  deepEqual([...lines.take(Buffer.from('0123456789'))], []);
  equal(lines.isTooLong, false);
  deepEqual([...lines.take(Buffer.from('0'))], []);
  equal(lines.isTooLong, true);
});

test('LineSplitter: a long line in many chunks costs its length, not its square', () => {
  const chunk = Buffer.alloc(1_000, 0x61);
  const split = (chunks: number): void => {
    const lines = new LineSplitter(100_000_000);
    for (let count = 0; count < chunks; count += 1) equal([...lines.take(chunk)].length, 0);
    equal([...lines.take(Buffer.from('\n'))][0]?.length, chunks * chunk.length);
  };
  const times = growth(split, 5_000, 20_000);
  ok(times < 10, `four times the chunks: ${times} times the effort`);
});
