/** Protects: what a person sees of a rollout is true, changes by itself, and nothing hostile does anything. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { CommitSha } from '../../src/core/model/id.ts';
import { parseNote } from '../../src/core/report/note.ts';
import { type ServedDashboard, serveDashboard, statusRef } from '../builder/dashboard.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, deployment, pin, placement } from '../builder/manifest.ts';
import { chromiumPath, complaintsOf, launch, skipLine } from './browser.ts';

const hostile = '<img src=x onerror="alert(1)">';
const names = ['ap-1', 'eu-1', 'us-1'];
const tiers: Readonly<Record<string, string>> = { 'eu-1': 'canary', 'us-1': 'production', 'ap-1': 'production' };
const stages = [
  '{name: canary, clusterNames: [eu-1], soak: 30s}',
  '{name: production, clusterSelector: {}, revision: Pinned}',
];
const skip = chromiumPath === undefined;
if (skip) console.log(skipLine);

let browser: Browser;
let fleet: TestFleet;
let shown: ServedDashboard;
let first: CommitSha;

before(async () => {
  if (skip) return;
  fleet = testFleet({ clusters: names });
  shown = await serveDashboard(fleet);
  first = fleet.git.commit(
    {
      ...clusterManifests(names, (name) => ({ tier: tiers[name] ?? '' })),
      'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
      'apps/web/web.yaml': deployment('web', 'web:1'),
      'cart.yaml': `${app('cart')}---\n${placement('cart', ['{name: all, clusterSelector: {}}'])}`,
      'apps/cart/cart.yaml': deployment('cart', 'cart:1'),
    },
    hostile,
  );
  await fleet.run(60_000);
  const bypass = `, bypass: {gates: [Soak], reason: '${hostile}', until: "2100-01-01T00:00:00Z"}`;
  fleet.git.commit({ 'pin.yaml': pin('web', 'production', first, bypass) });
  await fleet.run(60_000);
  browser = await launch();
});

after(async () => {
  if (skip) return;
  await browser.close();
  await shown.close();
  await fleet.close();
});

/** A fresh page, which may not complain of anything. */
function browse(name: string, path: string, use: (page: Page) => Promise<void>, options: object = {}): void {
  test(name, { skip }, async () => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints = await complaintsOf(page);
    try {
      await page.goto(`${shown.url}${path}`);
      await use(page);
      deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

/** Moves the fleet's time until the page shows it. */
async function untilShown(page: Page, selector: string, stepMs = 500): Promise<void> {
  const seen = page.waitForSelector(selector, { timeout: 60_000 }).then(() => true);
  let isSeen = false;
  void seen.then(
    () => {
      isSeen = true;
    },
    () => undefined,
  );
  while (!isSeen && (await Promise.race([seen, fleet.run(stepMs).then(() => false)])) !== true);
  await seen;
}

browse('fleet: the matrix changes while a rollout runs, without being asked', '/', async (page) => {
  await page.waitForSelector('#live.on');
  equal(await page.locator('.matrix tbody tr').count(), 2);
  equal(await page.locator('.matrix td.tint').count(), 0, 'all is well at first');
  fleet.git.commit({ 'apps/cart/cart.yaml': deployment('cart', 'cart:2-broken') }, 'cart: a bad release');
  await untilShown(page, '.matrix td.tint a[aria-label^="shop/cart on"]');
  match((await page.locator('.matrix td.tint a').first().getAttribute('aria-label')) ?? '', /^shop\/cart on \S+: /);
  fleet.git.commit({ 'apps/cart/cart.yaml': deployment('cart', 'cart:3') }, 'cart: mended');
  await untilShown(page, '.matrix:not(:has(td.tint))');
  equal(await page.locator('.head strong').innerText(), '6 of 6 cells');
});

browse('fleet: what is typed narrows it, and stays in the address', '/', async (page) => {
  await page.getByLabel('Find').fill('cart');
  await page.waitForSelector('.matrix tbody:not(:has(tr:nth-child(2)))');
  equal(new URL(page.url()).search, '?q=cart');
  await page.getByLabel('Labels').fill('tier=production');
  await page.waitForSelector('.matrix thead tr:not(:has(.column ~ .column ~ .column))');
  await page.reload();
  equal(await page.locator('.matrix thead .column').count(), 2);
  equal(await page.getByLabel('Find').inputValue(), 'cart');
});

browse(
  'fleet: what is typed is text, whatever it is',
  `/?q=${encodeURIComponent(hostile)}&label=${encodeURIComponent(hostile)}`,
  async (page) => {
    equal(await page.getByLabel('Find').inputValue(), hostile);
    equal(await page.locator('img[src="x"]').count(), 0);
  },
);

browse('app: stages in order, and hostile reasons are text', '/apps/shop/web', async (page) => {
  deepEqual(await page.locator('.stages > .stage h2').allInnerTexts(), ['canary', 'production']);
  ok((await page.locator('main').innerText()).includes(hostile));
  equal(await page.locator('img[src="x"]').count(), 0);
});

browse('commit: says what was told, and a hostile subject is text', '/commits', async (page) => {
  await shown.tell();
  await page.getByRole('link', { name: hostile }).click();
  await page.waitForSelector('.statuses');
  equal(await page.locator('h1').innerText(), hostile);
  equal(await page.title(), `${hostile} · Landfall`);
  equal(await page.locator('img[src="x"]').count(), 0);
  const rows = await page.locator('.statuses tbody tr').all();
  const seen = await Promise.all(
    rows.map(async (row) => {
      const [context, state, text] = await Promise.all([
        row.locator('th').innerText(),
        row.locator('.badge').first().innerText(),
        row.locator('.told').innerText(),
      ]);
      return `${context} ${state.split(/\s/).at(-1)} ${text}`;
    }),
  );
  const told = parseNote(fleet.git.notes(statusRef).get(first) ?? '');
  ok(told.size > 1);
  deepEqual(seen.toSorted(), [...told].map(([context, { state, text }]) => `${context} ${state} ${text}`).toSorted());
});

const paths = [
  '/',
  '/clusters',
  '/clusters/eu-1',
  '/apps/shop/web',
  '/commits',
  '/commits/fleet',
  '/promotions',
  '/none',
];
for (const path of paths.slice(0, -1)) {
  browse(
    `${path}: fits a phone`,
    path,
    async (page) => {
      equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    },
    { viewport: { width: 360, height: 740 } },
  );
  browse(
    `${path}: can be read without JavaScript`,
    path,
    async (page) => ok((await page.locator('h1').innerText()).length > 0),
    {
      javaScriptEnabled: false,
    },
  );
}

browse('keyboard: the first stop leads past the navigation, and every page has one main heading', '/', async (page) => {
  await page.keyboard.press('Tab');
  equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content');
  await page.keyboard.press('Enter');
  equal(await page.evaluate('document.activeElement.id'), 'main');
  equal(await page.locator('h1').count(), 1);
});

browse('clusters: one that does not answer says since when and why', '/clusters', async (page) => {
  await page.waitForSelector('#live.on');
  fleet.sandbox.cluster('us-1').setDisorder({ isDown: true });
  await untilShown(page, 'tr:has(th:has-text("us-1")) .badge.bad', 10_000);
  await page.goto(`${shown.url}/`);
  match(await page.locator('.notice.bad').first().innerText(), /us-1 has not answered since .+: .+/s);
  fleet.sandbox.cluster('us-1').setDisorder({});
  await untilShown(page, 'main:not(:has(.notice.bad))', 10_000);
});
