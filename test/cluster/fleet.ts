/** The control planes that the tests of one run have in common: started by the first to ask, ended after the last. */
import { after } from 'node:test';
import { findOrBuildAssets } from './assets.ts';
import { type ControlPlanes, startControlPlanes } from './control-plane.ts';
import { skipLine } from './skip-line.ts';

export const fleetSize = 3;

let started: Promise<ControlPlanes | undefined> | undefined;

// Whoever awaits the fleet imports this file, and so this hook runs once, after the tests of all files.
after(async () => {
  const fleet = await started?.catch(() => undefined);
  await fleet?.stop();
});

/** Three audited servers with controllers. Undefined, after one loud line, where there are none to be had. */
export function sharedFleet(): Promise<ControlPlanes | undefined> {
  started ??= start();
  return started;
}

async function start(): Promise<ControlPlanes | undefined> {
  const report = (line: string): void => console.error(`# ${line}`);
  const search = await findOrBuildAssets(report);
  if (search.kind === 'missing') {
    report(skipLine(search.reason));
    return undefined;
  }
  return startControlPlanes(search.assets, { count: fleetSize, withControllers: true, isAudited: true, report });
}
