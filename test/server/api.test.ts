/** Protects: what the API says is what the engine knows, in the shapes of the command line. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type ServedDashboard, serveDashboard, statusRef } from '../builder/dashboard.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, deployment, pin, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c'];
const stages = [
  '{name: canary, clusterNames: [a], soak: 60s}',
  '{name: production, clusterSelector: {}, revision: Pinned}',
];

async function withDashboard(use: (fleet: TestFleet, shown: ServedDashboard) => Promise<void>): Promise<void> {
  const fleet = testFleet({ clusters: names });
  const shown = await serveDashboard(fleet);
  try {
    fleet.git.commit({
      ...clusterManifests(names, (name) => ({ tier: name === 'a' ? 'canary' : 'production' })),
      'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
      'apps/web/web.yaml': deployment('web', 'web:1'),
    });
    await fleet.run(30_000);
    await use(fleet, shown);
  } finally {
    await shown.close();
    await fleet.close();
  }
}

// Answers of a server in this process come while the test's clock stands still.
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON there is.
const get = async (url: string): Promise<{ readonly status: number; readonly json: any }> => {
  const answer = await fetch(url);
  return { status: answer.status, json: await answer.json() };
};

test('api: status is what `landfall status` prints', () =>
  withDashboard(async ({ git }, { url }) => {
    const { json } = await get(`${url}/api/v1/status?app=shop/web&cluster=a`);
    equal(json.cells.length, 1);
    const { updatedAt, ...cell } = json.cells[0];
    match(updatedAt, /^\d{4}-\d\d-\d\dT/);
    deepEqual(cell, {
      app: 'shop/web',
      stage: 'canary',
      cluster: 'a',
      commit: git.head(),
      state: 'Synced',
      health: 'Healthy',
      objects: { desired: 1, live: 1, failed: 0 },
    });
    const { seenAt, version, ...cluster } = json.clusters[0];
    match(seenAt, /^\d{4}-/);
    match(version, /^v1\./);
    deepEqual(cluster, {
      name: 'a',
      reachable: true,
      lifecycle: 'Active',
      role: 'member',
      labels: { name: 'a', tier: 'canary' },
      suspended: false,
      nodes: null,
      contact: 'ready',
      cells: { total: 1, well: 1 },
    });
  }));

test('api: nodes are counted when somebody asks, and told when they are known', () =>
  withDashboard(async (fleet, { url }) => {
    await fleet.request('a', 'POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } });
    await get(`${url}/api/v1/clusters`);
    await fleet.run(1_000);
    const nodes = (await get(`${url}/api/v1/clusters`)).json.clusters.map((each: { nodes: number }) => each.nodes);
    equal(nodes[0] >= 1, true);
    ok(nodes.every((count: number | null) => count !== null));
  }));

test('api: a lost cluster says since when, and why', () =>
  withDashboard(async (fleet, { url }) => {
    fleet.sandbox.cluster('b').setDisorder({ isDown: true });
    await fleet.run(60_000);
    const { json } = await get(`${url}/api/v1/clusters`);
    const lost = json.clusters.find(({ name }: { name: string }) => name === 'b');
    deepEqual([lost.reachable, lost.contact], [false, 'lost']);
    match(lost.since, /^\d{4}-/);
    ok(lost.reason.length > 0);
  }));

test('api: an App with its stages, evidence and objects', () =>
  withDashboard(async (fleet, { url }) => {
    const { json } = await get(`${url}/api/v1/apps/shop/web`);
    deepEqual(
      json.stages.map((stage: { name: string; state: string; pin: unknown }) => [stage.name, stage.state, stage.pin]),
      [
        ['canary', 'progressing', null],
        ['production', 'progressing', null],
      ],
    );
    const [cell] = json.stages[0].waves[0].cells;
    deepEqual([cell.cluster, cell.holds, cell.wants], ['a', fleet.git.head(), fleet.git.head()]);
    equal(Date.parse(cell.soakedAt) - Date.parse(cell.healthySince), 60_000);
    deepEqual(
      json.objects.map(({ kind, name, clusters, health }: Record<string, unknown>) => [kind, name, clusters, health]),
      [['Deployment', 'web', 1, { Healthy: 1 }]],
    );
    equal((await get(`${url}/api/v1/apps/shop/none`)).status, 404);
    equal((await get(`${url}/api/v1/apps/%ff/web`)).status, 404);
  }));

test('api: drift says who, what and when', () =>
  withDashboard(async (fleet, { url }) => {
    const path = '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl-edit';
    const patch = [{ op: 'replace', path: '/spec/replicas', value: 5 }];
    await fleet.request('a', 'PATCH', path, patch, 'application/json-patch+json');
    await fleet.run(10_000);
    const [drift] = (await get(`${url}/api/v1/apps/shop/web`)).json.drift;
    deepEqual(
      [drift.kind, drift.cluster, drift.object.kind, drift.paths, drift.by],
      ['healed', 'a', 'Deployment', ['.spec.replicas'], ['kubectl-edit']],
    );
  }));

test('api: a commit is explained, with the statuses that were told', () =>
  withDashboard(async (fleet, { url, tell }) => {
    await tell();
    const head = fleet.git.head();
    const { json } = await get(`${url}/api/v1/commits/fleet/${head}`);
    deepEqual(
      json.steps
        .filter((each: { step: string }) => /@a$|^head|^read/.test(each.step))
        .map((each: { step: string; result: string }) => `${each.step}: ${each.result}`),
      [
        'head: head',
        'read: read',
        'place shop/web@a: stage canary',
        'render shop/web@a: rendered',
        'apply shop/web@a: applied',
        'health shop/web@a: Healthy',
      ],
    );
    const note = fleet.git.notes(statusRef).get(head) ?? '';
    ok(json.statuses.length > 0);
    for (const { context, state, text } of json.statuses) ok(note.includes(`${state} ${context} — ${text}\n`), note);
  }));

test('api: statuses of a commit that this process told nothing of are read where they were told', () =>
  withDashboard(async (fleet, { url, tell }) => {
    await tell();
    const told = fleet.git.head();
    const next = await serveDashboard(fleet);
    try {
      const before = (await get(`${url}/api/v1/commits/fleet/${told}`)).json.statuses;
      const after = (await get(`${next.url}/api/v1/commits/fleet/${told}`)).json.statuses;
      const words = (all: readonly { context: string; state: string; text: string }[]) =>
        all.map(({ context, state, text }) => `${state} ${context} ${text}`);
      deepEqual(words(after), words(before));
      ok(after.every(({ at }: { at: unknown }) => at === null));
    } finally {
      await next.close();
    }
  }));

test('api: what is no commit, or of no repository, is not found', () =>
  withDashboard(async (_, { url }) => {
    for (const path of ['fleet/abc', `fleet/${'0'.repeat(40)}`, `other/${'0'.repeat(40)}`, 'other'])
      equal((await get(`${url}/api/v1/commits/${path}`)).status, 404, path);
  }));

test('api: promotions show pins, what runs, and where the pin goes', () =>
  withDashboard(async (fleet, { url }) => {
    const first = fleet.git.head();
    fleet.git.commit({ 'pin.yaml': pin('web', 'production', first) });
    await fleet.run(120_000);
    const [promotion] = (await get(`${url}/api/v1/promotions`)).json.promotions;
    deepEqual(
      promotion.stages.map(({ name, state, pin: of, runs }: Record<string, never>) => [name, state, of, runs]),
      [
        ['canary', 'complete', null, [{ revision: first, clusters: 1 }]],
        [
          'production',
          'complete',
          { revision: first, path: 'pin.yaml', exceptions: [], quarantined: [], approvals: [] },
          [{ revision: first, clusters: 2 }],
        ],
      ],
    );
  }));
