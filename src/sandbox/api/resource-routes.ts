/** Where a request about a resource goes: a table of verbs, and one of subresources. */
import type { Resource } from '../schema/schema.ts';
import type { Call } from './call.ts';
import type { ApiAnswer } from './exchange.ts';
import { notThere } from './non-resource.ts';
import { methodNotAllowed, noResource, qualified } from './refusals.ts';
import { answerReview, isReview } from './reviews.ts';
import { create } from './verbs/create.ts';
import { deleteCollection, deleteOne } from './verbs/delete.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { replace } from './verbs/replace.ts';
import { patchScale, readScale, replaceScale } from './verbs/scale.ts';
import { evict, finalize, issueToken, readLog } from './verbs/subresources.ts';
import { watch } from './verbs/watch.ts';

export type Verb = (call: Call) => ApiAnswer;
export type Visit = Omit<Call, 'kind'> & { readonly verb: string };

const verbs: Readonly<Record<string, Verb>> = {
  get,
  list,
  watch,
  create,
  update: replace,
  patch,
  delete: deleteOne,
  deletecollection: deleteCollection,
};
const status: Readonly<Record<string, Verb>> = { get, update: replace, patch };
const scale: Readonly<Record<string, Verb>> = { get: readScale, update: replaceScale, patch: patchScale };

/** By subresource, then verb; one that is served by nothing here is 404, as if the kind had none. */
const subresources: Readonly<Record<string, Readonly<Record<string, Verb>>>> = {
  status,
  approval: status,
  ephemeralcontainers: status,
  resize: status,
  scale,
  finalize: { update: finalize },
  token: { create: issueToken },
  eviction: { create: evict },
  log: { get: readLog },
};

export function answerResource(visit: Visit): ApiAnswer {
  const { world, path, verb } = visit;
  const resource = world.kinds.resourceAt(path.group, path.version, path.resource);
  if (resource === undefined) return unknownResource(visit);
  const id = qualified(resource);
  if (isReview(id)) {
    if (verb !== 'create') throw methodNotAllowed();
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    return answerReview({ ...visit, namespace: path.namespace }, id, apiVersion, resource.kind);
  }
  const kind = world.kinds.of(resource);
  checkScope(resource, visit);
  if (kind === undefined) throw noResource();
  return verbFor(resource, visit)({ ...visit, kind });
}

function unknownResource({ world, path }: Visit): ApiAnswer {
  const group = world.kinds.groups().find(({ name }) => name === path.group);
  if (group === undefined) return notThere();
  throw noResource();
}

function checkScope(resource: Resource, { path, verb }: Visit): void {
  if (!resource.isNamespaced && path.namespace !== '') throw noResource();
  if (!resource.isNamespaced || path.namespace !== '') return;
  if (path.name !== '') throw noResource();
  if (verb !== 'list' && verb !== 'watch') throw methodNotAllowed();
}

function verbFor(resource: Resource, { path, verb }: Visit): Verb {
  if (path.subresource === '') {
    // A POST to a name, and a PUT or PATCH to a collection, are at no path of the API.
    const needsName = verb === 'update' || verb === 'patch';
    if ((verb === 'create' && path.name !== '') || (needsName && path.name === '')) throw methodNotAllowed();
    const found = resource.verbs.includes(verb) ? verbs[verb] : undefined;
    if (found === undefined) throw methodNotAllowed();
    return found;
  }
  const row = resource.subresources.find(({ name }) => name === path.subresource);
  const table = Object.hasOwn(subresources, path.subresource) ? subresources[path.subresource] : undefined;
  if (row === undefined || table === undefined) throw noResource();
  const found = row.verbs.includes(verb) ? table[verb] : undefined;
  if (found === undefined) throw methodNotAllowed();
  return found;
}
