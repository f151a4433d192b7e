/** The files that pages are made of: read once, named by their content, kept by browsers for ever. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Route } from '../server/route.ts';
import { textReply } from '../server/route.ts';

const files = {
  style: { name: 'style.css', type: 'text/css; charset=utf-8', from: new URL('assets/style.css', import.meta.url) },
  live: { name: 'live.js', type: 'text/javascript; charset=utf-8', from: new URL('assets/live.js', import.meta.url) },
  icon: { name: 'icon.svg', type: 'image/svg+xml', from: new URL('assets/icon.svg', import.meta.url) },
  morph: {
    name: 'idiomorph.js',
    type: 'text/javascript; charset=utf-8',
    from: new URL(import.meta.resolve('idiomorph/dist/idiomorph.min.js')),
  },
} as const;

type FileKey = keyof typeof files;

export type Assets = { readonly urls: Readonly<Record<FileKey, string>>; readonly route: Route };

const folder = '/assets/';
const keys: readonly FileKey[] = ['style', 'live', 'icon', 'morph'];

/** Shape: another content is another address, so what was fetched once is never asked for again. */
export function openAssets(): Assets {
  const all = keys.map((key) => {
    const { name, type, from } = files[key];
    const body = readFileSync(fileURLToPath(from));
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
    return { key, type, body, url: `${folder}${name.replace('.', `.${digest}.`)}` };
  });
  const byUrl = new Map(all.map((asset) => [asset.url, asset]));
  const urlOf = (key: FileKey): string => all.find((asset) => asset.key === key)?.url ?? folder;
  return {
    urls: { style: urlOf('style'), live: urlOf('live'), icon: urlOf('icon'), morph: urlOf('morph') },
    route: {
      method: 'GET',
      path: folder,
      answer: async ({ path }) => {
        const asset = byUrl.get(path);
        if (asset === undefined) return textReply(404, 'not found');
        const headers = {
          'content-type': asset.type,
          'cache-control': 'public, max-age=31536000, immutable',
          'cross-origin-resource-policy': 'same-origin',
        };
        return { status: 200, headers, body: asset.body };
      },
    },
  };
}
