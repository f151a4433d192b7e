import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Aim } from '../../../src/core/model/cell.ts';
import { digest, repositoryId } from '../../../src/core/model/id.ts';
import type { Pin } from '../../../src/core/model/placement.ts';
import { type CommitView, type CompiledCommit, viewCommit } from '../../../src/core/report/commit-view.ts';
import { appContext, contextOf } from '../../../src/core/report/context.ts';
import { clusterOf, origin, placementOf, sha, stageOf } from '../../builder/model.ts';
import { cellOf, rendering } from './commit.ts';

const fleet = origin.repository;
const aim = (text: string): Aim => ({ kind: 'hold', intent: digest('i'), rendering: rendering(text), warnings: [] });

const commit = (fields: Partial<CompiledCommit>): CompiledCommit => ({
  intents: new Map(),
  placements: [placementOf()],
  pins: [],
  cells: new Map([cellOf('shop/web', 'a'), cellOf('shop/web', 'b')].map((cell) => [cell.id, cell])),
  vanished: [],
  diagnostics: [],
  ...fields,
});
const cells = (...all: readonly ReturnType<typeof cellOf>[]): CompiledCommit['cells'] =>
  new Map(all.map((cell) => [cell.id, cell]));
const web = contextOf('landfall/shop/web');
const wish = (view: CommitView): string => view.apps.get(web)?.wish ?? 'none';

test('viewCommit: names of a commit, of its repository alone', () => {
  const other = placementOf({ id: 'x/y', repository: repositoryId('other'), apps: [cellOf('x/y', 'a').app] });
  const view = viewCommit(
    commit({
      placements: [placementOf(), other],
      cells: cells(cellOf('shop/web', 'a'), cellOf('x/y', 'a', { repository: other.repository })),
    }),
    fleet,
  );
  deepEqual([...view.apps.keys()], [web]);
  equal(view.check.text, 'no errors');
});

test('viewCommit: equal wishes for equal cells in any order, others for others', () => {
  const [a, b] = [cellOf('shop/web', 'a'), cellOf('shop/web', 'b')];
  const first = wish(viewCommit(commit({ cells: cells(a, b) }), fleet));
  equal(wish(viewCommit(commit({ cells: cells(b, a) }), fleet)), first);
  equal(wish(viewCommit(commit({ cells: cells({ ...a, commit: sha(9), revision: sha(9) }, b) }), fleet)), first);
  notEqual(wish(viewCommit(commit({ cells: cells({ ...a, aim: aim('v2') }, b) }), fleet)), first);
  notEqual(wish(viewCommit(commit({ cells: cells(a) }), fleet)), first);
  equal(wish(viewCommit(commit({ cells: cells() }), fleet)), '');
});

const pinned = placementOf({ stages: [stageOf('canary'), stageOf('production', { revision: 'Pinned' })] });
const pin = (fields: Partial<Pin> = {}): Pin => ({
  placement: pinned.id,
  stage: 'production',
  repository: fleet,
  origin,
  revision: sha(5),
  exceptions: [],
  bypass: undefined,
  quarantined: [],
  approvals: [],
  ...fields,
});
const inProduction = (cluster: string, revision: number) =>
  cellOf('shop/web', cluster, { stage: 'production', revision: sha(revision) });

test('viewCommit: a pinned stage is told of by revision, and is no part of what follows the head', () => {
  const all = commit({
    placements: [pinned],
    pins: [pin({ exceptions: [{ clusters: { kind: 'names', names: [clusterOf('c').id] }, revision: sha(4) }] })],
    cells: cells(cellOf('shop/web', 'a', { stage: 'canary' }), inProduction('b', 5), inProduction('c', 4)),
  });
  const view = viewCommit(all, fleet);
  deepEqual(
    view.apps.get(web)?.cells.map(({ cluster }) => String(cluster)),
    ['a'],
  );
  const production = view.pins.get(contextOf('landfall/shop/web/production'));
  deepEqual(
    [...(production?.revisions ?? [])].map(([revision, some]) => [
      revision,
      some.map(({ cluster }) => String(cluster)),
    ]),
    [
      [sha(5), ['b']],
      [sha(4), ['c']],
    ],
  );
});

test('viewCommit: the wish of a pinned stage is its pin', () => {
  const wishOfPin = (given: Partial<Pin>, cluster = 'b'): string | undefined =>
    viewCommit(
      commit({ placements: [pinned], pins: [pin(given)], cells: cells(inProduction(cluster, 5)) }),
      fleet,
    ).pins.get(contextOf('landfall/shop/web/production'))?.wish;
  equal(wishOfPin({}), wishOfPin({}, 'd'));
  notEqual(wishOfPin({}), wishOfPin({ revision: sha(6) }));
});

test('viewCommit: without a pin, and with nothing else, there is nothing to tell', () => {
  const only = placementOf({ stages: [stageOf('production', { revision: 'Pinned' })] });
  const waiting = inProduction('b', 1);
  const view = viewCommit(
    commit({ placements: [only], cells: cells({ ...waiting, aim: { kind: 'nothingYet', reason: 'no Pin yet' } }) }),
    fleet,
  );
  equal(view.apps.size + view.pins.size, 0);
});

test('viewCommit: an App whose cells are all to go is told of until they are gone', () => {
  const { id, app, cluster } = cellOf('shop/old', 'a');
  const record = {
    ...{ cell: id, app, cluster, repository: fleet, placement: 'shop/old', stage: 'all', source: 'test.yaml' },
    ...{ installation: 'test', chosenBy: 'names', onDelete: 'Delete', commit: sha(1), revision: sha(1) },
    ...{
      digest: digest('d'),
      intent: digest('i'),
      appliedAtMs: 0,
      healthySinceMs: 0,
      good: [],
      acknowledged: undefined,
    },
    ...{ replicas: new Map(), inventory: new Map() },
  } as unknown as CompiledCommit['vanished'][number]['record'];
  const view = viewCommit(commit({ vanished: [{ record, reason: 'appRemoved' }] }), fleet);
  equal(view.apps.get(appContext(app))?.wish, '');
  equal(view.apps.get(appContext(app))?.vanished.length, 1);
});
