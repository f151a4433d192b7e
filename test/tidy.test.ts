/** The house rules, as a test. */
import { deepEqual, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const under = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, file));

const files = under('src');
const sources = new Map([...files, ...under('test')].map((file) => [file, readFileSync(file, 'utf8')]));
const textOf = (file: string): string => sources.get(file) ?? '';
const codeOf = (file: string): string => textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
// Type imports count too: a reader has to follow them.
const importsOf = (file: string): string[] =>
  [...codeOf(file).matchAll(/(?:from|import) '(\.[^']+\.ts)'/g)].map((match) =>
    normalize(join(dirname(file), match[1]!)),
  );

/** A folder (with all below it that has no row of its own) may import itself and what is listed. */
const stages = [
  'dialect',
  'placement',
  'plan',
  'render',
  'diff',
  'guard',
  'health',
  'promotion',
  'grant',
  'rollout',
  'report',
  'join',
  'import',
  'simulation',
];
const base = ['src/core/json', 'src/core/model'];
const layers: Readonly<Record<string, readonly string[]>> = {
  'src/core/json': [],
  'src/core/model': ['src/core/json'],
  'src/core/yaml': base,
  'src/core/preview': [...base, 'src/core/yaml'],
  'src/core/copying': [...base, 'src/core/yaml'],
  ...Object.fromEntries(stages.map((stage) => [`src/core/${stage}`, base])),
  'src/core/import': [...base, 'src/core/yaml'],
  'src/core/compile': [...base, ...stages.map((stage) => `src/core/${stage}`)],
  'src/seam': ['src/core/model'],
  'src/edge': [],
  ...Object.fromEntries(
    ['clock', 'rng', 'net', 'child', 'kube', 'log', 'metric', 'store', 'forge', 'render-tool', 'sops'].map((edge) => [
      `src/edge/${edge}`,
      [...base, 'src/seam'],
    ]),
  ),
  // Both hand what others wrote to a process of its own.
  'src/edge/git': [...base, 'src/seam', 'src/edge/child'],
  'src/edge/parse': [...base, 'src/seam', 'src/edge/child', 'src/core/yaml'],
  'src/sandbox': [...base, 'src/seam'],
  'src/engine': [
    ...base,
    'src/core/compile',
    'src/core/yaml',
    'src/core/preview',
    'src/core/copying',
    ...stages.map((stage) => `src/core/${stage}`),
    'src/seam',
    'src/edge/kube',
    'src/edge/forge',
  ],
  'src/server': [...base, 'src/seam', 'src/engine'],
  // Pages show what the API answers: the engine is none of their business.
  'src/dashboard': [...base, 'src/server'],
  'src/cli': ['src'],
  src: ['src'],
};

const roomOf = (file: string): string => {
  let room = dirname(file);
  while (!(room in layers) && room !== '.') room = dirname(room);
  return room;
};
const allowed = (from: string, to: string): boolean =>
  from === to || (layers[from] ?? []).some((room) => room === to || (room === 'src' && to.startsWith('src')));

const broken = (check: (file: string) => readonly string[]): string[] =>
  files.flatMap((file) => check(file).map((problem) => `${file}: ${problem}`));

test('tidy: the rules see the code', () => {
  ok(files.length > 15);
  ok(
    files.flatMap(importsOf).every((file) => sources.has(file)),
    'every relative import names a file',
  );
});

test('tidy: imports point down', () => {
  const problems = broken((file) =>
    importsOf(file)
      .filter((there) => !allowed(roomOf(file), roomOf(there)))
      .map((there) => `imports ${there}`),
  );
  deepEqual(problems, []);
});

test('tidy: no circles, not even of types', () => {
  const state = new Map<string, 'open' | 'closed'>();
  const circles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'closed') return;
    if (state.get(file) === 'open') {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(' > '));
      return;
    }
    state.set(file, 'open');
    for (const next of importsOf(file)) visit(next, [...trail, file]);
    state.set(file, 'closed');
  };
  for (const file of files) visit(file, []);
  deepEqual(circles, []);
});

test('tidy: core decides and does nothing else', () => {
  const impure = /\b(async|await|Promise|Date\.now|new Date\(\)|Math\.random|process|console|setTimeout)\b/;
  // A hash is a function of its input; see core/json/digest.ts.
  const node = /from 'node:(?!crypto')/;
  const problems = broken((file) => {
    if (!file.startsWith('src/core/')) return [];
    const found = [impure, node].flatMap((pattern) => codeOf(file).match(pattern)?.[0] ?? []);
    const hashing = codeOf(file).includes("'node:crypto'") && file !== 'src/core/json/digest.ts' ? ['node:crypto'] : [];
    return [...found, ...hashing].map((what) => `is not pure: ${what}`);
  });
  deepEqual(problems, []);
});

test('tidy: the world is touched through the seams only', () => {
  const world =
    /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|AbortSignal\.timeout|(?<!\.)fetch\(|randomUUID|process\.env)\b/;
  const node =
    /from 'node:(?:net|tls|http|https|http2|fs|fs\/promises|child_process|timers|timers\/promises|dns|worker_threads)'/;
  const mayTouch = (file: string): boolean =>
    /^src\/(edge|cli|sandbox\/serve|server|dashboard\/assets\.ts)\b/.test(file) || file === 'src/main.ts';
  const problems = broken((file) => {
    if (mayTouch(file)) return [];
    return [world, node].flatMap((pattern) => codeOf(file).match(pattern)?.[0] ?? []).map((what) => `touches ${what}`);
  });
  deepEqual(problems, []);
});

test('tidy: no shell, no pattern made from data, no global fetch', () => {
  const banned = [
    /(?<!\.)\bexec(?:Sync)?\(/,
    /shell: true/,
    /new RegExp\(/,
    /\bfor \((?:const|let) \w+ in /,
    /rejectUnauthorized: false/,
  ];
  const mayDo: Readonly<Record<string, RegExp>> = { 'src/edge/net/tls.ts': /rejectUnauthorized/ };
  const problems = broken((file) =>
    banned
      .filter((pattern) => !(mayDo[file]?.source !== undefined && pattern.source.includes(mayDo[file].source)))
      .flatMap((pattern) => codeOf(file).match(pattern)?.[0] ?? [])
      .map((what) => `has ${what}`),
  );
  deepEqual(problems, []);
});

test('tidy: files are short, introduced, and named for what they hold', () => {
  const problems = broken((file) => [
    ...(textOf(file).split('\n').length > 300 ? ['is over 300 lines'] : []),
    ...(/^(#!.*\n)?\/\*\*/.test(textOf(file)) ? [] : ['does not begin by saying what it is']),
    ...(/(util|helper|common|misc|shared|manager|index)/i.test(file) ? ['has a name that says nothing'] : []),
    ...(/\b(TODO|FIXME|XXX)\b/.test(textOf(file)) ? ['has a note to self'] : []),
  ]);
  deepEqual(problems, []);
});
