/** The sandbox's forge is held to what a real Gitea does. */
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { serveForge } from '../../../src/sandbox/forge/serve-forge.ts';
import { scratch } from '../../builder/git-work.ts';
import { seededRng } from '../../builder/rng.ts';
import { forgeSuite } from './suite.ts';

forgeSuite('sandbox forge', async () => {
  const place = scratch();
  const options = { project: 'team/fleet', token: 'tok-1', root: place.path('git') };
  const { url, repository, close } = await serveForge(options, { clock: systemClock, rng: seededRng(7) });
  return {
    url,
    project: options.project,
    token: options.token,
    login: 'landfall',
    gitURL: repository?.url ?? '',
    close: async () => {
      await close();
      place.close();
    },
  };
});
