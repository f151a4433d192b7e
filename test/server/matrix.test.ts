/** Protects: a fleet of any size fits a page, and nothing that is wrong is folded away. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { appIdOf, cellId, clusterId, commitSha } from '../../src/core/model/id.ts';
import type { CellStatus } from '../../src/engine/ledger.ts';
import type { ClusterAnswer } from '../../src/server/api/cluster-answer.ts';
import { type MatrixQuery, matrixLimits, matrixOf } from '../../src/server/api/matrix.ts';
import { readMatrixQuery, readSelector } from '../../src/server/api/matrix-query.ts';

const cluster = (name: string, labels: Record<string, string> = {}): ClusterAnswer => ({
  name,
  labels,
  reachable: true,
  version: 'v1.36.3',
  lifecycle: 'Active',
  seenAt: null,
  role: 'member',
  suspended: false,
  nodes: null,
  contact: 'ready',
  cells: { total: 0, well: 0 },
});

const cell = (app: string, on: string, state: CellStatus['state'] = 'Synced'): CellStatus => ({
  cell: cellId(appIdOf(app), clusterId(on)),
  app: appIdOf(app),
  stage: 'all',
  cluster: clusterId(on),
  commit: commitSha('c'.repeat(40)),
  state,
  health: 'Healthy',
  message: undefined,
  objects: { desired: 1, live: 1, failed: 0 },
  updatedAtMs: 0,
  failure: undefined,
  isApplied: true,
});

const all: MatrixQuery = { text: '', labels: [], isTroubleOnly: false, groupBy: undefined };
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `c-${at}`);
const apps = ['shop/web', 'shop/cart'];
const cellsOn = (clusters: readonly string[], wrong: Readonly<Record<string, CellStatus['state']>> = {}) =>
  clusters.flatMap((on) => apps.map((app) => cell(app, on, wrong[`${app}@${on}`])));

test('matrix: a small fleet has a column for each cluster', () => {
  const { columns, rows } = matrixOf(
    cellsOn(names(3)),
    names(3).map((name) => cluster(name)),
    all,
  );
  deepEqual(
    columns.map(({ clusters }) => clusters),
    [['c-0'], ['c-1'], ['c-2']],
  );
  deepEqual(
    rows.map(({ app, cells, well }) => [app, cells, well]),
    [
      ['shop/cart', 3, 3],
      ['shop/web', 3, 3],
    ],
  );
});

test('matrix: of a large one equal clusters are one column, and one that differs stands alone', () => {
  const clusters = names(200);
  const { columns, rows, counts } = matrixOf(
    cellsOn(clusters, { 'shop/web@c-7': 'Failed' }),
    clusters.map((name) => cluster(name)),
    all,
  );
  deepEqual(
    columns.map(({ clusters: in_, trouble }) => [in_.length, trouble]),
    [
      [199, 0],
      [1, 1],
    ],
  );
  deepEqual(
    rows[1]?.marks.map((mark) => mark && [mark.state, mark.cells, mark.well]),
    [
      ['Synced', 199, 199],
      ['Failed', 1, 0],
    ],
  );
  deepEqual(counts, { Synced: 399, Failed: 1 });
});

test('matrix: when there are too many columns those with the most to look at stay', () => {
  const clusters = names(matrixLimits.columnsMax * 3);
  const many = clusters.map((_, at) => `app/${at}`);
  const cells = clusters.flatMap((on, at) => [
    cell(many[at] ?? '', on, at === 100 ? 'Blocked' : 'Synced'),
    cell('app/common', on),
  ]);
  const { columns, hidden } = matrixOf(
    cells,
    clusters.map((name) => cluster(name)),
    all,
  );
  equal(columns.length, matrixLimits.columnsMax);
  equal(hidden.columns, matrixLimits.columnsMax * 2);
  ok(columns.some(({ clusters: in_ }) => in_[0] === 'c-100'));
});

const asked: readonly {
  name: string;
  query: Partial<MatrixQuery>;
  columns: readonly string[];
  rows: readonly string[];
}[] = [
  { name: 'a name of an App: its row', query: { text: 'WEB' }, columns: ['c-0', 'c-1', 'c-2'], rows: ['shop/web'] },
  {
    name: 'a name of a cluster: its column',
    query: { text: 'c-1' },
    columns: ['c-1'],
    rows: ['shop/cart', 'shop/web'],
  },
  { name: 'a name of nothing: nothing', query: { text: 'nothing' }, columns: [], rows: [] },
  {
    name: 'labels: clusters that have them',
    query: { labels: readSelector('tier=production') ?? [] },
    columns: ['c-1', 'c-2'],
    rows: ['shop/cart', 'shop/web'],
  },
  { name: 'trouble only', query: { isTroubleOnly: true }, columns: ['c-2'], rows: ['shop/web'] },
];
for (const { name, query, columns, rows } of asked) {
  test(`matrix: asked for ${name}`, () => {
    const clusters = [
      cluster('c-0', { tier: 'canary' }),
      cluster('c-1', { tier: 'production' }),
      cluster('c-2', { tier: 'production' }),
    ];
    const answer = matrixOf(cellsOn(names(3), { 'shop/web@c-2': 'OutOfSync' }), clusters, { ...all, ...query });
    deepEqual(
      answer.columns.flatMap(({ clusters: in_ }) => in_),
      columns,
    );
    deepEqual(
      answer.rows.map(({ app }) => app),
      rows,
    );
    deepEqual(answer.fleet, { apps: 2, clusters: 3, cells: 6, well: 5 });
  });
}

test('matrix: one column for each value of a label, the worst of it shown', () => {
  const clusters = [cluster('c-0', { tier: 'canary' }), cluster('c-1', { tier: 'production' }), cluster('c-2', {})];
  const { columns, rows } = matrixOf(cellsOn(names(3), { 'shop/web@c-1': 'Failed' }), clusters, {
    ...all,
    groupBy: 'tier',
  });
  deepEqual(
    columns.map(({ value, clusters: in_ }) => [value, in_]),
    [
      ['', ['c-2']],
      ['canary', ['c-0']],
      ['production', ['c-1']],
    ],
  );
  deepEqual(
    rows[1]?.marks.map((mark) => mark?.state),
    ['Synced', 'Synced', 'Failed'],
  );
});

const selectors = [
  ['tier=production', [{ key: 'tier', operator: 'In', values: ['production'] }]],
  [
    'tier == production, !gpu',
    [
      { key: 'tier', operator: 'In', values: ['production'] },
      { key: 'gpu', operator: 'DoesNotExist' },
    ],
  ],
  ['topology.kubernetes.io/region!=eu', [{ key: 'topology.kubernetes.io/region', operator: 'NotIn', values: ['eu'] }]],
  ['gpu', [{ key: 'gpu', operator: 'Exists' }]],
  ['', []],
  ['<script>', undefined],
  ['a in (b)', undefined],
] as const;
for (const [text, selector] of selectors)
  test(`readSelector: ${text || 'nothing'}`, () => deepEqual(readSelector(text), selector));

test('readMatrixQuery: labels that cannot be read are said so, and the rest counts', () => {
  const read = readMatrixQuery(new URLSearchParams({ q: 'web', label: '<b>', show: 'trouble' }));
  equal(read.kind, 'wrong');
  deepEqual(read.query, { text: 'web', labels: [], isTroubleOnly: true, groupBy: undefined });
});
