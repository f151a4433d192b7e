/** Protects: what is named is made equal, and nothing else of the target; what cannot be read is never taken for empty. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { copiedTo, heldOf } from '../../../src/core/copying/copied.ts';
import { describeRefusal, type Folder, type FolderFile } from '../../../src/core/copying/folder.ts';
import { isNamed } from '../../../src/core/copying/glob.ts';
import { parsePointer } from '../../../src/core/json/pointer.ts';
import type { CopiedField, FieldCopy } from '../../../src/core/model/field-copy.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import { seededRng } from '../../builder/rng.ts';

const origin = { repository: repositoryId('fleet'), path: 'placement.yaml', line: 9, column: 5 };

/** `kind name` before a slash names a document. */
function field(file: string, what: string): CopiedField {
  const [, kind, name, pointer] = /^(?:(\w+) (\w+))?(\/.*|image \w+)$/.exec(what) ?? [];
  const image = pointer?.startsWith('image ') ? pointer.slice('image '.length) : undefined;
  return {
    origin,
    file,
    document: kind === undefined ? undefined : { kind, name },
    what:
      image === undefined ? { kind: 'value', path: parsePointer(pointer ?? '') ?? [] } : { kind: 'image', name: image },
  };
}

const copyOf = (fields: readonly CopiedField[], files: readonly string[] = [], isPruning = false): FieldCopy => ({
  origin,
  from: { placement: 'shop/staging', stage: undefined, path: 'staging' },
  to: 'production',
  fields,
  files: files.map((pattern) => ({ origin, pattern })),
  isPruning,
  quarantined: [],
  quarantine: [],
});

const folder = (path: string, files: Readonly<Record<string, string | FolderFile>>): Folder => ({
  path,
  files: new Map(
    Object.entries(files).map(([name, file]) => [name, typeof file === 'string' ? { kind: 'text', text: file } : file]),
  ),
});

const kustomization = (images: string): string => `# Of this folder.
kind: Kustomization
resources: [../base]
images:
${images}`;

const two = (image: string): string => `# First.
kind: Deployment
metadata: {name: web}
spec: {image: '${image}', replicas: 2}   # ours
---
# Second.
kind: Deployment
metadata: {name: api}
spec:
    image: 'api:1'
`;

type Case = {
  readonly name: string;
  readonly fields?: readonly CopiedField[];
  readonly files?: readonly string[];
  readonly isPruning?: boolean;
  readonly isReturn?: boolean;
  readonly from: Readonly<Record<string, string | FolderFile>>;
  readonly to: Readonly<Record<string, string | FolderFile>>;
  /** Files that differ afterwards, or the refusal. */
  readonly result: Readonly<Record<string, string | undefined>> | string;
};

const unreadable: FolderFile = { kind: 'unreadable', reason: 'it is no text' };
const app = 'apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: web}\n';

const cases: readonly Case[] = [
  {
    name: 'a tag of an image, by name and not by place',
    fields: [field('k.yaml', 'image web')],
    from: { 'k.yaml': kustomization('- {name: web, newTag: "2"}\n') },
    to: { 'k.yaml': kustomization('# The proxy.\n- name: proxy\n  newTag: "9"\n- name: web\n  newTag: "1" # moved\n') },
    result: {
      'k.yaml': kustomization('# The proxy.\n- name: proxy\n  newTag: "9"\n- name: web\n  newTag: "2" # moved\n'),
    },
  },
  {
    name: 'a digest in place of a tag',
    fields: [field('k.yaml', 'image web')],
    from: { 'k.yaml': kustomization('- {name: web, digest: sha256:ab}\n') },
    to: { 'k.yaml': kustomization('- name: web\n  newTag: "1"\n') },
    result: { 'k.yaml': kustomization('- name: web\n  digest: sha256:ab\n') },
  },
  {
    name: 'an image that the target does not have yet',
    fields: [field('k.yaml', 'image web')],
    from: { 'k.yaml': kustomization('- {name: web, newTag: "2"}\n') },
    to: { 'k.yaml': kustomization('- name: proxy\n  newTag: "9"\n') },
    result: { 'k.yaml': kustomization('- name: proxy\n  newTag: "9"\n- name: web\n  newTag: "2"\n') },
  },
  {
    name: 'a value of a chart, and a whole part of the values',
    fields: [field('values.yaml', '/image/tag'), field('values.yaml', '/limits')],
    from: { 'values.yaml': 'image: {tag: "2"}\nlimits: {cpu: 2, memory: 1Gi}\nhost: staging\n' },
    to: { 'values.yaml': '# Values.\nimage:\n  tag: "1" # moved\nlimits:\n  cpu: 1\n\nhost: production # ours\n' },
    result: {
      'values.yaml':
        '# Values.\nimage:\n  tag: "2" # moved\nlimits:\n  cpu: 2\n  memory: 1Gi\n\nhost: production # ours\n',
    },
  },
  {
    name: 'one document of several',
    fields: [field('all.yaml', 'Deployment web/spec/image')],
    from: { 'all.yaml': two('web:2') },
    to: { 'all.yaml': two('web:1') },
    result: { 'all.yaml': two('web:2') },
  },
  {
    name: 'nothing that is equal already, however it is written',
    fields: [field('values.yaml', '/tag')],
    from: { 'values.yaml': 'tag: "2"\n' },
    to: { 'values.yaml': "tag:   '2' # so\n" },
    result: {},
  },
  {
    name: 'which document is not said',
    fields: [field('all.yaml', '/spec/image')],
    from: { 'all.yaml': two('web:2') },
    to: { 'all.yaml': two('web:1') },
    result: 'staging/all.yaml:7:1: it holds more than one document: say which by `target`',
  },
  {
    name: 'a field that the source does not have',
    fields: [field('values.yaml', '/image/tag')],
    from: { 'values.yaml': 'a: 1\nimage: {name: web}\n' },
    to: { 'values.yaml': 'image: {tag: "1"}\n' },
    result: 'staging/values.yaml:2:8: it has no /image/tag to be copied',
  },
  {
    name: 'a field that was not there before, on the way back',
    isReturn: true,
    fields: [field('values.yaml', '/image/tag')],
    from: { 'values.yaml': 'image: {name: web}\n' },
    to: { 'values.yaml': 'image: {name: web, tag: "1"}\n' },
    result: { 'values.yaml': 'image: {name: web}\n' },
  },
  {
    name: 'a target that cannot be read, though another file could be',
    fields: [field('a.yaml', '/a'), field('b.yaml', '/b')],
    from: { 'a.yaml': 'a: 2\n', 'b.yaml': 'b: 2\n' },
    to: { 'a.yaml': 'a: 1\n', 'b.yaml': 'c: 1\nb: [1\n' },
    result: 'production/b.yaml:2:4: the [ is not closed',
  },
  {
    name: 'a source that cannot be read',
    fields: [field('a.yaml', '/a')],
    from: { 'a.yaml': 'a: 2\na: 3\n' },
    to: { 'a.yaml': 'a: 1\n' },
    result: 'staging/a.yaml:2:1: the key "a" is already set in line 1',
  },
  {
    name: 'a file that is not there at the source',
    fields: [field('a.yaml', '/a')],
    from: {},
    to: { 'a.yaml': 'a: 1\n' },
    result: 'placement.yaml:9:5: there is no file staging/a.yaml',
  },
  {
    name: 'a file that is not there at the target',
    fields: [field('a.yaml', '/a')],
    from: { 'a.yaml': 'a: 2\n' },
    to: {},
    result: 'placement.yaml:9:5: there is no file production/a.yaml',
  },
  {
    name: 'an anchor that others use',
    fields: [field('a.yaml', '/a')],
    from: { 'a.yaml': 'a: 2\n' },
    to: { 'a.yaml': 'b: 1\na: &x 1\nc: *x\n' },
    result: 'production/a.yaml:2:7: /a cannot be changed alone',
  },
  {
    name: 'an alias becomes a value of its own',
    fields: [field('a.yaml', '/a')],
    from: { 'a.yaml': 'a: 2\n' },
    to: { 'a.yaml': 'b: &x 1\na: *x # here\n' },
    result: { 'a.yaml': 'b: &x 1\na: 2 # here\n' },
  },
  {
    name: 'an encrypted file',
    fields: [field('a.yaml', '/a')],
    from: { 'a.yaml': 'a: 2\n' },
    to: { 'a.yaml': 'a: 1\nsops: {mac: x}\n' },
    result: 'production/a.yaml:1:1: it is encrypted: copy the whole file',
  },
  {
    name: 'files whole, new ones too, and the own ones of the target stay',
    files: ['config/*.yaml'],
    from: { 'config/a.yaml': '# A.\na: 2\n', 'config/b.yaml': 'b: 1\n', 'other.yaml': 'x\n' },
    to: { 'config/a.yaml': 'a: 1\n', 'config/own.yaml': 'c: 1\n', 'other.yaml': 'y\n' },
    result: { 'config/a.yaml': '# A.\na: 2\n', 'config/b.yaml': 'b: 1\n' },
  },
  {
    name: 'files that are gone, where that is asked for',
    files: ['config/*.yaml'],
    isPruning: true,
    from: { 'config/a.yaml': 'a: 2\n' },
    to: { 'config/a.yaml': 'a: 2\n', 'config/old.yaml': 'c: 1\n', 'x/y.yaml': '' },
    result: { 'config/old.yaml': undefined },
  },
  {
    name: 'a folder that is gone empties no other',
    files: ['config/*.yaml'],
    isPruning: true,
    from: { 'conf/a.yaml': 'a: 2\n' },
    to: { 'config/a.yaml': 'a: 2\n' },
    result: 'placement.yaml:9:5: staging has no file config/*.yaml',
  },
  {
    name: 'manifests of Landfall are never copied whole',
    files: ['*.yaml'],
    isPruning: true,
    from: { 'app.yaml': app, 'a.yaml': 'a: 2\n' },
    to: { 'app.yaml': app.replace('web', 'other'), 'a.yaml': 'a: 1\n', 'placement.yaml': app },
    result: { 'a.yaml': 'a: 2\n' },
  },
  {
    name: 'one that is named is refused',
    files: ['app.yaml'],
    from: { 'app.yaml': app },
    to: { 'app.yaml': app },
    result: 'staging/app.yaml:1:1: it holds a manifest of Landfall, which is about its own folder: copy fields of it',
  },
  {
    name: 'a file that is no text',
    files: ['*'],
    from: { 'a.bin': unreadable },
    to: { 'a.bin': 'x' },
    result: 'staging/a.bin:1:1: it is no text',
  },
];

for (const { name, fields = [], files, isPruning, isReturn = false, from, to, result } of cases)
  test(`copiedTo: ${name}`, () => {
    const copy = copyOf(fields, files, isPruning);
    const [source, target] = [folder('staging', from), folder('production', to)];
    const done = copiedTo(copy, source, target, { isReturn });
    if (typeof result === 'string') {
      equal(done.kind === 'refused' ? describeRefusal(done) : 'copied', result);
      return;
    }
    const expected = Object.entries(result).map(([path, text]) => [`production/${path}`, text] as const);
    deepEqual(done, { kind: 'copied', files: new Map(expected) });
  });

test('heldOf: equal for equal values, whatever else the files say', () => {
  const copy = copyOf([field('a.yaml', '/a')]);
  const held = (text: string) => heldOf(copy, folder('staging', { 'a.yaml': text }));
  deepEqual(held('a: {b: 1, c: 2}\n'), held('# X.\na:\n  c: 2\n  b: 1\nd: 3\n'));
  ok(JSON.stringify(held('a: 1\n')) !== JSON.stringify(held('a: 2\n')));
});

const names = [
  ['config/*.yaml', 'config/a.yaml', true],
  ['config/*.yaml', 'config/b/a.yaml', false],
  ['config/**', 'config/b/a.yaml', true],
  ['**/a.yaml', 'a.yaml', true],
  ['**/a.yaml', 'x/y/a.yaml', true],
  ['a.yaml', 'abyaml', false],
  ['?.yaml', 'b.yaml', true],
] as const;
for (const [pattern, path, is] of names)
  test(`isNamed: ${path} by ${pattern}`, () => equal(isNamed(path, pattern), is));

test('copiedTo: what is not named stays to the letter, and once more changes nothing, over random folders', () => {
  const rng = seededRng(5);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(rng.next() * all.length)]!;
  const spell = (value: string): string => pick([value, `"${value}"`, `'${value}'`]);
  const file = (): readonly string[] => [
    '# Of this folder.',
    `image:${pick(['', ' # what runs'])}`,
    `    tag: ${spell(`v${Math.floor(rng.next() * 4)}`)}${pick(['', '   # moved'])}`,
    `host: ${spell(pick(['a', 'b', 'c']))} # ours`,
    `list: [${pick(['x', 'x, y'])}]`,
    pick(['# The end.', '', 'more: {a: 1}']),
  ];
  const copy = copyOf([field('v.yaml', '/image/tag'), field('v.yaml', '/list')]);
  for (let round = 0; round < 500; round++) {
    const [from, to] = [file(), file()];
    const end = pick(['\n', '\r\n']);
    const source = folder('staging', { 'v.yaml': `${from.join('\n')}\n` });
    const target = folder('production', { 'v.yaml': to.join(end) });
    const done = copiedTo(copy, source, target);
    ok(done.kind === 'copied', JSON.stringify(done));
    const text = done.files.get('production/v.yaml') ?? to.join(end);
    const lines = text.split(end);
    equal(lines.length, to.length);
    for (const [index, line] of to.entries()) if (index !== 2 && index !== 4) equal(lines[index], line);
    equal(/(#.*)?$/.exec(lines[2] ?? '')?.[1], /(#.*)?$/.exec(to[2] ?? '')?.[1], 'its comment stays');
    const after = folder('production', { 'v.yaml': text });
    deepEqual(heldOf(copy, after), heldOf(copy, source));
    equal(copiedTo(copy, source, after).kind === 'copied' && done.files.size, done.files.size);
    deepEqual(copiedTo(copy, source, after), { kind: 'copied', files: new Map() });
  }
});
