/** A path of the API read into what it asks for. Source: apiserver's RequestInfoFactory. */

export type ResourcePath = {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** `/api/v1/watch/…`, the old way to ask for a watch. */
  readonly isWatchPath: boolean;
};

export type Asked = {
  /** Parts of the path, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** Undefined: not about a resource. */
  readonly resource: ResourcePath | undefined;
};

const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

/** Undefined when the path is no path. */
export function readPath(pathAndQuery: string): Asked | undefined {
  const mark = pathAndQuery.indexOf('?');
  const path = mark === -1 ? pathAndQuery : pathAndQuery.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : pathAndQuery.slice(mark + 1));
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '') continue;
    try {
      parts.push(decodeURIComponent(part));
    } catch {
      return undefined;
    }
  }
  return { parts, query, resource: resourcePathOf(parts) };
}

function resourcePathOf(parts: readonly string[]): ResourcePath | undefined {
  const [prefix, ...rest] = parts;
  if (prefix !== 'api' && prefix !== 'apis') return undefined;
  const group = prefix === 'api' ? '' : rest.shift();
  const version = rest.shift();
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  const isWatchPath = rest[0] === 'watch' && rest.length > 1;
  if (isWatchPath) rest.shift();
  let namespace = '';
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    namespace = rest[1];
    if (rest[2] !== undefined && !namespaceSubresources.has(rest[2])) rest.splice(0, 2);
  }
  const [resource = '', name = '', subresource = ''] = rest;
  return {
    group,
    version,
    namespace: resource === 'namespaces' ? '' : namespace,
    resource,
    name,
    subresource,
    isWatchPath,
  };
}
