/** What ssh needs for one run: a key that only we can read, the hosts we know, and no settings of anybody else's. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { misconfigured } from '../settings.ts';
import type { Credential } from './remote.ts';

export type SSHSettings = {
  /** Where the key lies for the time of a run. */
  readonly folder: string;
  readonly knownHostsFile: string;
  readonly connectTimeoutMs: number;
};

// Git can hand ssh no options without a shell to split them, but it runs a program of this name with its own
// arguments. Nothing in this text comes from outside: paths travel in the environment.
const program = `#!/bin/sh
exec ssh -F /dev/null -T -a -x \\
  -o BatchMode=yes -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o CheckHostIP=no \\
  -o UserKnownHostsFile="$LANDFALL_SSH/known_hosts" -o GlobalKnownHostsFile=/dev/null \\
  -o IdentitiesOnly=yes -o IdentityFile="$LANDFALL_SSH/key" -o IdentityAgent=none \\
  -o PreferredAuthentications=publickey -o PermitLocalCommand=no -o ClearAllForwardings=yes \\
  -o ConnectTimeout="$LANDFALL_SSH_TIMEOUT" -o ServerAliveInterval=10 -o ServerAliveCountMax=3 "$@"
`;

/**
 * Runs something with the environment that makes git use ssh so.
 *
 * Errors: `misconfigured`, when there is no key or no list of known hosts.
 */
export async function withSSH<T>(
  settings: SSHSettings,
  credential: Credential,
  run: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (credential.kind !== 'key') throw misconfigured('a repository over ssh needs a key and a known hosts file');
  // ssh would take these apart, or put something in their place.
  if (/[\s"'%~$\\]/.test(settings.folder)) throw misconfigured('the cache folder has a name that ssh would misread');
  const knownHosts = await readFile(settings.knownHostsFile, 'utf8').catch((cause: unknown) => {
    throw misconfigured(`cannot read the known hosts file ${settings.knownHostsFile}`, cause);
  });
  const folder = await mkdtemp(join(settings.folder, 'ssh-'));
  try {
    await chmod(folder, 0o700);
    // OpenSSH refuses a key that lacks its last line break, and one that others may read.
    await writeFile(join(folder, 'key'), `${credential.text.trimEnd()}\n`, { mode: 0o600 });
    await writeFile(join(folder, 'known_hosts'), knownHosts, { mode: 0o600 });
    await writeFile(join(folder, 'ssh'), program, { mode: 0o700 });
    return await run({
      GIT_SSH: join(folder, 'ssh'),
      GIT_SSH_VARIANT: 'ssh',
      LANDFALL_SSH: folder,
      LANDFALL_SSH_TIMEOUT: String(Math.max(1, Math.round(settings.connectTimeoutMs / 1000))),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
