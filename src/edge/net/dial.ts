/** Opens a socket to a server: directly or through a proxy, in the clear or with TLS. */
import { request as httpRequest } from 'node:http';
import { type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { Endpoint } from '../../seam/net.ts';
import { fault, faultOf } from './failure.ts';
import { guardedLookup, refuseAddress } from './guard.ts';
import { bare, type Trust } from './tls.ts';

export type Protocol = 'h2' | 'http/1.1';

/** Where to dial; `trust` is undefined for `http://`. */
export type Target = { readonly endpoint: Endpoint; readonly trust: Trust | undefined };

/** `protocol` is what TLS agreed on; undefined in the clear, where nobody asks. */
export type Dialled = { readonly socket: Socket; readonly protocol: Protocol | undefined };

const keepAliveMs = 30_000;

/** Errors: unreachable, protocol, misconfigured; or the signal's reason, with nothing left open. */
export async function dial(target: Target, offers: readonly Protocol[], signal: AbortSignal): Promise<Dialled> {
  const { endpoint, trust } = target;
  const doing = `connecting to ${endpoint.origin}`;
  const { host, port } = addressOf(endpoint.origin);
  if (endpoint.isGuarded === true) refuseAddress(host);
  const guard = endpoint.isGuarded === true ? { lookup: guardedLookup } : {};
  const raw =
    endpoint.proxyURL === undefined
      ? tcpConnect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs, ...guard })
      : await throughProxy(endpoint.proxyURL, `${host.includes(':') ? `[${host}]` : host}:${port}`, signal);
  if (trust === undefined) {
    if (raw.connecting) await until(raw, 'connect', doing, signal);
    return { socket: raw, protocol: undefined };
  }
  // TLS takes over the socket's errors, also those of connecting.
  const secure = tlsConnect({ ...trust, host, socket: raw, ALPNProtocols: [...offers] });
  await until(secure, 'secureConnect', doing, signal);
  return { socket: secure, protocol: secure.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' };
}

function addressOf(origin: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(origin);
  return { host: bare(hostname), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Source: RFC 9110, 9.3.6. */
async function throughProxy(proxyURL: string, authority: string, signal: AbortSignal): Promise<Socket> {
  const proxy = URL.parse(proxyURL);
  if (proxy === null || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')) {
    throw fault('misconfigured', 'the proxy URL is not http:// or https://');
  }
  const doing = `connecting through proxy ${proxy.host}`;
  const user = userOf(proxy);
  const { host, port } = addressOf(proxy.origin);
  const socket =
    proxy.protocol === 'https:'
      ? tlsConnect({ host, port, servername: host, ALPNProtocols: ['http/1.1'] })
      : tcpConnect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
  await until(socket, proxy.protocol === 'https:' ? 'secureConnect' : 'connect', doing, signal);
  const status = await new Promise<number>((resolve, reject) => {
    const connect = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(user === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
      },
      createConnection: () => socket,
      signal,
    });
    connect.once('connect', (response, _socket, rest) => {
      if (rest.length > 0) socket.unshift(rest);
      resolve(response.statusCode ?? 0);
    });
    // A proxy that answers CONNECT with a page is no proxy.
    connect.once('response', (response) => resolve(response.statusCode ?? 0));
    connect.once('error', (error) => reject(signal.aborted ? signal.reason : faultOf(error, doing)));
    connect.end();
  });
  if (status === 200) return socket;
  socket.destroy();
  const kind = status === 401 || status === 403 || status === 407 ? 'misconfigured' : 'unreachable';
  throw fault(kind, `${doing}: it answered ${status}`);
}

/** `name:password`, or nothing. Errors: misconfigured, without showing it. */
function userOf({ username, password }: URL): string {
  try {
    return username === '' ? '' : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw fault('misconfigured', 'the user or the password in the proxy URL is not percent-encoded');
  }
}

/** Waits for a socket's event; whatever else happens, the socket is destroyed. */
function until(socket: Socket, event: 'connect' | 'secureConnect', doing: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const fail = (error: unknown): void => {
      settle(() => socket.on('error', () => {}).destroy());
      reject(error);
    };
    // Between two owners a socket's error has no listener of theirs, and unheard it would end the process.
    const onReady = (): void =>
      settle(() => {
        socket.on('error', () => {});
        resolve();
      });
    const onError = (error: Error): void => fail(faultOf(error, doing));
    const onClose = (): void => fail(fault('unreachable', `${doing}: the connection was closed`));
    const onAbort = (): void => fail(signal.reason);
    if (signal.aborted) return onAbort();
    socket.once(event, onReady).once('error', onError).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
