/**
 * Distils what a running kube-apiserver says of its own kinds into `src/sandbox/schema/data/*.json`.
 *
 * Usage: `node test/cluster/distill/distill.ts <url> <token> <ca.pem>`, with a server that `test/cluster` built and Go
 * on the path (the layout of the Go types is printed by `shapes/main.go`). The files are committed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { packKinds } from './kinds.ts';
import { type OpenSchema, packTypes, type Shapes } from './types.ts';

const [url = '', token = '', caFile = ''] = process.argv.slice(2);
const ca = readFileSync(caFile, 'utf8');
const here = import.meta.dirname;
const data = join(here, '../../../src/sandbox/schema/data');

function get<Body>(path: string, accept = 'application/json'): Promise<Body> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept };
    request(new URL(path, url), { ca, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

type OpenDocument = { readonly components?: { readonly schemas?: Readonly<Record<string, OpenSchema>> } };

async function readSchemas(): Promise<ReadonlyMap<string, OpenSchema>> {
  const { paths } = await get<{ paths: Record<string, { serverRelativeURL: string }> }>('/openapi/v3');
  const schemas = new Map<string, OpenSchema>();
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    if (!/^(api|apis\/[^/]+)\/v[^/]+$/.test(path)) continue;
    const document = await get<OpenDocument>(serverRelativeURL);
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) schemas.set(name, schema);
  }
  return schemas;
}

/** One value a line, so that a new version of Kubernetes shows as a readable difference. */
function write(file: string, head: Record<string, unknown>, rows: readonly unknown[]): void {
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n');
  const start = JSON.stringify(head).slice(0, -1);
  writeFileSync(join(data, file), `${start},\n"rows": [\n${lines}\n]}\n`);
}

const { gitVersion } = await get<{ gitVersion: string }>('/version');
const about = `What Kubernetes ${gitVersion} says of itself (Apache-2.0), packed by test/cluster/distill. Not edited by hand.`;
const shapes = JSON.parse(
  execFileSync('go', ['run', './distill/shapes'], { cwd: join(here, '..'), maxBuffer: 1 << 26, encoding: 'utf8' }),
) as Shapes;
write('types.json', { about }, packTypes(await readSchemas(), shapes));
const { groups, columns, rows } = await packKinds(get);
write('kinds.json', { about, groups, columns }, rows);
