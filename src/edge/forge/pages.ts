/** Lists that a forge hands out page by page. */
import { isArray, type Json } from '../../core/json/value.ts';
import type { ForgeClient } from './client.ts';

export type List<T> = {
  /** For faults, as `pull requests`. */
  readonly of: string;
  /** Pages begin with 1. */
  readonly path: (page: number) => string;
  /** One of a page. Shape: null for one to leave out; undefined for what is none. */
  readonly read: (each: Json) => T | null | undefined;
  /** A page with fewer is the last. */
  readonly full: number;
};

const pagesMax = 50;

/** Page after page, until the list or whoever reads it is at an end. Errors: a list without an end. */
export async function* pagesOf<T>(
  client: ForgeClient,
  list: List<T>,
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  for (let page = 1; page <= pagesMax; page += 1) {
    const json = await client.json({ method: 'GET', path: list.path(page) }, signal);
    if (!isArray(json)) throw client.oddity(`answers something that is no list of ${list.of}`);
    yield json.map(list.read).flatMap((each): readonly T[] => {
      if (each === undefined) throw client.oddity(`lists something that is none of the ${list.of}`);
      return each === null ? [] : [each];
    });
    if (json.length < list.full) return;
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
