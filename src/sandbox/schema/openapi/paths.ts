/** OpenAPI's paths of the resources of one group and version. */
import type { Json, JsonObject } from '../../../core/json/value.ts';
import type { Resource, Subresource } from '../schema.ts';
import { refTo } from './components.ts';

/** Names of component schemas. */
export type Names = {
  readonly of: (group: string, version: string, kind: string) => string | undefined;
  readonly listOf: (resource: Resource) => string | undefined;
};

type Target = { readonly group: string; readonly version: string; readonly kind: string };

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export function resourcePaths(resource: Resource, names: Names): readonly (readonly [string, JsonObject])[] {
  const { group, version } = resource;
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const all = `${base}/${resource.resource}`;
  const placed = resource.isNamespaced ? `${base}/namespaces/{namespace}/${resource.resource}` : all;
  const scope = resource.isNamespaced ? [inPath('namespace')] : [];
  const item = [inPath('name'), ...scope];
  return [
    ...(resource.isNamespaced && resource.verbs.includes('list')
      ? [[all, operations(resource, resource, ['list'], names, [], 'ForAllNamespaces')] as const]
      : []),
    ...pathOf(placed, operations(resource, resource, only(resource.verbs, collectionVerbs), names, scope)),
    ...pathOf(`${placed}/{name}`, operations(resource, resource, only(resource.verbs, itemVerbs), names, item)),
    ...resource.subresources.flatMap((below) =>
      pathOf(`${placed}/{name}/${below.name}`, operations(resource, below, below.verbs, names, item)),
    ),
  ];
}

const collectionVerbs = ['list', 'create', 'deletecollection'];
const itemVerbs = ['get', 'update', 'delete', 'patch'];
const only = (verbs: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((verb) => verbs.includes(verb));

const pathOf = (path: string, found: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.keys(found).some((name) => name !== 'parameters') ? [[path, found]] : [];

/** Verb of the API: method, action, first word of the operation's id. */
const methods: Readonly<Record<string, readonly [method: string, action: string, word: string]>> = {
  get: ['get', 'get', 'read'],
  list: ['get', 'list', 'list'],
  create: ['post', 'post', 'create'],
  update: ['put', 'put', 'replace'],
  patch: ['patch', 'patch', 'patch'],
  delete: ['delete', 'delete', 'delete'],
  deletecollection: ['delete', 'deletecollection', 'deleteCollection'],
};

function operations(
  resource: Resource,
  target: Resource | Subresource,
  verbs: readonly string[],
  names: Names,
  parameters: readonly JsonObject[],
  suffix = '',
): JsonObject {
  const found = verbs.flatMap((verb): (readonly [string, JsonObject])[] => {
    const method = methods[verb];
    return method === undefined ? [] : [[method[0], operation(resource, target, verb, method, names, suffix)]];
  });
  return { ...Object.fromEntries(found), parameters: [...parameters, inQuery('pretty', 'string')] };
}

function operation(
  resource: Resource,
  target: Resource | Subresource,
  verb: string,
  method: readonly [string, string, string],
  names: Names,
  suffix: string,
): JsonObject {
  const { group, version, kind }: Target = target;
  const answer = answerOf(resource, target, verb, names);
  const body = bodyOf(target, verb, resource, names);
  return {
    tags: [tagOf(resource)],
    operationId: idOf(resource, target, method, suffix),
    parameters: queryOf(verb),
    ...(body === undefined ? {} : { requestBody: { content: body, required: verb !== 'delete' } }),
    responses: {
      '200': { description: 'OK', content: { 'application/json': { schema: answer } } },
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': isConnection(target) ? 'connect' : method[1],
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

function tagOf({ group, version }: Resource): string {
  const [first = 'core', ...rest] = group === '' ? [] : group.replace(/\.k8s\.io$/, '').split('.');
  return `${first}${rest.map(capital).join('')}_${version}`;
}

function idOf(
  resource: Resource,
  target: Resource | Subresource,
  [method, , word]: readonly [string, string, string],
  suffix: string,
): string {
  const place = tagOf(resource).split(/[._]/).map(capital).join('');
  const scope = resource.isNamespaced && suffix === '' ? 'Namespaced' : '';
  const name = `${scope}${resource.kind}${'name' in target ? capital(target.name) : ''}${suffix}`;
  if (isConnection(target)) return `connect${place}${capital(method)}${name}`;
  return word === 'deleteCollection' ? `delete${place}Collection${name}` : `${word}${place}${name}`;
}

const connections = new Set(['attach', 'exec', 'portforward', 'proxy']);
const isConnection = (target: Resource | Subresource): boolean => 'name' in target && connections.has(target.name);

const schemaNamed = (name: string | undefined): JsonObject =>
  name === undefined ? { type: 'object' } : { $ref: refTo(name) };

function answerOf(resource: Resource, { group, version, kind }: Target, verb: string, names: Names): JsonObject {
  if (verb === 'list') return schemaNamed(names.listOf(resource));
  if (verb.startsWith('delete')) return schemaNamed(`${meta}.Status`);
  return schemaNamed(names.of(group, version, kind));
}

function bodyOf(
  { group, version, kind }: Target,
  verb: string,
  resource: Resource,
  names: Names,
): JsonObject | undefined {
  switch (verb) {
    case 'create':
    case 'update':
      return { '*/*': { schema: schemaNamed(names.of(group, version, kind)) } };
    case 'patch': {
      const isBuiltin = names.of(resource.group, resource.version, resource.kind)?.startsWith('io.k8s.') === true;
      const types = ['apply-patch+yaml', 'json-patch+json', 'merge-patch+json'];
      const all = isBuiltin ? [...types, 'strategic-merge-patch+json'] : types;
      return Object.fromEntries(all.map((type) => [`application/${type}`, { schema: schemaNamed(`${meta}.Patch`) }]));
    }
    case 'delete':
    case 'deletecollection':
      return { '*/*': { schema: schemaNamed(`${meta}.DeleteOptions`) } };
    default:
      return undefined;
  }
}

const listQuery = [
  inQuery('continue', 'string'),
  inQuery('fieldSelector', 'string'),
  inQuery('labelSelector', 'string'),
  inQuery('limit', 'integer'),
  inQuery('resourceVersion', 'string'),
  inQuery('resourceVersionMatch', 'string'),
  inQuery('sendInitialEvents', 'boolean'),
  inQuery('timeoutSeconds', 'integer'),
];
const deleteQuery = [
  inQuery('dryRun', 'string'),
  inQuery('gracePeriodSeconds', 'integer'),
  inQuery('orphanDependents', 'boolean'),
  inQuery('propagationPolicy', 'string'),
];
const writeQuery = [
  inQuery('dryRun', 'string'),
  inQuery('fieldManager', 'string'),
  inQuery('fieldValidation', 'string'),
];

function queryOf(verb: string): readonly Json[] {
  switch (verb) {
    case 'list':
      return [...listQuery, inQuery('allowWatchBookmarks', 'boolean'), inQuery('watch', 'boolean')];
    case 'deletecollection':
      return [...listQuery, ...deleteQuery];
    case 'delete':
      return deleteQuery;
    case 'create':
    case 'update':
      return writeQuery;
    case 'patch':
      return [...writeQuery, inQuery('force', 'boolean')];
    default:
      return [];
  }
}

function inPath(name: string): JsonObject {
  return { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } };
}

function inQuery(name: string, type: string): JsonObject {
  return { name, in: 'query', schema: { type, uniqueItems: true } };
}
