/** The conformance suite: the same cases on a real kube-apiserver and on the sandbox. */
import { randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { answered, type Case, type Scope, type Theme } from './case.ts';
import { type Api, connect, type Target } from './client.ts';
import { type Exemption, reasonsOf } from './exemption.ts';
import { themes } from './themes.ts';

const casesAtOnce = 12;

export function conform(target: Target, exemptions: readonly Exemption[] = []): void {
  const titles = themes.flatMap((theme) => [theme.name, ...theme.cases.map((each) => titleOf(theme, each))]);
  const reasons = reasonsOf(exemptions, new Set(titles));
  describe(`conform: ${target.name}`, { concurrency: casesAtOnce }, () => {
    const api = connect(target);
    after(() => api[Symbol.dispose]());
    const scopes = scopesOf(api, target);
    for (const theme of themes) {
      for (const each of theme.cases) {
        const title = titleOf(theme, each);
        it(title, { skip: reasons.get(title) ?? reasons.get(theme.name) ?? false, timeout: 120_000 }, async () => {
          await each.run(await scopes(each));
        });
      }
    }
  });
}

const titleOf = (theme: Theme, each: Case): string => `${theme.name}: ${each.name}`;

/** Names never come again, so that the suite can run on one server as often as one likes. */
function scopesOf(api: Api, target: Target): (each: Case) => Promise<Scope> {
  const run = randomBytes(3).toString('hex');
  let count = 0;
  return async (each) => {
    count += 1;
    const namespace = `conform-${run}-${count}`;
    if (each.isClusterWide !== true) {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      answered(201, await api.create('/api/v1/namespaces', object));
    }
    return {
      api,
      target,
      namespace,
      core: `/api/v1/namespaces/${namespace}`,
      apps: `/apis/apps/v1/namespaces/${namespace}`,
      group: (groupVersion) => `/apis/${groupVersion}/namespaces/${namespace}`,
    };
  };
}
