/** What must be known to reach one repository, and how much of anything is too much. */
import { FaultError } from '../../core/model/fault.ts';
import type { RepositoryId } from '../../core/model/id.ts';

export type GitSettings = {
  readonly id: RepositoryId;
  /** `https://`, `http://`, `ssh://`, `user@host:path`, `file://` or a path that begins with `/` or `.`. */
  readonly url: string;
  /** Undefined: the branch that the repository's HEAD names. */
  readonly branch: string | undefined;
  /**
   * Who speaks to an http(s) server. `isomorphic` needs no Git installed; `native` is the system's `git`, for long
   * histories. ssh is always native, and a path needs neither.
   */
  readonly transport: 'isomorphic' | 'native';
  readonly credentials: GitCredentials;
  /** PEM file of the authorities to trust instead of the system's. */
  readonly caFile: string | undefined;
  /** `http://` or `https://` proxy, for http(s) repositories. */
  readonly proxyURL: string | undefined;
  /** Where packs are kept between runs. A cache: safe to delete while Landfall is not running. */
  readonly cacheFolder: string;
  /** Author and committer of what we push. */
  readonly identity: { readonly name: string; readonly email: string };
  readonly limits: GitLimits;
};

/** What a repository's process is told: plain data, and no secret. Paths are absolute. */
export type WorkSettings = Omit<GitSettings, 'credentials'> & { readonly knownHostsFile: string | undefined };

export type GitCredentials =
  | { readonly kind: 'none' }
  /** Most forges take a token as the password of any user. */
  | { readonly kind: 'basic'; readonly username: string; readonly password: SecretText }
  | { readonly kind: 'bearer'; readonly token: SecretText }
  /** `knownHostsFile` is needed: a server that it does not list is not spoken to. */
  | { readonly kind: 'ssh'; readonly key: SecretText; readonly knownHostsFile: string };

/** A secret that may be replaced while we run: read again for each attempt, never kept. */
export type SecretText =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'source'; readonly read: (signal: AbortSignal) => Promise<string> };

export type GitLimits = {
  /** To a connection, TLS included. */
  readonly connectTimeoutMs: number;
  /** One request, from its first byte to the answer's last. */
  readonly requestTimeoutMs: number;
  /** A transfer slower than `lowSpeedBytesPerSecond` for this long is given up. */
  readonly lowSpeedWindowMs: number;
  readonly lowSpeedBytesPerSecond: number;
  /** One whole piece of work: all requests of a fetch or push, unpacking and checking included. */
  readonly workTimeoutMs: number;
  /** A pack, as received. */
  readonly packBytesMax: number;
  /** A pack that only brings what is new. A larger one is not waited for: a fresh copy of the head alone is less. */
  readonly increaseBytesMax: number;
  /** The server's list of refs. */
  readonly refsBytesMax: number;
  /** A file above it is listed and never read. */
  readonly blobBytesMax: number;
  /** Files of one commit. */
  readonly filesMax: number;
  /** What the process that unpacks this repository may take, beyond what an idle one does. */
  readonly memoryBytesMax: number;
  /** Fetches until the local copy is made anew, as every fetch leaves a pack behind. */
  readonly fetchesMax: number;
};

const MiB = 1024 * 1024;

export const defaultLimits: GitLimits = {
  connectTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  lowSpeedWindowMs: 30_000,
  lowSpeedBytesPerSecond: 1_000,
  workTimeoutMs: 180_000,
  packBytesMax: 256 * MiB,
  increaseBytesMax: 16 * MiB,
  refsBytesMax: 16 * MiB,
  blobBytesMax: 16 * MiB,
  filesMax: 100_000,
  memoryBytesMax: 768 * MiB,
  fetchesMax: 100,
};

/** Commits that history is deepened by when a commit cannot be fetched by its SHA. */
export const deepenMax = 200;

export function misconfigured(detail: string, cause?: unknown): FaultError {
  return new FaultError({ kind: 'misconfigured', detail }, { cause });
}
