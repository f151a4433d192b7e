/** Small servers on this machine that behave as a test wants: well, slowly, or badly. */
import { once } from 'node:events';
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2,
  createSecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createHttps1 } from 'node:https';
import { createServer as createTCP, type Server, type Socket } from 'node:net';
import type { TestCertificate } from './certificate.ts';

/** The response of either protocol, as far as tests use it. */
export type Answer = {
  readonly setHeader: (name: string, value: string) => void;
  readonly writeHead: (status: number, headers?: Record<string, string>) => void;
  readonly write: (chunk: string | Uint8Array) => void;
  readonly end: (chunk?: string | Uint8Array) => void;
  readonly onClose: (listener: () => void) => void;
};
export type Asked = IncomingMessage | Http2ServerRequest;
export type Handle = (request: Asked, response: Answer) => void;

export type TestServer = {
  readonly origin: string;
  readonly port: number;
  /** Sockets accepted so far, and those still open. */
  readonly accepted: () => number;
  readonly sockets: ReadonlySet<Socket>;
  /** HTTP/2 sessions that are open. */
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** Cuts every connection; the server goes on. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

type ServerOptions = {
  readonly certificate?: TestCertificate;
  /** A secure HTTP/2 server also takes HTTP/1.1. */
  readonly protocols?: readonly ('h2' | 'http/1.1')[];
  readonly maxConcurrentStreams?: number;
  readonly requestCert?: boolean;
};

/** An HTTP server; `protocols` defaults to HTTP/2 alone. */
export function serve(handle: Handle, options: ServerOptions = {}): Promise<TestServer> {
  const onRequest = (request: Asked, response: ServerResponse | Http2ServerResponse): void =>
    handle(request, answer(response));
  const protocols = options.protocols ?? ['h2'];
  const { maxConcurrentStreams, certificate } = options;
  const settings = maxConcurrentStreams === undefined ? {} : { settings: { maxConcurrentStreams } };
  const secure =
    certificate === undefined
      ? undefined
      : {
          cert: certificate.cert,
          key: certificate.key,
          ca: certificate.ca,
          requestCert: options.requestCert ?? false,
          rejectUnauthorized: options.requestCert ?? false,
        };
  if (!protocols.includes('h2')) {
    return started(
      secure === undefined ? createHttp1(onRequest) : createHttps1(secure, onRequest),
      secure !== undefined,
    );
  }
  const server =
    secure === undefined
      ? createHttp2(settings, onRequest)
      : createSecureServer({ ...secure, ...settings, allowHTTP1: protocols.includes('http/1.1') }, onRequest);
  return started(server, secure !== undefined);
}

const answer = (response: ServerResponse | Http2ServerResponse): Answer => ({
  setHeader: (name, value) => void response.setHeader(name, value),
  writeHead: (status, headers) => void (response as ServerResponse).writeHead(status, headers),
  write: (chunk) => void (response as ServerResponse).write(chunk),
  end: (chunk) => void (response as ServerResponse).end(chunk ?? ''),
  onClose: (listener) => void (response as ServerResponse).once('close', listener),
});

/** A server of bytes: silent, cutting, or talking nonsense. */
export const serveTCP = (onSocket: (socket: Socket) => void): Promise<TestServer> =>
  started(createTCP(onSocket), false);

async function started(server: Server | Http2Server, isSecure: boolean): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.on('error', () => {}).once('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => {}).on('clientError', (_error, socket: Socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = (): void => {
    for (const session of sessions) session.destroy();
    for (const socket of sockets) socket.destroy();
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  };
  const origin = `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`;
  return { origin, port, accepted: () => accepted, sockets, sessions, cut, close };
}
