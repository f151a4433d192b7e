/** Reading manifests in processes: what is in a file never hurts another, nor us. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { defaultParserSettings, openParser, type ParserSettings } from '../../../src/edge/parse/parser.ts';
import { silentLog } from '../../../src/seam/log.ts';
import type { FileBytes, Parser } from '../../../src/seam/parse.ts';

const never = new AbortController().signal;
const file = (path: string, text: string): FileBytes => ({ path, bytes: Buffer.from(text) });
const config = (index: number): FileBytes =>
  file(
    `apps/${index}.yaml`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\ndata: {n: "${index}", big: 9007199254740993}\n`,
  );
/** Takes a while to read, and grows far beyond its size in memory. */
const heavy = (path: string, values: number): FileBytes => file(path, `a: [${'{b: [1, 2, 3]}, '.repeat(values)}0]\n`);
const open = (settings: Partial<ParserSettings> = {}): Parser =>
  openParser({ ...defaultParserSettings, ...settings }, { clock: systemClock, log: silentLog });
const limits = { ...defaultParserSettings.limits, sizeBytesMax: 64 * 1024 * 1024, valuesMax: 100_000_000 };

suite('parser', () => {
  let parser: Parser;
  before(() => {
    parser = open();
  });
  after(() => parser.close());

  test('parse: the same as in this process, in the order given', async () => {
    const files = [
      ...Array.from({ length: 300 }, (_, index) => config(index)),
      file('broken.yaml', 'a: [1\n'),
      file('empty.yaml', ''),
      { path: 'bytes', bytes: new Uint8Array([0xff, 0xfe, 0]) },
      file('proto.yaml', '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n'),
    ];
    const read = await parser.parse(files, never);
    deepEqual(
      read,
      files.map(({ path, bytes }) => readManifests(path, bytes)),
    );
    equal(read[7]?.documents[0]?.value.kind, 'ConfigMap');
    ok(Object.hasOwn(read.at(-1)?.documents[0]?.value ?? {}, '__proto__'));
    equal(Reflect.get({}, 'polluted'), undefined);
    deepEqual(await parser.parse([], never), []);
  });

  test('parse: many callers at once share the processes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, caller) =>
        parser.parse(
          Array.from({ length: 20 }, (_, index) => config(caller * 100 + index)),
          never,
        ),
      ),
    );
    for (const [caller, read] of answers.entries()) {
      deepEqual(
        read.map(({ path }) => path),
        Array.from({ length: 20 }, (_, index) => `apps/${caller * 100 + index}.yaml`),
      );
    }
  });

  test('parse: a file that takes too long has a problem; those around it are read', async () => {
    const hasty = open({ processesMax: 1, fileTimeoutMs: 600, memoryBytesMax: 1024 * 1024 * 1024, limits });
    try {
      await hasty.parse([config(0)], never);
      const slow = heavy('slow.yaml', 1_000_000);
      const read = await hasty.parse([config(1), config(2), slow, config(3), config(4)], never);
      deepEqual(
        read.map(({ path, problems }) => [path, problems.map(({ code }) => code)]),
        [
          ['apps/1.yaml', []],
          ['apps/2.yaml', []],
          ['slow.yaml', ['A1092']],
          ['apps/3.yaml', []],
          ['apps/4.yaml', []],
        ],
      );
      deepEqual(read[2]?.documents, []);
    } finally {
      await hasty.close();
    }
  });

  test('parse: so has one that takes too much memory', async () => {
    const small = open({ processesMax: 1, memoryBytesMax: 96 * 1024 * 1024, fileTimeoutMs: 60_000, limits });
    try {
      const read = await small.parse([config(1), heavy('huge.yaml', 1_500_000), config(2)], never);
      deepEqual(
        read.map(({ problems }) => problems.map(({ code }) => code)),
        [[], ['A1093'], []],
      );
      const other = await small.parse([heavy('huge.yaml', 1_500_001)], never);
      ok(other[0]?.digest !== read[1]?.digest, 'what could not be read is still told apart');
    } finally {
      await small.close();
    }
  });

  test('parse: an abort is its own reason, and the next caller is served', async () => {
    const one = open({ processesMax: 1, limits });
    try {
      await one.parse([config(0)], never);
      const controller = new AbortController();
      const reason = new Error('enough');
      const busy = one.parse([heavy('slow.yaml', 200_000)], controller.signal);
      const waiting = one.parse([config(1)], controller.signal);
      const patient = one.parse([config(2)], never);
      controller.abort(reason);
      await rejects(busy, (error) => error === reason);
      await rejects(waiting, (error) => error === reason);
      equal((await patient)[0]?.path, 'apps/2.yaml');
      await rejects(one.parse([config(3)], AbortSignal.abort(reason)), (error) => error === reason);
    } finally {
      await one.close();
    }
  });
});
