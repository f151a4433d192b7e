/** Lists that a forge hands out page by page. */
import { isArray, type Json } from '../../core/json/value.ts';
import type { ForgeClient } from './client.ts';

export type List<T> = {
  /** For faults, as `pull requests`. */
  readonly of: string;
  /** Where the list begins: a page, or how many to leave out. */
  readonly first: number;
  readonly path: (at: number) => string;
  /** What a page lists. Default: itself. */
  readonly items?: (page: Json) => Json | undefined;
  /** One of a page. Shape: null for one to leave out; undefined for what is none. */
  readonly read: (each: Json) => T | null | undefined;
  /** Where the next page begins, after one with so many. Shape: undefined when it is the last. */
  readonly next: (at: number, count: number, page: Json) => number | undefined;
};

/** Pages that begin with 1; one with fewer than a full one is the last. */
export const numbered = (full: number): Pick<List<never>, 'first' | 'next'> => ({
  first: 1,
  next: (page, count) => (count < full ? undefined : page + 1),
});

/** A list that comes whole. */
export const whole: Pick<List<never>, 'first' | 'next'> = { first: 1, next: () => undefined };

const pagesMax = 50;

/** Page after page, until the list or whoever reads it is at an end. Errors: a list without an end. */
export async function* pagesOf<T>(
  client: ForgeClient,
  list: List<T>,
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  let at: number | undefined = list.first;
  for (let page = 1; page <= pagesMax; page += 1) {
    const json = await client.json({ method: 'GET', path: list.path(at) }, signal);
    const items = list.items === undefined ? json : list.items(json);
    if (!isArray(items)) throw client.oddity(`answers something that is no list of ${list.of}`);
    yield items.map(list.read).flatMap((each): readonly T[] => {
      if (each === undefined) throw client.oddity(`lists something that is none of the ${list.of}`);
      return each === null ? [] : [each];
    });
    at = list.next(at, items.length, json);
    if (at === undefined) return;
  }
  throw client.oddity(`has more than ${pagesMax} pages of ${list.of}`);
}

/** All of a list. */
export async function listOf<T>(client: ForgeClient, list: List<T>, signal: AbortSignal): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pagesOf(client, list, signal)) all.push(...page);
  return all;
}

/**
 * What is at a path. Shape: undefined when it is not there, and `project` is: what a credential may not see is hidden by the
 * same answer, and that is no absence.
 */
export async function foundAt(
  client: ForgeClient,
  path: string,
  project: string,
  signal: AbortSignal,
): Promise<Json | undefined> {
  const answer = await client.ask({ method: 'GET', path }, signal);
  if (answer.status !== 404) return client.jsonOf(answer);
  await client.json({ method: 'GET', path: project }, signal);
  return undefined;
}
