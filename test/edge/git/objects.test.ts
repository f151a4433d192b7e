/** The reader of objects, against Git's own and against damage. */
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { appendFileSync, chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { parseCommit } from '../../../src/edge/git/objects/commit.ts';
import { applyDelta } from '../../../src/edge/git/objects/delta.ts';
import { DamageError, oidOf } from '../../../src/edge/git/objects/object.ts';
import { openObjects } from '../../../src/edge/git/objects/store.ts';
import { parseTree } from '../../../src/edge/git/objects/tree.ts';
import { viewOf } from '../../../src/edge/git/objects/view.ts';
import { filesOf } from '../../../src/edge/git/objects/walk.ts';
import { isFault } from '../../builder/fault.ts';
import { type BuiltRepository, buildRepository } from '../../builder/git-repository.ts';
import { type Scratch, scratch } from '../../builder/git-work.ts';

const never = new AbortController().signal;
const limits = { filesMax: 1000, blobBytesMax: 1 << 20 };
const sizeMax = 1 << 24;

/** Every object of a repository, by git. */
function objectsOf(built: BuiltRepository): readonly (readonly [string, string, number])[] {
  const lines = built.git('cat-file', '--batch-all-objects', '--batch-check').split('\n');
  return lines.map((line) => {
    const [oid = '', type = '', size = ''] = line.split(' ');
    return [oid, type, Number(size)];
  });
}

suite('objects', () => {
  let place: Scratch;
  let made = 0;
  before(() => {
    place = scratch();
  });
  after(() => place.close());

  const create = (): BuiltRepository => buildRepository(place.path(`repository-${++made}`));
  const filled = (): BuiltRepository => {
    const built = create();
    const lines = Array.from({ length: 300 }, (_, index) => `a line that is much like others ${index}`);
    for (let index = 0; index < 20; index += 1) {
      lines[index * 3] = `changed ${index}`;
      built.commit({ big: lines.join('\n'), [`dir/${index % 3}/f${index}`]: `${index}`.repeat(index), empty: '' });
    }
    built.git('tag', '-a', '-m', 'a tag', 'v1');
    return built;
  };

  for (const [how, arrange] of [
    ['loose', () => {}],
    ['one pack', (built: BuiltRepository) => built.git('repack', '-a', '-d', '-f', '--depth=50')],
    [
      'packs and loose',
      (built: BuiltRepository) => {
        built.git('repack', '-a', '-d');
        built.commit({ more: 'loose' });
      },
    ],
    [
      'deltas by name',
      (built: BuiltRepository) => built.git('-c', 'repack.useDeltaBaseOffset=false', 'repack', '-a', '-d', '-f'),
    ],
    [
      'a multi-pack index',
      (built: BuiltRepository) => {
        built.git('repack', '-d');
        built.commit({ more: 'again' });
        built.git('repack', '-d');
        built.git('multi-pack-index', 'write');
      },
    ],
  ] as const) {
    test(`read: every object as git has it, ${how}`, () => {
      const built = filled();
      arrange(built);
      const objects = openObjects([join(built.folder, 'objects')]);
      const all = objectsOf(built);
      ok(all.length > 60, `${all.length}`);
      for (const [oid, type, size] of all) {
        const reading = objects.read(oid, sizeMax);
        ok(reading.kind === 'held');
        equal(`${reading.type} ${reading.bytes.length}`, `${type} ${size}`);
        equal(oidOf(reading), oid);
      }
      deepEqual(objects.read('1'.repeat(40), sizeMax), { kind: 'absent' });
      objects.close();
    });
  }

  test('read: above the limit only a size, loose or packed, whole or delta', () => {
    const built = create();
    const base = Array.from({ length: 2000 }, (_, index) => `line ${index}`).join('\n');
    built.commit({ a: base });
    built.commit({ a: `${base}\nand one more` });
    const oid = built.git('rev-parse', 'main:a');
    const objects = openObjects([join(built.folder, 'objects')]);
    equal(objects.read(oid, 100).kind, 'tooLarge');
    built.git('repack', '-a', '-d', '-f');
    objects.refresh();
    for (const revision of ['main:a', 'main^:a'])
      equal(objects.read(built.git('rev-parse', revision), 100).kind, 'tooLarge');
    const size = Buffer.byteLength(base) + 13;
    equal(objects.read(oid, size).kind, 'held');
    equal(objects.read(oid, size - 1).kind, 'tooLarge');
    objects.close();
  });

  test('read: a repack, a new pack and a lost one while it is open', () => {
    const built = filled();
    const objects = openObjects([join(built.folder, 'objects')]);
    const first = built.git('rev-parse', 'main');
    equal(objects.read(first, sizeMax).kind, 'held');
    built.git('repack', '-a', '-d');
    equal(objects.read(first, sizeMax).kind, 'held');
    const second = built.commit({ new: 'one' });
    built.git('repack', '-a', '-d');
    built.git('prune-packed');
    equal(objects.read(second, sizeMax).kind, 'held');
    objects.close();
  });

  test('read: any bit that flips on disk is found, and a good copy elsewhere is taken', () => {
    const built = filled();
    built.git('repack', '-a', '-d', '-f');
    const folder = join(built.folder, 'objects', 'pack');
    const oids = objectsOf(built).map(([oid]) => oid);
    const pack = join(folder, readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '');
    const good = readFileSync(pack);
    chmodSync(pack, 0o600);
    let found = 0;
    for (let point = 0; point < 150; point += 1) {
      const bad = Buffer.from(good);
      const at = 12 + Math.floor(((good.length - 32) * point) / 150);
      bad[at] = (bad[at] ?? 0) ^ (1 << (point % 8));
      writeFileSync(pack, bad);
      const objects = openObjects([join(built.folder, 'objects')]);
      for (const oid of oids) {
        try {
          const reading = objects.read(oid, sizeMax);
          if (reading.kind === 'held') equal(oidOf(reading), oid);
          else found += 1;
        } catch (error) {
          ok(error instanceof DamageError, `${error}`);
          found += 1;
        }
      }
      objects.close();
    }
    ok(found > 150, `${found}`);
    const spare = place.path('spare');
    cpSync(join(built.folder, 'objects'), spare, { recursive: true });
    writeFileSync(join(spare, 'pack', basename(pack)), good, { mode: 0o600 });
    const both = openObjects([join(built.folder, 'objects'), spare]);
    for (const oid of oids) equal(both.read(oid, sizeMax).kind, 'held');
    both.close();
  });

  test('read: an index or pack that is cut, swapped or foreign counts as absent', () => {
    const built = filled();
    built.git('repack', '-a', '-d');
    const folder = join(built.folder, 'objects', 'pack');
    const names = readdirSync(folder);
    const index = join(folder, names.find((name) => name.endsWith('.idx')) ?? '');
    const pack = join(folder, names.find((name) => name.endsWith('.pack')) ?? '');
    const head = built.git('rev-parse', 'main');
    const goodIndex = readFileSync(index);
    const goodPack = readFileSync(pack);
    for (const file of [index, pack]) chmodSync(file, 0o600);
    const isRead = (): boolean => {
      const objects = openObjects([join(built.folder, 'objects')]);
      const { kind } = objects.read(head, sizeMax);
      objects.close();
      return kind === 'held';
    };
    ok(isRead());
    for (const bytes of [
      Buffer.alloc(0),
      goodIndex.subarray(0, 500),
      goodIndex.subarray(0, -1),
      Buffer.alloc(2000, 1),
    ]) {
      writeFileSync(index, bytes);
      ok(!isRead());
    }
    writeFileSync(index, goodIndex);
    for (const bytes of [Buffer.alloc(0), goodPack.subarray(0, -1), goodPack.subarray(0, 100)]) {
      writeFileSync(pack, bytes);
      ok(!isRead());
    }
    writeFileSync(pack, goodPack);
    ok(isRead());
    rmSync(pack);
    ok(!isRead());
  });

  test('read: loose objects that lie about themselves', () => {
    const built = create();
    const oid = built.object('blob', Buffer.from('honest'));
    const file = join(built.folder, 'objects', oid.slice(0, 2), oid.slice(2));
    const read = (): string => {
      const objects = openObjects([join(built.folder, 'objects')]);
      try {
        return objects.read(oid, sizeMax).kind;
      } finally {
        objects.close();
      }
    };
    equal(read(), 'held');
    const lies: readonly Buffer[] = [
      deflateSync(Buffer.from('blob 6\0forged')),
      deflateSync(Buffer.from('blob 7\0honest')),
      deflateSync(Buffer.from('blob 5\0honest')),
      deflateSync(Buffer.from('tree 6\0honest')),
      deflateSync(Buffer.from('thing 6\0honest')),
      deflateSync(Buffer.from('no header')),
      deflateSync(Buffer.concat([Buffer.from('blob 6\0'), Buffer.alloc(1 << 22)])),
      Buffer.from('not packed at all'),
      Buffer.alloc(0),
    ];
    for (const [row, lie] of lies.entries()) {
      writeFileSync(file, lie);
      throws(read, DamageError, `lie ${row}`);
    }
    writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`blob ${1 << 30}\0`), Buffer.alloc(10)])));
    equal(read(), 'tooLarge');
  });

  test('alternates: followed, relative and absolute, in circles too', () => {
    const built = filled();
    const borrower = buildRepository(place.path('borrower'));
    const head = built.git('rev-parse', 'main');
    const alternates = join(borrower.folder, 'objects', 'info', 'alternates');
    for (const line of [join(built.folder, 'objects'), `../../${built.folder.split('/').at(-1)}/objects`]) {
      writeFileSync(alternates, `# a comment\n${line}\n`);
      const objects = openObjects([join(borrower.folder, 'objects')]);
      equal(objects.read(head, sizeMax).kind, 'held');
      objects.close();
    }
    appendFileSync(join(built.folder, 'objects', 'info', 'alternates'), `${join(borrower.folder, 'objects')}\n`);
    const objects = openObjects([join(borrower.folder, 'objects')]);
    equal(objects.read(head, sizeMax).kind, 'held');
    equal(objects.read('1'.repeat(40), sizeMax).kind, 'absent');
    objects.close();
  });

  test('applyDelta: whatever does not fit is damage', () => {
    const base = Buffer.from('0123456789');
    const delta = (...bytes: number[]): Buffer => Buffer.from(bytes);
    equal(applyDelta(base, delta(10, 4, 0x91, 2, 3, 1, 0x21)).toString(), '234!');
    equal(applyDelta(base, delta(10, 10, 0x90, 10)).toString(), '0123456789');
    const bad = [
      delta(),
      delta(10),
      delta(9, 4, 0x90, 4),
      delta(10, 4),
      delta(10, 4, 0x90, 3),
      delta(10, 4, 0x90, 5),
      delta(10, 4, 0x91, 8, 4),
      delta(10, 4, 0x91),
      delta(10, 4, 0),
      delta(10, 4, 5, 1, 2),
      delta(10, 2, 3, 1, 2, 3),
      delta(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
      delta(10, 4, 0x80),
    ];
    for (const bytes of bad) throws(() => applyDelta(base, bytes), DamageError, bytes.toString('hex'));
  });

  test('walk: a tree of trees of trees without end is refused in time, and one that holds itself twice is read', async () => {
    const built = create();
    const blob = built.object('blob', Buffer.from('x'));
    let tree = built.tree([['100644', 'f', blob]]);
    const twice = built.tree([
      ['40000', 'a', tree],
      ['40000', 'b', tree],
    ]);
    const view = viewOf([join(built.folder, 'objects')], limits);
    deepEqual(
      filesOf(view.walker, twice, limits).map(({ path }) => path),
      ['a/f', 'b/f'],
    );
    tree = built.object('tree', Buffer.alloc(0));
    const names = Array.from({ length: 10 }, (_, index) => `d${index}`);
    for (let level = 0; level < 12; level += 1) tree = built.tree(names.map((name) => ['40000', name, tree] as const));
    await view.walker.check(tree, never);
    throws(() => filesOf(view.walker, tree, limits), isFault('misconfigured', /too large/));
    let deep = twice;
    for (let level = 0; level < 200; level += 1) deep = built.tree([['40000', 'd', deep]]);
    throws(() => filesOf(view.walker, deep, limits), isFault('misconfigured', /nest deeper/));
    view.close();
  });

  test('walk: what a tree names must be there, and of its kind', async () => {
    const built = create();
    const blob = built.object('blob', Buffer.from('x'));
    const inner = built.tree([['100644', 'f', blob]]);
    const view = viewOf([join(built.folder, 'objects')], limits);
    const cases: readonly (readonly [string, string, string])[] = [
      ['a blob as folder', built.tree([['40000', 'd', blob]]), 'invalid'],
      ['a tree as file', built.tree([['100644', 'd', inner]]), 'invalid'],
      ['a blob that is not there', built.tree([['100644', 'd', '1'.repeat(40)]]), 'missing'],
      ['a tree that is not there', built.tree([['40000', 'd', '1'.repeat(40)]]), 'missing'],
    ];
    for (const [name, tree, kind] of cases) {
      const commit = built.commitTree(tree, { parents: [] });
      if (kind === 'missing') equal(await view.isWhole(commit, never), false, name);
      else await rejectsWith(view.isWhole(commit, never), name);
    }
    const good = built.commitTree(built.tree([['160000', 'module', '1'.repeat(40)]]), { parents: [] });
    equal(await view.isWhole(good, never), true, 'a submodule is not looked for');
    view.close();
  });

  test('parseTree: bytes that are no tree', () => {
    const oid = Buffer.alloc(20, 1);
    const entry = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), oid]);
    equal(parseTree('', Buffer.alloc(0)).length, 0);
    equal(parseTree('', entry('100644 a\0'))[0]?.mode, 'file');
    equal(parseTree('', entry('100664 a\0'))[0]?.mode, 'file');
    equal(parseTree('', entry('040000 a\0'))[0]?.mode, 'folder');
    for (const bytes of [Buffer.from('100644'), Buffer.from('100644 a'), entry('100644 a\0').subarray(0, -1)]) {
      throws(() => parseTree('', bytes), DamageError);
    }
    for (const name of [
      '',
      '.',
      '..',
      '.git',
      '.GiT',
      '.git.',
      '.git ',
      '.git::$INDEX_ALLOCATION',
      'git~2',
      '.g\u200dit',
      'a\\b',
      'a\u0007',
    ]) {
      throws(
        () => parseTree('x/', entry(`100644 ${Buffer.from(name).toString('latin1')}\0`)),
        isFault('invalid'),
        name,
      );
    }
    for (const name of [
      '.gitignore',
      '.github',
      'git',
      '.gitmodules',
      '..a',
      'a..',
      ' ',
      'ß',
      '\ufeffa',
      '__proto__',
    ]) {
      equal(parseTree('', entry(`100644 ${Buffer.from(name).toString('latin1')}\0`))[0]?.name, name);
    }
    throws(() => parseTree('', entry('100644 \u00e4\0')), isFault('invalid', /UTF-8/));
  });

  test('parseCommit: one meaning only', () => {
    const tree = '1'.repeat(40);
    const person = 'A <a@b> 1700000000 +0100';
    const lines = (...rest: string[]): Buffer => Buffer.from(rest.join('\n'));
    const whole = lines(
      `tree ${tree}`,
      `parent ${'2'.repeat(40)}`,
      `author ${person}`,
      `committer ${person}`,
      '',
      'Subject',
      'goes on',
      '',
      'body',
      `tree ${'3'.repeat(40)}`,
    );
    deepEqual(parseCommit('x', whole), {
      tree,
      parents: ['2'.repeat(40)],
      author: 'A',
      authorEmails: ['a@b'],
      committerEmail: 'a@b',
      committedAtMs: 1_700_000_000_000,
      subject: 'Subject goes on',
    });
    const bad = [
      lines(''),
      lines(`parent ${tree}`, `tree ${tree}`, `author ${person}`, `committer ${person}`, '', 'x'),
      lines(`tree ${tree}`, `tree ${tree}`, `author ${person}`, `committer ${person}`, '', 'x'),
      lines(`tree ${tree}`, `author ${person}`, '', 'x'),
      lines('tree 123', `author ${person}`, `committer ${person}`, '', 'x'),
      lines(`tree ${tree}`, 'parent 12', `author ${person}`, `committer ${person}`, '', 'x'),
    ];
    for (const bytes of bad) throws(() => parseCommit('x', bytes), isFault('invalid'));
    const odd = parseCommit('x', lines(`tree ${tree}`, 'author nobody', 'committer nobody', '', '\u001b[31mred\u0007'));
    equal(odd.committedAtMs, 0);
    equal(odd.subject, '[31mred');
  });
});

async function rejectsWith(promise: Promise<unknown>, name: string): Promise<void> {
  try {
    await promise;
  } catch (error) {
    isFault('invalid')(error);
    return;
  }
  ok(false, name);
}
