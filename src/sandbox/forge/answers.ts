/** What a sandbox forge's API answers with, and how it reads what it is sent. */
import { formatJson, parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import type { ApiAnswer, ApiRequest } from '../api/exchange.ts';

export const jsonHeaders = { 'content-type': 'application/json;charset=utf-8' };

export const answer = (status: number, body: Json, headers: Readonly<Record<string, string>> = {}): ApiAnswer => ({
  status,
  headers: { ...jsonHeaders, ...headers },
  body: formatJson(body),
});

export const refusal = (status: number, message: string): ApiAnswer => answer(status, { message });

/** Gitea's answers to what is done, where there is nothing to say. */
export const done = (status = 200): ApiAnswer => ({ status, headers: {}, body: '' });

export const notFound = refusal(404, 'not found');

export const bodyText = (body: ApiRequest['body']): string =>
  typeof body === 'string' ? body : Buffer.from(body ?? []).toString('utf8');

/** Shape: undefined for what is no JSON. */
export function jsonIn(body: ApiRequest['body']): Json | undefined {
  try {
    return parseJson(bodyText(body));
  } catch {
    return undefined;
  }
}

export type Page<T> = { readonly items: readonly T[]; readonly total: number };

const pageDefault = 30;

/** What `page` and `limit` of a query ask for. `pageMax`: the longest that there is. */
export function pageOf<T>(all: readonly T[], query: URLSearchParams, pageMax: number): Page<T> {
  const wanted = Number(query.get('limit') ?? pageDefault);
  const limit = Math.min(wanted > 0 ? wanted : pageDefault, pageMax);
  const first = (Math.max(1, Number(query.get('page') ?? 1)) - 1) * limit;
  return { items: all.slice(first, first + limit), total: all.length };
}
