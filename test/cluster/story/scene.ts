/** What every story begins with: an installed fleet, a Git server, a person's clone, and a controller that runs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from '../api-server.ts';
import type { AuditedRequest, AuditMark } from '../audit-log.ts';
import { type Controller, controller } from './controller.ts';
import { type GitHost, plainHost } from './host.ts';
import { type Member, serviceAccount } from './installed.ts';
import { becomes, kubectlOf } from './witness.ts';
import { cloneOf, type WorkingCopy } from './working-copy.ts';

export type Scene = Pick<WorkingCopy, 'push' | 'note' | 'git'> & {
  readonly servers: readonly ApiServer[];
  readonly controller: Controller;
  /** Resolves when the note of a commit has this line. */
  readonly told: (commit: string, line: RegExp) => Promise<string>;
  readonly mark: () => FleetMark;
  /** What Landfall sent to any cluster since, leases aside. */
  readonly sentSince: (mark: FleetMark) => readonly AuditedRequest[];
  /** Ends the controller and takes off the clusters what it left there. */
  readonly close: () => Promise<void>;
};

export type FleetMark = readonly AuditMark[];

/** `name`: of the repository, so that no scene takes the records of another for its own. The controller is not started. */
export async function openScene(
  name: string,
  members: readonly Member[],
  openHost: (folder: string, name: string) => Promise<GitHost> = plainHost,
): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), `landfall-story-${name}-`));
  const host = await openHost(folder, name);
  const copy = await cloneOf(host.pushURL, join(folder, 'clone'));
  const landfall = await controller(writeSettings(folder, name, host, members[0]?.kubeconfig ?? ''), folder);
  const servers = members.map(({ server }) => server);
  return {
    ...copy,
    servers,
    controller: landfall,
    told: (commit, line) =>
      becomes(
        `the note of ${commit}`,
        () => copy.note(commit),
        (note) => line.test(note),
      ),
    mark: () => servers.map((server) => server.mark()),
    sentSince: (marks) =>
      servers.flatMap((server, index) =>
        server.requestsSince(marks[index] ?? { offsetBytes: 0 }).filter(({ user: by }) => by === serviceAccount),
      ),
    close: async () => {
      try {
        await landfall.stop();
        await Promise.all(servers.map(clear));
      } finally {
        await host.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Passwords lie in files of their own, as they must. */
function writeSettings(folder: string, name: string, host: GitHost, hub: string): string {
  const { username, password } = host.user;
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets, { recursive: true });
  for (const [file, text] of Object.entries({ user: username, password, webhook: webhookSecret }))
    writeFileSync(join(secrets, file), `${text}\n`, { mode: 0o600 });
  const auth = { usernameFile: 'secrets/user', passwordFile: 'secrets/password' };
  const settings = {
    stateDir: 'state',
    repositories: [{ name, url: host.url, pollInterval: '1s', auth, ...host.repository }],
    hub: { file: hub, namespace: 'landfall-clusters' },
    webhooks: { secretFiles: ['secrets/webhook'] },
    // A killed one is waited for.
    limits: { leaseDuration: '6s' },
  };
  const path = join(folder, 'landfall.yaml');
  writeFileSync(path, JSON.stringify(settings));
  return path;
}

/** What a forge signs with. */
export const webhookSecret = 'a-battery-staple';

async function clear(server: ApiServer): Promise<void> {
  const kubectl = kubectlOf(server);
  await kubectl('delete', 'namespace', 'shop', '--ignore-not-found', '--wait=true', '--timeout=60s');
  await kubectl('-n', 'landfall-system', 'delete', 'configmaps', '-l', 'landfall.dev/record=default');
}

/** Cluster manifests for all members, by path. */
export function clusterFiles(
  members: readonly Member[],
  labelsOf: (name: string) => Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    members.map(({ name }) => [
      `clusters/${name}.yaml`,
      `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: ${name}, labels: ${JSON.stringify(labelsOf(name))}}\nspec: {access: {secretRef: {name: ${name}}}}\n`,
    ]),
  );
}
