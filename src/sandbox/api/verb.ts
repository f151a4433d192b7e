/** The verb of a request, as authorization and discovery name it. */
import type { Asked } from './request-path.ts';

const byMethod: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function verbOf(method: string, { resource, query }: Asked): string {
  if (resource === undefined) return method.toLowerCase();
  const verb = byMethod[method] ?? '';
  if (resource.isWatchPath) return 'watch';
  if (resource.name !== '') return verb;
  if (verb === 'get') return isWatch(query) ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

const isWatch = (query: URLSearchParams): boolean => {
  const text = query.get('watch');
  return text !== null && text !== 'false' && text !== '0';
};
