/** A Git server that misbehaves on request: it stands before a good one and spoils what passes. */
import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { TestCertificate } from './certificate.ts';

export type Disorder =
  | { readonly kind: 'none' }
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' }
  /** A byte now and then. */
  | { readonly kind: 'slow' }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** To the same path at another origin, or at a path before it. */
  | { readonly kind: 'redirect'; readonly status: number; readonly to: string }
  /** The pack's answer ends after so many bytes, the connection with it. */
  | { readonly kind: 'cut'; readonly atByte: number }
  /** The same, but the server says that this was all. */
  | { readonly kind: 'truncate'; readonly atByte: number }
  | { readonly kind: 'flip'; readonly atByte: number; readonly bit: number }
  | { readonly kind: 'html' }
  /** Speaks the protocol as before 2018. */
  | { readonly kind: 'version0' };

export type DisorderedServer = {
  readonly url: string;
  /** From the next request on. */
  readonly set: (disorder: Disorder) => void;
  /** What was asked for, with the credentials shown. */
  readonly seen: { readonly method: string; readonly path: string; readonly authorization: string | undefined }[];
  /** While it remembers, the same question gets the same answer without the server being asked. */
  readonly remember: (isOn: boolean) => void;
  /** Bytes of the last pack's answer. */
  readonly packBytes: () => number;
  readonly close: () => Promise<void>;
};

/** Stands before the server at `origin`. */
export async function disorderBefore(origin: string, certificate?: TestCertificate): Promise<DisorderedServer> {
  const seen: { method: string; path: string; authorization: string | undefined }[] = [];
  let disorder: Disorder = { kind: 'none' };
  let packBytes = 0;
  let memory: Map<string, Promise<Good>> | undefined;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '/';
    seen.push({ method: request.method ?? 'GET', path, authorization: request.headers.authorization });
    if (!spoil(disorder, request, response, path)) void pass(request, response, path);
  };
  const pass = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const onward = disorder.kind === 'redirect' ? path.slice(disorder.to.length) : path;
    const body = await collected(request);
    const headers = { ...request.headers };
    if (disorder.kind === 'version0') delete headers['git-protocol'];
    const key = `${request.method} ${onward} ${headers['git-protocol']} ${body.toString('latin1')}`;
    const asking = memory?.get(key) ?? ask(origin + onward, request.method ?? 'GET', headers, body);
    memory?.set(key, asking);
    const good = await asking.catch(() => undefined);
    if (good === undefined) return void response.destroy();
    const isPack = path.endsWith('/git-upload-pack') && good.body.includes('PACK');
    if (isPack) packBytes = good.body.length;
    send(response, good, isPack ? spoilt(disorder, good.body) : { body: good.body, isCut: false });
  };
  const server = certificate === undefined ? createServer(handle) : createSecureServer(certificate, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    set: (next) => {
      disorder = next;
    },
    seen,
    remember: (isOn) => {
      memory = isOn ? new Map() : undefined;
    },
    packBytes: () => packBytes,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers in the server's place. Shape: whether it did. */
function spoil(disorder: Disorder, request: IncomingMessage, response: ServerResponse, path: string): boolean {
  switch (disorder.kind) {
    case 'silent':
      return true;
    case 'slow': {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      const timer = setInterval(() => response.write('0'), 50);
      response.once('close', () => clearInterval(timer));
      return true;
    }
    case 'status':
      request.resume();
      response.writeHead(disorder.status, disorder.headers);
      response.end('<html>not for you</html>');
      return true;
    case 'redirect': {
      request.resume();
      if (disorder.to.startsWith('/') && path.startsWith(disorder.to)) return false;
      response.writeHead(disorder.status, { location: disorder.to + path });
      response.end();
      return true;
    }
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>welcome</html>');
      return true;
    default:
      return false;
  }
}

type Good = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer };

function ask(url: string, method: string, headers: IncomingMessage['headers'], body: Buffer): Promise<Good> {
  return new Promise((resolve, reject) => {
    const onward = forward(url, { method, headers }, async (answer) => {
      resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: await collected(answer) });
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

async function collected(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

type Spoilt = { readonly body: Buffer; readonly isCut: boolean };

function spoilt(disorder: Disorder, body: Buffer): Spoilt {
  if (disorder.kind === 'cut') return { body: body.subarray(0, disorder.atByte), isCut: true };
  if (disorder.kind === 'truncate') return { body: body.subarray(0, disorder.atByte), isCut: false };
  if (disorder.kind !== 'flip') return { body, isCut: false };
  const flipped = Buffer.from(body);
  flipped[disorder.atByte] = (flipped[disorder.atByte] ?? 0) ^ (1 << disorder.bit);
  return { body: flipped, isCut: false };
}

function send(response: ServerResponse, answer: Good, { body, isCut }: Spoilt): void {
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
  // A length that is never reached is how a cut connection shows.
  response.writeHead(answer.status, { ...headers, 'content-length': body.length + (isCut ? 1 : 0) });
  if (isCut) response.write(body, () => response.socket?.destroy());
  else response.end(body);
}
