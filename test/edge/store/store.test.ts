/** Stores: one behaviour, and what a folder adds to it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { folderStore } from '../../../src/edge/store/folder-store.ts';
import { memoryStore } from '../../../src/edge/store/memory-store.ts';
import { type Log, silentLog } from '../../../src/seam/log.ts';
import { type Scratch, scratch } from '../../builder/git-work.ts';

suite('stores', () => {
  let place: Scratch;
  let made = 0;
  before(() => {
    place = scratch();
  });
  after(() => place.close());

  const heard = (): { readonly log: Log; readonly said: string[] } => {
    const said: string[] = [];
    const hear = (message: string): void => void said.push(message);
    return { log: { ...silentLog, warn: hear, info: hear }, said };
  };

  for (const [kind, open] of [
    ['memory', () => memoryStore()],
    ['folder', () => folderStore(place.path(`store-${++made}`), silentLog)],
  ] as const) {
    test(`${kind}: what was written last is read; other names are not touched`, async () => {
      const store = open();
      equal(await store.read('a'), undefined);
      await store.write('a', 'one');
      await store.write('a', 'two ß\n');
      await store.write('b', '');
      equal(await store.read('a'), 'two ß\n');
      equal(await store.read('b'), '');
      const names = ['A', 'a/b', '../a', '', '.', '__proto__', 'ß', 'x'.repeat(5000), 'a\u0000b', 'a b', 'a_b'];
      await Promise.all(names.map((name) => store.write(name, `text of ${name}`)));
      for (const name of names) equal(await store.read(name), `text of ${name}`, name.slice(0, 20));
      equal(await store.read('a'), 'two ß\n');
    });
  }

  test('folder: outlives the process, for nobody else to read', async () => {
    const folder = place.path('kept');
    await folderStore(folder, silentLog).write('ledger', 'text');
    equal(await folderStore(folder, silentLog).read('ledger'), 'text');
    const [file = ''] = readdirSync(folder);
    equal(statSync(`${folder}/${file}`).mode & 0o777, 0o600);
  });

  test('folder: a value that is cut, changed or empty counts as none', async () => {
    const folder = place.path('damaged');
    const store = folderStore(folder, silentLog);
    await store.write('x', 'a text of some length');
    const file = `${folder}/${readdirSync(folder)[0]}`;
    const good = readFileSync(file, 'utf8');
    for (const text of [good.slice(0, -1), `${good}x`, good.replace('some', 'same'), '', '\n', good.slice(10)]) {
      writeFileSync(file, text);
      equal(await store.read('x'), undefined, text);
    }
    writeFileSync(file, good);
    equal(await store.read('x'), 'a text of some length');
  });

  test('folder: drafts of a process that was killed are swept; the values stay', async () => {
    const folder = place.path('swept');
    await folderStore(folder, silentLog).write('x', '1');
    writeFileSync(`${folder}/.123.draft`, 'half');
    const store = folderStore(folder, silentLog);
    await Promise.all(Array.from({ length: 10 }, (_, index) => store.write(`y${index}`, `${index}`)));
    equal(
      readdirSync(folder).some((name) => name.endsWith('.draft')),
      false,
    );
    equal(await store.read('x'), '1');
    equal(await store.read('y9'), '9');
  });

  test('folder: one that cannot be written is said once, and once more when it can', async () => {
    const folder = place.path('blocked');
    writeFileSync(folder, 'a file in its place');
    const { log, said } = heard();
    const store = folderStore(folder, log);
    await store.write('x', '1');
    await store.write('x', '2');
    equal(await store.read('x'), undefined);
    equal(said.length, 1);
    rmSync(folder);
    await store.write('x', '3');
    equal(await store.read('x'), '3');
    deepEqual(said, ['cannot use the store; work goes on without it', 'the store works again']);
  });

  test('folder: permissions', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, async () => {
    const folder = place.path('closed');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const { log, said } = heard();
    await folderStore(folder, log).write('x', '1');
    ok(said.length === 1);
  });
});
