/** Protects: a tag that was moved elsewhere reaches no second cluster before the first has shown it, also over a restart. */
import { equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import type { ToolResult } from '../../src/core/model/tool.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { renderToolDefaults } from '../../src/edge/render-tool/settings.ts';
import { openTools } from '../../src/edge/render-tool/tools.ts';
import { serveGit } from '../../src/sandbox/serve-git.ts';
import type { Tools } from '../../src/seam/tool.ts';
import { testCertificate } from '../builder/certificate.ts';
import { serveCharts } from '../builder/chart-server.ts';
import { testFolder } from '../builder/command.ts';
import { clusterManifests, testFleet } from '../builder/fleet.ts';
import { buildRepository } from '../builder/git-repository.ts';
import { configMap, placement } from '../builder/manifest.ts';
import { findRenderTools, skipLine } from '../cluster/render-tools.ts';

const programs = findRenderTools();
if (programs === undefined) console.error(`# ${skipLine}`);

const app = `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: web, namespace: shop}
spec: {components: [{name: page, kustomize: overlay}]}
`;
const stages = ['{name: canary, clusterNames: [a], soak: 5m}', '{name: production, clusterSelector: {}}'];
const path = '/api/v1/namespaces/shop/configmaps/page';

/** A process that begins: it knows nothing of what earlier ones have fetched. */
const begun = (caFile: string, hosts: readonly string[], chartFolder: string): Promise<Tools> =>
  openTools(
    { ...renderToolDefaults, programs: programs ?? {}, mayFetch: () => true, caFile, hosts, chartFolder },
    {
      clock: systemClock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      parser: {
        parse: async (files) => files.map(({ path: file, bytes }) => readManifests(file, bytes)),
        close: async () => {},
      },
    },
    new AbortController().signal,
  );

test('tools: a base whose tag was moved passes the stages after a restart', {
  skip: programs === undefined,
}, async () => {
  using folder = testFolder();
  const certificate = testCertificate({ name: 'bases', hosts: ['127.0.0.1'] });
  folder.write({ 'ca.pem': certificate.ca });
  const git = await serveGit({ root: join(folder.path, 'git') });
  const bases = buildRepository((await git.createRepository('platform/bases.git')).folder, {});
  const served = await serveCharts(certificate, { files: new Map(), archives: new Map(), behind: git.url });
  const begin = () => begun(join(folder.path, 'ca.pem'), [served.host], join(folder.path, 'charts'));
  const tag = (value: string): string => {
    const files = { 'page/kustomization.yaml': 'resources: [page.yaml]\n', 'page/page.yaml': configMap('page', value) };
    return bases.git('tag', '--force', 'v1', bases.commit(files));
  };
  tag('one');
  let process = await begin();
  const making = new Set<Promise<ToolResult>>();
  const tools: Tools = {
    get versions() {
      return process.versions;
    },
    make: (run, read, signal) => {
      const made = process.make(run, read, signal);
      making.add(made);
      return made.finally(() => making.delete(made));
    },
  };
  const fleet = testFleet({ clusters: ['a', 'b', 'c'], tools });
  /** The tool is a real process in real time; all else is on the test's clock. */
  const run = async (durationMs: number): Promise<void> => {
    await fleet.run(30_000);
    while (making.size > 0) {
      await Promise.allSettled(making);
      await fleet.run(1_000);
    }
    await fleet.run(durationMs);
  };
  const shown = async (): Promise<string> => {
    const objects = await Promise.all(['a', 'b', 'c'].map((cluster) => fleet.get(cluster, path)));
    return objects.map((object) => String(at(object, 'data', 'value'))).join(' ');
  };
  const base = `https://${served.host}/platform/bases.git//page`;
  const overlay = (query: string) => ({ 'overlay/kustomization.yaml': `resources: ["${base}${query}"]\n` });
  fleet.git.commit({
    ...clusterManifests(['a', 'b', 'c']),
    'web.yaml': `${app}---\n${placement('web', stages)}`,
    ...overlay('?ref=v1'),
  });
  await run(7 * 60_000);
  equal(await shown(), 'one one one', fleet.table());

  tag('two');
  await fleet.kill();
  process = await begin();
  fleet.start();
  await run(60_000);
  equal(await shown(), 'two one one', 'the canary alone, although no commit came');
  match(fleet.cell('shop/web', 'b')?.message ?? '', /soaking until/);
  await run(5 * 60_000);
  equal(await shown(), 'two two two', fleet.table());

  fleet.git.commit(overlay('?ref=main'));
  await run(60_000);
  equal(await shown(), 'two two two', 'what runs stays');
  match(fleet.cell('shop/web', 'a')?.message ?? '', /is at the branch main, which moves/);
  await fleet.close();
  await served.close();
  await git.close();
});
