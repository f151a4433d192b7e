/** Protects: whoever follows the link of a plan reads all of it, live, and what strangers wrote there does nothing. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { serveDashboard } from '../builder/dashboard.ts';
import { nextImage, settledScene } from '../engine/preview/scene.ts';
import { everything, problemsOf } from './axe.ts';
import { chromiumPath, complaintsOf, launch } from './browser.ts';

const skip = chromiumPath === undefined;
const hostile = '<img src=x onerror=alert(1)> [here](javascript:alert(1)) **bold** ``` |';

test('plans: a pull request appears in the list, its page has the plan App by App, and a new head is planned while one looks', {
  skip,
  timeout: 180_000,
}, async () => {
  const scene = await settledScene();
  const shown = await serveDashboard(scene.fleet, { plans: scene.plans });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const complaints = await complaintsOf(page);
    await page.goto(`${shown.url}/plans`);
    await page.waitForSelector('#live.on');
    equal(await page.locator('.empty').count(), 1);
    const marker = { 'apps/other/map.yaml': configMapOf(hostile) };
    const number = scene.propose({ ...nextImage, ...marker });
    await scene.fleet.run(90_000);
    await page.locator(`a[href="/plans/fleet/${number}"]`).click();
    await page.waitForSelector('.part');
    match(await page.locator('.verdict').innerText(), /2 to change on 3 clusters/);
    deepEqual(await page.locator('.part summary b').allInnerTexts(), ['shop/other', 'shop/web']);
    match(
      await page
        .locator('.part .added')
        .allInnerTexts()
        .then((lines) => lines.join('\n')),
      /example\.com\/web:2/,
    );
    match(await page.locator('main').innerText(), /<img src=x onerror=alert\(1\)>/);
    equal(await page.locator('main img, main a[href^="javascript"]').count(), 0);
    deepEqual(await problemsOf(page, everything), []);
    if (process.env.LANDFALL_SHOTS !== undefined)
      await page.screenshot({ path: process.env.LANDFALL_SHOTS, fullPage: true });

    await page.locator('.part a', { hasText: 'Only shop/web' }).click();
    await page.waitForURL(/\?app=shop%2Fweb$/);
    deepEqual(await page.locator('.part summary b').allInnerTexts(), ['shop/web']);
    deepEqual(complaints, []);
  } finally {
    await browser.close();
    await shown.close();
    await scene.close();
  }
});

const configMapOf = (value: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' }, data: { value } });
