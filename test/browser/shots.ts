/** `npm run shots -- <folder>`: the dashboard of a rollout on a small fleet and on a large one, as a browser shows it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { serveDashboard } from '../builder/dashboard.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, pin, placement } from '../builder/manifest.ts';
import { launch } from './browser.ts';

const [folder = 'shots'] = process.argv.slice(2);
const regions = ['eu', 'us', 'ap'];
const clusterNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${regions[at % 3]}-${1 + Math.floor(at / 3)}`);

/** A fleet in the middle of things: a canary that soaks, a bad release, a cluster that is away, something changed by hand. */
async function scene(count: number): Promise<TestFleet> {
  const names = clusterNames(count);
  const fleet = testFleet({ clusters: names, sandbox: { workloads: count > 10 ? 'status' : 'pods' } });
  const waves = 'waves: {topologyKey: region, order: [us, ap, eu]}';
  const canaries = names.slice(0, Math.max(1, Math.floor(count / 20))).join(', ');
  const stages = [
    `{name: canary, clusterNames: [${canaries}], soak: 30s}`,
    `{name: production, clusterSelector: {}, revision: Pinned, maxUnavailable: 100%, ${waves}}`,
  ];
  const everywhere = ['{name: fleet, clusterSelector: {}, maxUnavailable: 100%}'];
  const simple = ['ingress', 'metrics', 'policies', 'search', 'checkout'];
  const first = fleet.git.commit(
    {
      ...clusterManifests(names, (name) => ({
        region: name.slice(0, 2),
        tier: canaries.split(', ').includes(name) ? 'canary' : 'production',
      })),
      'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
      'apps/web/web.yaml': `${deployment('web', 'web:1')}---\n${configMap('page', 'hello')}`,
      ...Object.fromEntries(
        simple.flatMap((name) => [
          [`${name}.yaml`, `${app(name)}---\n${placement(name, everywhere)}`],
          [`apps/${name}/${name}.yaml`, deployment(name, `${name}:1`, 1)],
        ]),
      ),
    },
    'The shop, everywhere',
  );
  await fleet.run(120_000);
  fleet.git.commit({ 'pin.yaml': pin('web', 'production', first) }, 'Production runs the first release');
  await fleet.run(240_000);
  for (let turn = 0; turn < 4; turn += 1) {
    const path = '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl-edit';
    const patch = [{ op: 'replace', path: '/spec/replicas', value: 5 + turn }];
    await fleet.request(names[1] ?? '', 'PATCH', path, patch, 'application/json-patch+json');
    await fleet.run(5_000);
  }
  fleet.sandbox.cluster(names.at(-1) ?? '').setDisorder({ isDown: true });
  await fleet.run(30_000);
  fleet.git.commit({ 'apps/web/web.yaml': `${deployment('web', 'web:2')}---\n${configMap('page', 'new')}` }, 'web: 2');
  fleet.git.commit({ 'apps/checkout/checkout.yaml': deployment('checkout', 'checkout:2-broken', 1) }, 'checkout: 2');
  await fleet.run(20_000);
  return fleet;
}

const modes = [
  { name: 'light', options: { viewport: { width: 1280, height: 800 } } },
  { name: 'dark', options: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' } },
  { name: 'phone', options: { viewport: { width: 390, height: 800 } } },
] as const;

async function shoot(browser: Browser, count: number): Promise<void> {
  const fleet = await scene(count);
  const shown = await serveDashboard(fleet);
  try {
    await fleet.run(15_000);
    await shown.tell();
    const head = fleet.git.head();
    const pages: readonly (readonly [name: string, path: string])[] = [
      ['fleet', '/'],
      ['groups', '/?group=region'],
      ['clusters', '/clusters'],
      ['cluster', `/clusters/${clusterNames(count).at(-1)}`],
      ['app', '/apps/shop/web'],
      ['commits', '/commits'],
      ['commit', `/commits/fleet/${head}`],
      ['promotions', '/promotions'],
      ['missing', '/apps/shop/none'],
    ];
    for (const { name: mode, options } of modes) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      for (const [name, path] of pages) {
        await page.goto(`${shown.url}${path}`);
        if (name !== 'missing') await page.waitForSelector('#live.on');
        await page.screenshot({ path: join(folder, `${count}-${name}-${mode}.png`), fullPage: count < 10 });
      }
      await context.close();
    }
  } finally {
    await shown.close();
    await fleet.close();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const count of [3, 200]) await shoot(browser, count);
await browser.close();
