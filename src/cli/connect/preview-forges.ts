/** Which repositories have their pull requests planned, and where the plans are told. */
import type { PreviewDeps } from '../../engine/preview/start.ts';
import type { Settings } from '../settings/settings.ts';
import type { Forges } from './forges.ts';

export function previewForgesBy({ repositories, publicURL }: Settings, forges: Forges['of']): PreviewDeps['forgeOf'] {
  const choices = new Map(repositories.map(({ name, pullRequests }) => [name, pullRequests]));
  return (id) => {
    const [choice, access] = [choices.get(id), forges.get(id)];
    if (choice?.plan !== true || access === undefined) return undefined;
    const { forge, budget } = access;
    const pageOf =
      publicURL === undefined
        ? undefined
        : (number: number): string => `${publicURL}/plans/${encodeURIComponent(id)}/${number}`;
    return { statuses: forge, pullRequests: forge.pullRequests, budget, isForeignPlanned: choice.foreign, pageOf };
  };
}
