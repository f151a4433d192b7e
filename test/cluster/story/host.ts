/** Where the repository of a story lives, and who Landfall is there. */
import { join } from 'node:path';
import type { JsonObject } from '../../../src/core/json/value.ts';
import { serveGit } from '../../../src/sandbox/serve-git.ts';

export type GitHost = {
  readonly url: string;
  /** With the name and the password of whoever writes manifests. */
  readonly pushURL: string;
  /** Landfall's. */
  readonly user: { readonly username: string; readonly password: string };
  /** More of its settings. */
  readonly repository: JsonObject;
  readonly close: () => Promise<void>;
};

const user = { username: 'ann', password: 'correct-horse' };

/** A Git server, and nothing else. */
export async function plainHost(folder: string, name: string): Promise<GitHost> {
  const server = await serveGit({ root: join(folder, 'git'), auth: user });
  const { url } = await server.createRepository(name);
  const pushURL = url.replace('://', `://${user.username}:${user.password}@`);
  return { url, pushURL, user, repository: {}, close: server.close };
}
