/** Which repositories have their pins moved by pull requests. */

import { Requests } from '../../engine/promote/requests.ts';
import type { PromoteDeps } from '../../engine/promote/start.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Settings } from '../settings/settings.ts';
import type { Forges } from './forges.ts';

export function requestsBy(
  { repositories, publicURL }: Settings,
  forges: Forges['of'],
  clock: Clock,
): PromoteDeps['requestsOf'] {
  const choices = new Map(repositories.map(({ name, pullRequests }) => [name, pullRequests]));
  return ({ settings: { id, branch } }) => {
    const [choice, access] = [choices.get(id), forges.get(id)];
    if (choice?.promote !== true || access === undefined) return undefined;
    const { forge, budget } = access;
    const page = publicURL === undefined ? undefined : `${publicURL}/promotions`;
    return new Requests(branch, { forge: forge.pullRequests, budget, clock, page });
  };
}
