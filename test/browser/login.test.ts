/** Protects: a person logs in at a provider with a real browser, comes back to the page they wanted, and out again. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { serveDashboard } from '../builder/dashboard.ts';
import { testFleet } from '../builder/fleet.ts';
import { openProvider, type TestProvider } from '../builder/openid-provider.ts';
import { chromiumPath, complaintsOf, launch } from './browser.ts';

const skip = chromiumPath === undefined;
const accounts = { ann: { name: 'Ann', groups: ['platform'] }, bob: { name: 'Bob', groups: [] } };

test('login: at a provider, to the page that was wanted, and out again', { skip, timeout: 120_000 }, async () => {
  const fleet = testFleet({ clusters: ['a'] });
  const opened = Promise.withResolvers<TestProvider>();
  const shown = await serveDashboard(fleet, {
    isPublic: true,
    provider: async (url) => {
      const client = { clientID: 'landfall', redirectURL: `${url}/login/callback` };
      opened.resolve(openProvider({ ...client, accounts }));
      return {
        ...client,
        issuer: (await opened.promise).issuer,
        clientSecretFile: undefined,
        scopes: ['openid', 'profile', 'groups'],
        rules: { everyone: false, groups: ['platform'], groupsClaim: 'groups', emails: [], claims: {} },
        sessionLifeMs: 3_600_000,
        caFile: undefined,
        proxyURL: undefined,
      };
    },
  });
  const browser = await launch();
  try {
    const logIn = async (name: string) => {
      const page = await (await browser.newContext()).newPage();
      const complaints = await complaintsOf(page);
      await page.goto(`${shown.url}/clusters?show=away`);
      equal(await page.locator('nav').count(), 0, 'whoever is not in is led nowhere');
      await page.getByRole('link', { name: /^Log in with 127\.0\.0\.1/ }).click();
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.waitForURL((url) => url.origin === shown.url);
      return { page, complaints };
    };
    const { page, complaints } = await logIn('ann');
    equal(page.url(), `${shown.url}/clusters?show=away`);
    equal(await page.locator('.visitor').innerText(), 'Ann');
    await page.waitForSelector('#live.on');
    equal(await page.evaluate('document.cookie'), '', 'no script reads the session');
    await page.getByRole('button', { name: 'Log out' }).click();
    match(await page.locator('.notice').innerText(), /You have logged out/);
    await page.goto(`${shown.url}/`);
    match(page.url(), /\/login\?back=%2F$/);
    // The provider has no picture of itself.
    deepEqual(
      complaints.filter((text) => !text.includes('404')),
      [],
    );

    const bob = await logIn('bob');
    match(await bob.page.locator('[role="alert"]').innerText(), /Bob is known to .*not among those who may look/);
  } finally {
    await browser.close();
    await shown.close();
    await fleet.close();
    await (await opened.promise).close();
  }
});
