/** Protects: the examples that the real Helm and Kustomize make come true on a fleet. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, type Ended, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';
import { findRenderTools, skipLine } from '../cluster/render-tools.ts';

const examples = join(import.meta.dirname, '../../examples');
const tools = findRenderTools();
if (tools === undefined) console.error(`# ${skipLine}`);
const skip = tools === undefined;

type Fleet = {
  readonly run: (...argv: readonly string[]) => Promise<Ended>;
  readonly get: (cluster: string, path: string) => Promise<unknown>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** An example as somebody has copied it, without the hours of its soaks. */
async function fleetOf(example: string, clusters: readonly string[]): Promise<Fleet> {
  const folder = testFolder();
  const repository = join(folder.path, 'fleet');
  cpSync(join(examples, example), repository, { recursive: true });
  for (const file of readdirSync(repository, { recursive: true, encoding: 'utf8' })) {
    if (!/placements\/.*\.yaml$/.test(file)) continue;
    const path = join(repository, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/, soak: \w+/g, ''));
  }
  const served = await serveSandbox(
    { clusters, dir: join(folder.path, 'kubeconfigs'), settings: { podReadyMs: { min: 1, max: 5 } } },
    { clock: systemClock, rng: systemRng },
  );
  const git = buildRepository(repository, { isBare: false });
  git.git('add', '.');
  git.git('commit', '--quiet', '-m', 'copied');
  const settings = {
    stateDir: join(folder.path, 'state'),
    repositories: [{ name: 'fleet', url: repository, statuses: 'none' }],
    kubeconfigDir: join(folder.path, 'kubeconfigs'),
    ...(tools === undefined ? {} : { tools: { helm: tools.helm, kustomize: tools.kustomize } }),
  };
  folder.write({ 'landfall.yaml': JSON.stringify(settings) });
  return {
    run: (...argv) => command(argv, { folder: folder.path }),
    get: async (cluster, path) => {
      const server = served.clusters.find(({ name }) => name === cluster)?.server ?? '';
      const answer = await fetch(`${server}${path}`);
      return answer.status === 200 ? answer.json() : undefined;
    },
    [Symbol.asyncDispose]: async () => {
      await served.close();
      folder[Symbol.dispose]();
    },
  };
}

const statesIn = ({ out }: Ended): readonly string[] =>
  (JSON.parse(out).cells as readonly { app: string; cluster: string; state: string; health: string }[]).map(
    ({ app, cluster, state, health }) => `${app}@${cluster} ${state} ${health}`,
  );

test('helm-kustomize: comes true on every cluster, each with its own values', { skip }, async () => {
  await using fleet = await fleetOf('helm-kustomize', ['ap-1', 'eu-1', 'us-1']);
  const applied = await fleet.run('apply', '--timeout', '120s', '-o', 'json');
  equal(applied.code, 0, applied.out + applied.err);
  deepEqual(
    statesIn(applied).toSorted(),
    ['guards', 'web'].flatMap((app) => ['ap-1', 'eu-1', 'us-1'].map((name) => `shop/${app}@${name} Synced Healthy`)),
  );
  const page = (await fleet.get('us-1', '/api/v1/namespaces/shop/configmaps/web')) as { data: object };
  match(JSON.stringify(page.data), /us-1\.example\.com/);
});

test('add-ons: come before everything else on a cluster that joins', { skip }, async () => {
  await using fleet = await fleetOf('add-ons', ['lab-1', 'eu-1', 'us-1']);
  const applied = await fleet.run('apply', '--timeout', '120s', '-o', 'json');
  equal(applied.code, 0, applied.out + applied.err);
  deepEqual(statesIn(applied).toSorted(), [
    'platform/base@eu-1 Synced Healthy',
    'platform/base@lab-1 Synced Healthy',
    'platform/base@us-1 Synced Healthy',
    'shop/web@eu-1 Synced Healthy',
    'shop/web@us-1 Synced Healthy',
  ]);
  const issuer = '/api/v1/namespaces/certificates/configmaps/issuer';
  const named = async (name: string) => at((await fleet.get(name, issuer)) as never, 'data', 'issuer');
  deepEqual([await named('eu-1'), await named('us-1')], ['eu.example.com', 'example.com']);
  const created = async (path: string): Promise<string> =>
    String(at((await fleet.get('us-1', path)) as never, 'metadata', 'resourceVersion'));
  const [certificate, web] = [
    await created('/apis/example.com/v1/namespaces/ingress/certificates/web'),
    await created('/api/v1/namespaces/shop/configmaps/web'),
  ];
  equal(Number(certificate) < Number(web), true, `the add-on at ${certificate}, the App at ${web}`);
});
