/** A real browser: Debian's Chromium, or whatever Chromium is here. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined: there is none. `LANDFALL_CHROMIUM` names another. */
export const chromiumPath: string | undefined = [process.env.LANDFALL_CHROMIUM ?? '', ...places].find(
  (path) => path !== '' && existsSync(path),
);

export const skipLine =
  'SKIPPED: the dashboard in a browser. There is no Chromium: apt-get install chromium, or name one with LANDFALL_CHROMIUM.';

/** Its sandbox wants rights that a container may not give; what it visits is our own. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });

/** What a page complains of: errors on its console, uncaught ones, and all that its policy forbids. */
export async function complaintsOf(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    found.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('landfallComplains', (text: string) => found.push(text));
  await page.addInitScript(() => {
    const { document, landfallComplains } = globalThis as unknown as {
      document: { addEventListener: (name: string, hear: (event: { violatedDirective: string }) => void) => void };
      landfallComplains: (text: string) => void;
    };
    document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
      landfallComplains(`policy: ${violatedDirective}`),
    );
  });
  return found;
}
