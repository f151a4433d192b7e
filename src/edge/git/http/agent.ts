/** Connections to one server, kept open between requests; straight, or through a proxy. */
import { type RequestOptions as AgentRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { FaultError } from '../../../core/model/fault.ts';

export type AgentSettings = {
  /** PEM. Undefined: the system's roots. */
  readonly ca: string | undefined;
  readonly proxy: URL | undefined;
};

const kept = { keepAlive: true, maxSockets: 4, maxFreeSockets: 1 } as const;

/** `isSecure` tells https from http. */
export function agentOf(isSecure: boolean, settings: AgentSettings): HttpAgent {
  const ca = settings.ca === undefined ? {} : { ca: settings.ca };
  if (!isSecure) return new HttpAgent(kept);
  return settings.proxy === undefined ? new HttpsAgent({ ...kept, ...ca }) : new TunnelAgent(settings.proxy, ca);
}

/** The header that a proxy's own credentials make; they come from its URL. */
export function proxyAuthorization(proxy: URL): Readonly<Record<string, string>> {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Asks the proxy for a tunnel, then speaks TLS to the server through it. Source: RFC 9110, 9.3.6. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, ca: { readonly ca?: string }) {
    super({ ...kept, ...ca });
    this.#proxy = proxy;
  }

  override createConnection(
    options: AgentRequest & { readonly ca?: string; readonly servername?: string },
    done: (error: Error | null, stream?: Duplex) => void,
  ): undefined {
    const proxy = this.#proxy;
    const target = `${options.host}:${options.port}`;
    const ask = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      method: 'CONNECT',
      path: target,
      agent: false,
      headers: { host: target, ...proxyAuthorization(proxy) },
    });
    const fail = (error: Error): void => done(error);
    ask.once('error', fail);
    ask.once('response', (response) => {
      response.resume();
      fail(new FaultError({ kind: 'misconfigured', detail: `the proxy answers ${response.statusCode} to CONNECT` }));
    });
    ask.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        const detail = `the proxy answers ${response.statusCode} to CONNECT`;
        return fail(new FaultError({ kind: response.statusCode === 407 ? 'misconfigured' : 'unreachable', detail }));
      }
      const ca = options.ca === undefined ? {} : { ca: options.ca };
      // Without a name, as an address has none, the certificate is checked against the host.
      done(null, tlsConnect({ socket, host: options.host ?? '', servername: options.servername ?? '', ...ca }));
    });
    ask.end();
    return undefined;
  }
}
