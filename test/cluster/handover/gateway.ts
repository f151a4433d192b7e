/** What KubeVela reaches its other clusters through: one address for the hub, and below a path of it for each member. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { type ApiServer, admin } from '../api-server.ts';

export type Gateway = {
  /** `http://127.0.0.1:<port>`: who asks is the administrator, wherever it leads. */
  readonly origin: string;
  readonly close: () => Promise<void>;
};

/** Source: oam-dev/cluster-gateway, whose API server answers below this path once it is aggregated. */
const memberPath = /^\/apis\/cluster\.core\.oam\.dev\/v1alpha1\/clustergateways\/([^/]+)\/proxy(\/.*)$/;

/** `members`: by the names of their Secrets on the hub. */
export async function gatewayTo(hub: ApiServer, members: ReadonlyMap<string, ApiServer>): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const [, name, path] = memberPath.exec(incoming.url ?? '') ?? [];
    const target = name === undefined ? hub : members.get(name);
    if (target === undefined) outgoing.writeHead(404).end();
    else forward(target, path ?? incoming.url ?? '/', incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Watches would go on for ever.
        server.closeAllConnections();
      }),
  };
}

function forward(target: ApiServer, path: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { host: _, connection: _connection, ...headers } = incoming.headers;
  const passed = request(`${target.origin}${path}`, {
    method: incoming.method,
    ca: target.ca(),
    headers: { ...headers, authorization: `Bearer ${target.tokenFor(admin)}` },
  });
  passed.once('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    pipeline(answer, outgoing, () => passed.destroy());
  });
  passed.once('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
  outgoing.once('close', () => passed.destroy());
  incoming.pipe(passed);
}
