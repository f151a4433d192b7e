/** A Git server on this machine: smart HTTP over the system's `git http-backend`, for the demo and the tests. */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { gitEnvironment, runGit } from './serve/git-program.ts';

export type GitServerOptions = {
  /** Folder of the bare repositories; made when absent. */
  readonly root: string;
  /** Whoever does not send exactly this is answered 401. Absent: anybody may read and push. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Answers what is no request of Git's. Absent: Git refuses it. */
  readonly beside?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Called with the name of a repository when a push to it has ended, well or not. */
  readonly onPushed?: (name: string) => void;
};

export type GitServer = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Makes an empty bare repository, or finds it. Shape: `name` is letters, digits, `.`, `_`, `-`, in folders. */
  readonly createRepository: (name: string, branch?: string) => Promise<GitServerRepository>;
  readonly close: () => Promise<void>;
};

export type GitServerRepository = {
  /** To clone from and push to. */
  readonly url: string;
  /** The bare repository on disk. */
  readonly folder: string;
};

/**
 * Starts the server on 127.0.0.1.
 *
 * Errors: rejects when the port is taken; `createRepository` rejects when `git` is not installed or refuses.
 */
export async function serveGit(options: GitServerOptions): Promise<GitServer> {
  await mkdir(options.root, { recursive: true });
  const { beside, onPushed } = options;
  const server = createServer((request, response) => {
    const { name, service } = asked(request);
    if (name === undefined && beside !== undefined) return beside(request, response);
    if (name !== undefined && service === 'git-receive-pack' && request.method === 'POST')
      response.on('close', () => onPushed?.(name));
    if (isAllowed(request, options.auth)) runBackend(options.root, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('Who are you?\n');
  });
  const url = await listen(server, options.port ?? 0);
  return {
    url,
    createRepository: async (name, branch = 'main') => {
      const folder = join(options.root, `${checkedName(name)}.git`);
      await initialise(folder, branch);
      return { url: `${url}/${name}.git`, folder };
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`);
    });
  });
}

/** `/team/shop.git/info/refs` asks `info/refs` of `team/shop`. */
function asked({ url = '/' }: IncomingMessage): { readonly name?: string; readonly service?: string } {
  return /^\/(?<name>[^?]+?)\.git\/(?<service>[^?]*)/.exec(url)?.groups ?? {};
}

function isAllowed(request: IncomingMessage, auth: GitServerOptions['auth']): boolean {
  if (auth === undefined) return true;
  const expected = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  return request.headers.authorization === expected;
}

function checkedName(name: string): string {
  const isPlain = name.split('/').every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part));
  if (!isPlain) throw new RangeError(`not a name for a repository: ${JSON.stringify(name)}`);
  return name;
}

/**
 * Runs `git init`. The settings let clients push, fetch any commit by its SHA and fetch commits without their trees,
 * as the well-known forges do.
 */
async function initialise(folder: string, branch: string): Promise<void> {
  await git(['init', '--quiet', '--bare', `--initial-branch=${branch}`, '--', folder]);
  for (const setting of ['http.receivepack', 'uploadpack.allowAnySHA1InWant', 'uploadpack.allowFilter']) {
    await git(['-C', folder, 'config', setting, 'true']);
  }
}

async function git(args: readonly string[]): Promise<void> {
  const { code, complaint } = await runGit(args);
  if (code !== 0) throw new Error(`git ${args[0]}: ${complaint}`);
}

/** One request, one `git http-backend`, by the rules of CGI. Source: RFC 3875, git-http-backend(1). */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      // Names hold nothing that a URL would escape, so a path that holds an escape is nobody's.
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'landfall',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
  body.on('error', () => child.kill());
  // A backend that has answered early closes its input; what the client still sends is then nobody's.
  child.stdin.on('error', () => body.unpipe(child.stdin));
  child.on('error', () => fail(response));
  response.on('close', () => child.kill());
  body.pipe(child.stdin);
  relay(child.stdout, response);
}

/** Copies a CGI answer: header lines, an empty line, the body. */
function relay(output: Readable, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    output.removeListener('data', onHead);
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).trim();
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
    output.pipe(response);
  };
  output.on('data', onHead);
  output.on('end', () => fail(response));
}

/** Ends an answer that never began. */
function fail(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(500).end();
}
