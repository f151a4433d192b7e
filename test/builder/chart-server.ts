/** Charts and bases over HTTPS, as the internet has them: a chart repository, a registry, and Git, on one port of this machine. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { TestCertificate } from './certificate.ts';

export type ChartServer = {
  /** `127.0.0.1:<port>`: as a grant names it. */
  readonly host: string;
  /** `GET /charts/index.yaml`, in order. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
};

export type Served = {
  /** Bodies by path, for a chart repository and single files. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Archives by `<name>:<version>`, for the registry. */
  readonly archives: ReadonlyMap<string, Buffer>;
  /** Where everything else is asked for. */
  readonly behind: string;
};

const config = Buffer.from('{"name":"web","version":"1.0.0","apiVersion":"v2"}');
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const describe = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Source: OCI distribution specification 1.1, pull; Helm's media types. */
const manifestOf = (archive: Buffer): Buffer =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: describe('application/vnd.cncf.helm.config.v1+json', config),
      layers: [describe('application/vnd.cncf.helm.chart.content.v1.tar+gzip', archive)],
    }),
  );

type Found = { readonly type: string; readonly body: Buffer };

function inRegistry(path: string, archives: Served['archives']): Found | undefined {
  const [, name = '', what, which = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  const blobs = [config, ...archives.values()];
  if (what === 'blobs') {
    const body = blobs.find((blob) => digestOf(blob) === which);
    return body && { type: 'application/octet-stream', body };
  }
  const manifests = [...archives].map(([key, archive]) => [key, manifestOf(archive)] as const);
  const found = manifests.find(([key, body]) => key === `${name}:${which}` || digestOf(body) === which);
  return found && { type: manifestType, body: found[1] };
}

export async function serveCharts(certificate: TestCertificate, served: Served): Promise<ChartServer> {
  const asked: string[] = [];
  const { cert, key } = certificate;
  const server = createServer({ cert, key }, (incoming, response) => {
    const path = incoming.url ?? '';
    asked.push(`${incoming.method} ${path}`);
    const file = served.files.get(path);
    const found =
      file === undefined ? inRegistry(path, served.archives) : { type: 'application/octet-stream', body: file };
    if (found !== undefined) {
      const headers = { 'content-type': found.type, 'content-length': found.body.length };
      response.writeHead(200, { ...headers, 'docker-content-digest': digestOf(found.body) });
      response.end(incoming.method === 'HEAD' ? undefined : found.body);
      return;
    }
    if (path === '/v2/') return void response.writeHead(200).end('{}');
    const { method, headers } = incoming;
    const behind = request(`${served.behind}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    behind.once('error', () => response.writeHead(502).end());
    incoming.pipe(behind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
