/** A real sshd on this machine, for one user with one key. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

export type SSHServer = {
  /** `ssh://user@127.0.0.1:port`, to be followed by an absolute path. */
  readonly url: string;
  readonly port: number;
  readonly keyFile: string;
  readonly knownHostsFile: string;
  readonly close: () => Promise<void>;
};

const program = '/usr/sbin/sshd';

/** Why there can be none here, or undefined. */
export function whyNoSSH(): string | undefined {
  if (!existsSync(program)) return `there is no ${program}`;
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) {
    try {
      mkdirSync('/run/sshd', { mode: 0o755 });
    } catch {
      return 'there is no /run/sshd, and it cannot be made';
    }
  }
  return undefined;
}

/** Starts one; its files lie in `folder`. */
export async function startSSH(folder: string): Promise<SSHServer> {
  mkdirSync(folder, { recursive: true });
  const hostKey = join(folder, 'host');
  const keyFile = join(folder, 'user');
  for (const file of [hostKey, keyFile]) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const port = await freePort();
  writeFileSync(join(folder, 'authorized'), readFileSync(`${keyFile}.pub`));
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'AcceptEnv GIT_PROTOCOL',
  ];
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`);
  const child = spawn(program, ['-D', '-e', '-f', join(folder, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('latin1');
  });
  await answering(
    port,
    () => child.exitCode !== null,
    () => complaint,
  );
  const knownHostsFile = join(folder, 'known_hosts');
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    port,
    keyFile,
    knownHostsFile,
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('close', () => resolve());
        child.kill();
      }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the port takes connections. */
async function answering(port: number, hasEnded: () => boolean, complaint: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (hasEnded()) throw new Error(`sshd ended: ${complaint()}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`sshd takes no connections: ${complaint()}`);
}
