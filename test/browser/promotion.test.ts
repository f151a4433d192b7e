/** Protects: a promotion can be watched: its pull request opens, shows where it is, and is merged while somebody looks. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { serveDashboard } from '../builder/dashboard.ts';
import { testPromotion } from '../engine/promote/promotion.ts';
import { chromiumPath, complaintsOf, launch } from './browser.ts';

const skip = chromiumPath === undefined;

test('promotions: a pull request opens and is merged while a rollout runs', { skip, timeout: 180_000 }, async () => {
  const scene = testPromotion();
  const shown = await serveDashboard(scene.fleet, { moves: () => scene.promoting().states() });
  const browser = await launch();
  try {
    await scene.run(60);
    // The first one, which names what production begins with.
    await scene.merge(scene.forge.all()[0]?.number ?? 0);
    await scene.run(120);
    const page = await browser.newPage();
    const complaints = await complaintsOf(page);
    await page.goto(`${shown.url}/promotions`);
    await page.waitForSelector('#live.on');
    equal(await page.locator('.move a[rel="noreferrer"]').count(), 0, 'nothing is proposed yet');
    const next = scene.release('2');
    const opened = () => scene.forge.all().find(({ state }) => state === 'open');
    for (let turn = 0; turn < 60 && opened() === undefined; turn += 1) await scene.run(5);
    const request = opened();
    ok(request !== undefined);
    await scene.run(5);
    const link = page.locator('.move a[rel="noreferrer"]');
    await link.waitFor();
    match(await link.innerText(), new RegExp(`pull request ${request.number}$`));
    equal(await link.getAttribute('href'), request.url);
    match(await page.locator('.move').innerText(), new RegExp(`next ${next.slice(0, 8)}[^]*open`));
    if (process.env.LANDFALL_SHOTS !== undefined) await page.screenshot({ path: process.env.LANDFALL_SHOTS });
    await scene.merge(request.number);
    await scene.run(60);
    const pinned = page.locator(`.line .stage:last-child .about a[href="/commits/fleet/${next}"]`);
    await pinned.first().waitFor();
    deepEqual(complaints, []);
  } finally {
    await browser.close();
    await shown.close();
    await scene.close();
  }
});
