/** Protects: every page can be read by everybody: contrast, names, headings and order, by WCAG 2.2 AA as axe tells it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type ServedDashboard, serveDashboard } from '../builder/dashboard.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, deployment, placement } from '../builder/manifest.ts';
import { everything, problemsOf } from './axe.ts';
import { chromiumPath, complaintsOf, launch } from './browser.ts';

const skip = chromiumPath === undefined;
const long = `a-name-that-never-ends-${'x'.repeat(30)}`;
const names = ['eu-1', long, 'us-1'];
const hostile = `<script>alert(1)</script> ${'unbroken'.repeat(30)} "&'`;

let browser: Browser;
let fleet: TestFleet;
let failing: ServedDashboard;
let nothing: TestFleet;
let empty: ServedDashboard;

/** Nothing of it is well: what runs fails, one cluster is away, one manifest is wrong. */
before(async () => {
  if (skip) return;
  fleet = testFleet({ clusters: names });
  failing = await serveDashboard(fleet);
  const label = { tier: long.slice(0, 60), team: 'a' };
  fleet.git.commit(
    {
      ...clusterManifests(names, () => label),
      'web.yaml': `${app('web')}---\n${placement('web', ['{name: canary, clusterNames: [eu-1]}', '{name: all, clusterSelector: {}, revision: Pinned}'])}`,
      'apps/web/web.yaml': deployment('web', 'web:1-broken'),
      'long.yaml': `${app(long)}---\n${placement(long, ['{name: all, clusterSelector: {}}'])}`,
      [`apps/${long}/x.yaml`]: deployment(long, 'x:1-broken'),
      'wrong.yaml':
        'apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: wrong, namespace: shop}\nspec: {components: 3}\n',
    },
    hostile,
  );
  fleet.sandbox.cluster('us-1').setDisorder({ isDown: true });
  await fleet.run(900_000);
  nothing = testFleet({ clusters: [] });
  empty = await serveDashboard(nothing);
  nothing.git.commit({ 'README.md': 'nothing yet' }, 'Begin');
  await nothing.run(30_000);
  browser = await launch();
});

after(async () => {
  if (skip) return;
  await browser.close();
  for (const each of [failing, empty, fleet, nothing]) await each.close();
});

/** All rules once; of the other modes what is another there. */
const modes: readonly (readonly [name: string, options: BrowserContextOptions, rules: string])[] = [
  ['light', {}, everything],
  ['dark', { colorScheme: 'dark' }, "{type: 'rule', values: ['color-contrast']}"],
  ['a phone', { viewport: { width: 360, height: 740 } }, "{type: 'rule', values: ['target-size', 'meta-viewport']}"],
];
const failingPaths = (): readonly string[] => [
  '/',
  '/?group=team',
  '/?q=nothing-is-called-so',
  '/clusters',
  '/clusters/us-1',
  '/apps/shop/web',
  `/apps/shop/${long}`,
  '/commits',
  `/commits/fleet/${fleet.git.head()}`,
  '/promotions',
  '/apps/shop/none',
];
const emptyPaths = ['/', '/clusters', '/commits', '/plans', '/promotions'];

for (const [mode, options, rules] of modes) {
  test(`accessible: every page of a fleet where all fails, and of one with nothing in it: ${mode}`, {
    skip,
  }, async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const complaints = await complaintsOf(page);
    const found: string[] = [];
    try {
      for (const [url, paths] of [
        [failing.url, failingPaths()],
        [empty.url, emptyPaths],
      ] as const)
        for (const path of paths) {
          await page.goto(`${url}${path}`);
          found.push(...(await problemsOf(page, rules)).map((problem) => `${path} ${problem}`));
          equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${path} is too wide`);
          equal(await page.locator('h1').count(), 1, `${path} has one main heading`);
        }
      deepEqual(found, []);
      deepEqual(
        complaints.filter((text) => !text.includes('404')),
        [],
      );
    } finally {
      await context.close();
    }
  });
}

test('empty pages: each says what to do next', { skip }, async () => {
  const page = await browser.newPage();
  try {
    for (const path of emptyPaths.filter((each) => each !== '/commits')) {
      await page.goto(`${empty.url}${path}`);
      ok((await page.locator('.empty code').count()) > 0, `${path} names what to write or to run`);
    }
  } finally {
    await page.close();
  }
});
