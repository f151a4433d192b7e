/** Lists: whole, from one version, or not at all. */
import { FaultError } from '../../core/model/fault.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { TooLargeError } from './answer.ts';
import type { Caller } from './call.ts';
import { acceptList, type Page, pageOf } from './media.ts';
import type { ClientOptions } from './options.ts';
import { collectionPath, withQuery } from './path.ts';
import { aboutQuery, type ListQuery } from './query.ts';

export type Listing<T> = {
  readonly items: readonly T[];
  /** Where a watch goes on. */
  readonly resourceVersion: string;
};

type Options = Pick<ClientOptions, 'pageSize' | 'listTimeoutMs'>;

/**
 * Lists in pages and reduces each object at once, so that only what `reduce` keeps is held.
 *
 * Errors: FaultError. A page that fails discards all pages before it: half a list looks like many deletions.
 */
export async function listAll<T>(
  query: ListQuery,
  reduce: (object: KubeObject) => T,
  call: Caller,
  options: Options,
  signal: AbortSignal,
): Promise<Listing<T>> {
  try {
    return await listPaged(query, reduce, options.pageSize, call, options, signal);
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'expired') throw error;
    // The version of the first page is forgotten; one answer without pages cannot fall apart like that.
    return listPaged(query, reduce, undefined, call, options, signal);
  }
}

async function listPaged<T>(
  query: ListQuery,
  reduce: (object: KubeObject) => T,
  pageSize: number | undefined,
  call: Caller,
  options: Options,
  signal: AbortSignal,
): Promise<Listing<T>> {
  const items: T[] = [];
  let limit = pageSize;
  let next: string | undefined;
  let resourceVersion: string | undefined;
  for (;;) {
    let page: Page;
    try {
      page = await fetchPage(query, limit, next, call, options, signal);
    } catch (error) {
      // Five hundred Secrets of a megabyte each are more than one answer may hold.
      if (!(error instanceof TooLargeError) || limit === 1) throw error;
      limit = Math.max(1, Math.floor((limit ?? options.pageSize) / 8));
      continue;
    }
    resourceVersion ??= page.resourceVersion;
    if (page.resourceVersion !== resourceVersion) {
      throw new FaultError({
        kind: 'expired',
        detail: `${aboutQuery('list', query).doing}: the version changed between pages`,
      });
    }
    for (const item of page.items) items.push(reduce(item));
    next = page.next;
    if (next === undefined) return { items, resourceVersion };
  }
}

async function fetchPage(
  query: ListQuery,
  limit: number | undefined,
  next: string | undefined,
  call: Caller,
  options: Options,
  signal: AbortSignal,
): Promise<Page> {
  const about = aboutQuery('list', query);
  const path = withQuery(collectionPath(query.kind, query.namespace), {
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    limit: limit === undefined ? undefined : String(limit),
    continue: next,
  });
  const accept = acceptList(query.isMetadataOnly);
  const headers = { 'accept-encoding': 'gzip' };
  const answer = await call.send(
    { method: 'GET', path, about, accept, headers, timeoutMs: options.listTimeoutMs },
    signal,
  );
  return pageOf(answer, query.kind, about.doing);
}
