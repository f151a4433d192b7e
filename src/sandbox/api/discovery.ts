/** What a cluster serves, told in the two ways clients ask: all at once (aggregated), or group by group. */

import { hash } from 'node:crypto';
import { formatJson } from '../../core/json/text.ts';
import type { Json, JsonObject } from '../../core/json/value.ts';
import type { World } from '../registry/world.ts';
import { builtins, type Group } from '../schema/builtin.ts';
import type { Resource, Subresource } from '../schema/schema.ts';
import { acceptsJson, notAcceptable, rangesOf } from './accept.ts';
import { answerJson } from './call.ts';
import type { ApiAnswer, ApiRequest } from './exchange.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type View = { readonly world: World; readonly request: ApiRequest };
type Prefix = 'api' | 'apis';

/** GET /api and /apis. Errors: 406 where neither way will do. */
export function answerGroups(view: View, prefix: Prefix): ApiAnswer {
  const { accept } = view.request.headers;
  for (const { type, parameters } of rangesOf(accept)) {
    if (type !== 'application/json' || parameters.get('as') !== 'APIGroupDiscoveryList') continue;
    if (parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2') {
      return answerTagged(view.request, aggregatedText(view.world, prefix), aggregated);
    }
  }
  if (!acceptsPlainJson(accept)) {
    throw notAcceptable(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  }
  return answerJson(200, prefix === 'api' ? coreVersions() : groupList(view.world));
}

/** An answer that a client may keep, and ask again whether it still holds. */
export function answerTagged(request: ApiRequest, text: string, type: string): ApiAnswer {
  const etag = `"${hash('sha512', text, 'hex').toUpperCase()}"`;
  const headers = { 'content-type': type, 'cache-control': 'public', etag, vary: 'Accept' };
  const isKnown = request.headers['if-none-match'] === etag;
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body: text };
}

const acceptsPlainJson = (accept: string | undefined): boolean =>
  acceptsJson(accept) &&
  rangesOf(accept).some(({ type, parameters }) => type !== 'application/json' || !parameters.has('as'));

// Built-in kinds never change, so one text of them serves all clusters of a process.
const builtinTexts: { [prefix in Prefix]?: string } = {};

function aggregatedText(world: World, prefix: Prefix): string {
  const ofPrefix = ({ name }: Group): boolean => (name === '') === (prefix === 'api');
  builtinTexts[prefix] ??= aggregatedItems(builtins.groups.filter(ofPrefix), builtins.resources);
  const known = new Set(builtins.groups.map(({ name }) => name));
  const custom = world.kinds.groups().filter((group) => ofPrefix(group) && !known.has(group.name));
  const items = [builtinTexts[prefix], aggregatedItems(custom, world.kinds.resources())].filter((text) => text !== '');
  return `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[${items.join(',')}]}`;
}

function aggregatedItems(groups: readonly Group[], resources: readonly Resource[]): string {
  if (groups.length === 0) return '';
  const byVersion = Map.groupBy(resources, ({ group, version }) => `${group}/${version}`);
  const items = groups.map(({ name, versions }) => ({
    metadata: name === '' ? {} : { name },
    versions: versions.map((version) => ({
      version,
      resources: (byVersion.get(`${name}/${version}`) ?? []).map(aggregatedResource),
      freshness: 'Current',
    })),
  }));
  return items.map((item) => formatJson(item)).join(',');
}

const aggregatedResource = (resource: Resource): JsonObject => ({
  resource: resource.resource,
  responseKind: responseKind(resource),
  scope: resource.isNamespaced ? 'Namespaced' : 'Cluster',
  singularResource: resource.singular,
  verbs: resource.verbs,
  ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
  ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
  ...(resource.subresources.length === 0
    ? {}
    : { subresources: resource.subresources.map(aggregatedSubresource(resource)) }),
});

const aggregatedSubresource =
  (resource: Resource) =>
  (subresource: Subresource): JsonObject => ({
    subresource: subresource.name,
    responseKind: isForeign(resource, subresource)
      ? kindOf(subresource)
      : { ...responseKind(resource), kind: subresource.kind },
    verbs: subresource.verbs,
  });

// The real server names group and version for custom kinds only, unless they are others than the resource's own.
const responseKind = (resource: Resource): JsonObject =>
  isCustom(resource) ? kindOf(resource) : { group: '', version: '', kind: resource.kind };
const kindOf = ({ group, version, kind }: Resource | Subresource): JsonObject => ({ group, version, kind });
const isCustom = ({ verbs }: Resource): boolean => verbs[0] === 'delete';
const isForeign = (resource: Resource, { group, version }: Subresource): boolean =>
  group !== '' && (group !== resource.group || version !== resource.version);

const addresses: Json = [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:443' }];

const coreVersions = (): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: addresses,
});

function groupList(world: World): JsonObject {
  const named = world.kinds.groups().filter(({ name }) => name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(groupJson) };
}

function groupJson({ name, versions }: Group): JsonObject {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: all, ...(all[0] === undefined ? {} : { preferredVersion: all[0] }) };
}

/** GET /apis/apps; undefined when there is no such group. */
export function answerGroup({ world }: View, name: string): ApiAnswer | undefined {
  const group = world.kinds.groups().find((each) => each.name === name);
  return group && answerJson(200, { kind: 'APIGroup', apiVersion: 'v1', ...groupJson(group) });
}

/** GET /api/v1 or /apis/apps/v1; undefined when it is not served. */
export function answerResources({ world }: View, group: string, version: string): ApiAnswer | undefined {
  if (!world.kinds.groups().some(({ name, versions }) => name === group && versions.includes(version)))
    return undefined;
  const rows = world.kinds.resources().filter((each) => each.group === group && each.version === version);
  return answerJson(200, {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: rows.flatMap((row) => [
      resourceJson(row),
      ...row.subresources.map((each) => subresourceJson(row, each)),
    ]),
  });
}

const resourceJson = (row: Resource): JsonObject => ({
  name: row.resource,
  singularName: row.singular,
  namespaced: row.isNamespaced,
  kind: row.kind,
  verbs: row.verbs,
  ...(row.shortNames.length === 0 ? {} : { shortNames: row.shortNames }),
  ...(row.categories.length === 0 ? {} : { categories: row.categories }),
  ...(row.storageVersionHash === '' ? {} : { storageVersionHash: row.storageVersionHash }),
});

const subresourceJson = (row: Resource, each: Subresource): JsonObject => ({
  name: `${row.resource}/${each.name}`,
  singularName: '',
  namespaced: row.isNamespaced,
  ...(isForeign(row, each) ? { group: each.group, version: each.version } : {}),
  kind: each.kind,
  verbs: each.verbs,
});
