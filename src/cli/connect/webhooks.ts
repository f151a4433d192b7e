/** The routes of webhooks, where the settings name a secret: without one nobody may send any. */
import { readFile } from 'node:fs/promises';
import { FaultError } from '../../core/model/fault.ts';
import type { RepositoryId } from '../../core/model/id.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Route } from '../../server/route.ts';
import { type WebhookDeps, webhookRoutes } from '../../server/webhook/webhook.ts';
import type { Settings } from '../settings/settings.ts';

export function webhooksOf(
  { webhookSecretFiles: files }: Settings,
  { repositories }: Pick<Engine, 'repositories'>,
  deps: Pick<WebhookDeps, 'clock' | 'log' | 'metrics' | 'wakePullRequests'>,
): readonly Route[] {
  if (files.length === 0) return [];
  const wake = (id: RepositoryId): void => repositories.find(({ settings }) => settings.id === id)?.wake();
  return webhookRoutes({
    ...deps,
    secrets: () => secretsIn(files),
    repositories: repositories.map(({ settings }) => settings),
    wake,
    wakePullRequests: (id) => {
      // Plans look at what is open with each look at the branch.
      wake(id);
      deps.wakePullRequests?.(id);
    },
  });
}

/** Read each time: whoever changes a secret tells nobody. One that is missing keeps the other in force. */
async function secretsIn(files: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const secrets = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (secrets.length > 0) return secrets;
  throw new FaultError({ kind: 'misconfigured', detail: `no secret in \`secretFiles\` (${files.join(', ')})` });
}
