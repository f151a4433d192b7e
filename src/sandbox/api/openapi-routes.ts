/** OpenAPI v3: an index of documents by group and version, each kept by clients for as long as its hash holds. */

import { hash } from 'node:crypto';
import { formatJson } from '../../core/json/text.ts';
import { groupVersionOf } from '../registry/kinds.ts';
import type { World } from '../registry/world.ts';
import { openapiDocument, openapiHash } from '../schema/openapi.ts';
import { answer, jsonType } from './call.ts';
import type { ApiAnswer } from './exchange.ts';

type Document = { readonly hash: string; readonly text: () => string };
type View = { readonly world: World; readonly query: URLSearchParams };

/** Documents that clients list and never read: which groups there are is discovery's to say. */
const empty = ['api', 'apis', 'version'];
const emptyText = (path: string): string =>
  formatJson({ openapi: '3.0.0', info: { title: 'Kubernetes', version: '1.36' }, paths: { [`/${path}/`]: {} } });

const documentPath = (group: string, groupVersion: string): string =>
  `${group === '' ? 'api' : 'apis'}/${groupVersion}`;

function documentAt({ kinds }: World, path: string): Document | undefined {
  if (empty.includes(path)) {
    const text = emptyText(path);
    return { hash: hash('sha512', text, 'hex').toUpperCase(), text: () => text };
  }
  for (const { name, versions } of kinds.groups()) {
    for (const version of versions) {
      const groupVersion = groupVersionOf({ group: name, version });
      if (documentPath(name, groupVersion) !== path) continue;
      const custom = kinds.custom(groupVersion);
      return { hash: openapiHash(groupVersion, custom), text: () => formatJson(openapiDocument(groupVersion, custom)) };
    }
  }
  return undefined;
}

const addressOf = (path: string, tag: string): string => `/openapi/v3/${path}?hash=${tag}`;

/** GET /openapi/v3: JSON, though the real server calls it plain text. */
export function openapiIndex({ world }: View): ApiAnswer {
  const { kinds } = world;
  const served = kinds.groups().flatMap(({ name, versions }) =>
    versions.map((version) => {
      const groupVersion = groupVersionOf({ group: name, version });
      return [documentPath(name, groupVersion), openapiHash(groupVersion, kinds.custom(groupVersion))] as const;
    }),
  );
  const others = empty.map((path) => [path, documentAt(world, path)?.hash ?? ''] as const);
  const paths = [...others, ...served].map(
    ([path, tag]) => [path, { serverRelativeURL: addressOf(path, tag) }] as const,
  );
  return answer(200, formatJson({ paths: Object.fromEntries(paths) }), 'text/plain; charset=utf-8');
}

/** GET of one document; undefined when there is none. A wrong hash is sent on to the right one. */
export function openapiOf({ world, query }: View, parts: readonly string[]): ApiAnswer | undefined {
  const path = parts.join('/');
  const document = documentAt(world, path);
  if (document === undefined) return undefined;
  const asked = query.get('hash');
  const etag = `"${document.hash}"`;
  const isRight = asked === document.hash;
  if (asked !== null && !isRight) {
    const headers = { 'content-type': jsonType, etag, vary: 'Accept', location: addressOf(path, document.hash) };
    return { status: 301, headers, body: '' };
  }
  const headers = { 'cache-control': isRight ? 'public, immutable' : 'no-cache, private', etag, vary: 'Accept' };
  return { status: 200, headers: { 'content-type': jsonType, ...headers }, body: document.text() };
}

const oldType = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
// What is asked for is no valid media type, so the answer is called by another.
const oldTypeAnswered = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
// swagger (1), info (2) with title (1) and version (2), paths (8): all of it is ASCII.
const oldText = '\x0a\x032.0\x12\x15\x0a\x0aKubernetes\x12\x07v1.36.3\x42\x00';

/**
 * GET /openapi/v2: a document without any kind in it.
 *
 * kubectl validates `kind: List` by this one alone, and lets pass what it does not know; the server still checks.
 */
export function oldOpenapi(accept: string | undefined): ApiAnswer {
  if (accept?.includes(oldType) === true) return answer(200, oldText, oldTypeAnswered);
  const info = { title: 'Kubernetes', version: 'v1.36.3' };
  return answer(200, formatJson({ swagger: '2.0', info, paths: {}, definitions: {} }));
}
