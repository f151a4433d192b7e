/** Landfall as a contestant. */
import { type Bench, landfallOn } from '../bench.ts';
import type { Contestant } from './contestant.ts';

export const landfall = (bench: Bench): Contestant => ({
  name: 'Landfall',
  isOwn: (userAgent) => userAgent.startsWith('landfall') && !userAgent.startsWith('landfall/observer'),
  start: async ({ namespace, members, repository, apps }) => {
    const start = await landfallOn(bench, namespace, repository);
    const subject = await start();
    const clusters = members.map(({ name }) => name);
    await subject.ask('connected', clusters);
    const tell = (): Promise<undefined> => subject.ask('poll', undefined);
    await tell();
    const cells = clusters.length * apps.length;
    await subject.ask('converged', { commit: await repository.head(), clusters, cells });
    return { pids: [subject.pid], tell, round: tell, stop: () => subject.stop() };
  },
});
