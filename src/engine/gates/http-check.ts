/** A page that must answer with one status. */
import { type Check, fail, pass } from './answer.ts';
import { type WebDeps, webGet } from './web.ts';

export const httpCheck =
  (deps: WebDeps): Check<'http'> =>
  async ({ check: { url, status: wanted } }, signal) => {
    const { status } = await webGet(url, deps, signal);
    return status === wanted ? pass(`answers ${status}`) : fail(`answers ${status}, not ${wanted}`);
  };
