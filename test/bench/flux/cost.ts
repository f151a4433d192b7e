/** What something costs a contestant: how long it takes, its requests at the members, its processor time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../cluster/api-server.ts';
import { isObjectRequest } from '../../cluster/audit-log.ts';
import { processorMs } from '../program.ts';
import type { Contestant, Running } from './contestant.ts';

export type Cost = { readonly durationMs: number; readonly requests: number; readonly processorMs: number };

export type Seen = {
  readonly contestant: Pick<Contestant, 'isOwn'>;
  readonly running: Pick<Running, 'pids'>;
  readonly members: readonly ApiServer[];
};

const quietMs = 1_000;

/** `work` tells how long it took; what it has set in motion is counted until a second has passed without a request. */
export async function costOf(seen: Seen, work: () => Promise<number>): Promise<Cost> {
  const { contestant, running, members } = seen;
  const marks = members.map((member) => member.mark());
  const spent = (): number => running.pids.reduce((sum, pid) => sum + (processorMs(pid) ?? Number.NaN), 0);
  const asked = (): number =>
    members
      .flatMap((member, index) => member.requestsSince(marks[index]!))
      .filter((each) => isObjectRequest(each) && each.verb !== 'watch' && contestant.isOwn(each.userAgent)).length;
  const spentBefore = spent();
  const durationMs = await work();
  let requests = asked();
  for (;;) {
    await sleep(quietMs);
    const now = asked();
    if (now === requests) return { durationMs, requests, processorMs: spent() - spentBefore };
    requests = now;
  }
}
