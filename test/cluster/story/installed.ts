/** The fleet with Landfall installed by the shipped manifests: who it is there, and what it may do, are theirs. */
import { join } from 'node:path';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { kubectlOf } from './witness.ts';

/** Landfall, as audit logs name it. */
export const serviceAccount = 'system:serviceaccount:landfall-system:landfall';

export type Member = {
  /** As its Cluster is called. */
  readonly name: string;
  readonly server: ApiServer;
  /** As Landfall's service account. */
  readonly kubeconfig: string;
};

const names = ['eu-1', 'us-1', 'ap-1'];
/** A folder of config/deploy. */
export const deployFolder = (name: string): string => join(import.meta.dirname, '../../../config/deploy', name);

let installed: Promise<readonly Member[]> | undefined;

/** Done once for all tests. Shape: the first is the hub as well; empty where there are no servers to install on. */
export function installedMembers(): Promise<readonly Member[]> {
  installed ??= install();
  return installed;
}

async function install(): Promise<readonly Member[]> {
  const fleet = await sharedFleet();
  const hub = fleet?.servers[0];
  // Without controllers nothing aggregates the shipped roles, and no pod ever runs.
  if (fleet === undefined || hub === undefined || !fleet.hasControllers || !fleet.hasKubectl) return [];
  const onHub = kubectlOf(hub);
  await onHub('apply', '--server-side', '-k', deployFolder(''));
  const members = await Promise.all(fleet.servers.map((server, index) => enrol(server, names[index] ?? server.name)));
  for (const { name, kubeconfig } of members)
    await onHub('-n', 'landfall-clusters', 'create', 'secret', 'generic', name, `--from-file=kubeconfig=${kubeconfig}`);
  return members;
}

/** As the comments of config/deploy say, word for word. */
async function enrol(server: ApiServer, name: string): Promise<Member> {
  const kubectl = kubectlOf(server);
  await kubectl('apply', '--server-side', '-k', deployFolder('member/single'));
  const token = await kubectl(
    ...['-n', 'landfall-system', 'create', 'token', 'landfall', '--duration=2160h'],
    ...['--bound-object-kind=Secret', '--bound-object-name=landfall-hold'],
  );
  const path = join(server.folder, 'kubeconfig-of-landfall');
  const access = { name, origin: server.origin, ca: server.ca(), user: 'landfall', token: token.trim() };
  return { name, server, kubeconfig: writeKubeconfig(path, access) };
}
