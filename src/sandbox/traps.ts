/** Requests that a real server takes without a word and that do harm, or that no careful client would send. */

import { parseJson } from '../core/json/text.ts';
import { at, isObject, textOf } from '../core/json/value.ts';
import { textOfBody } from './api/call.ts';
import type { ApiRequest } from './api/exchange.ts';
import { qualified } from './api/refusals.ts';
import type { ResourcePath } from './api/request-path.ts';
import { isQuestion } from './requests.ts';

export type TrapKind =
  /** `?dryRun` beside a body: the server reads the body only, and deletes. */
  | 'dryRunDeleteWithBody'
  /** A DELETE by Landfall that does not say which object, at which version, it means. */
  | 'deleteWithoutPreconditions'
  /** A write by Landfall that leaves its field manager to be guessed. */
  | 'writeWithoutFieldManager'
  /** Not the client's doing: the sandbox itself broke. */
  | 'bugInSandbox';

export type Trap = {
  readonly kind: TrapKind;
  readonly cluster: string;
  readonly method: string;
  readonly path: string;
  readonly userAgent: string;
  readonly detail: string;
};

type Seen = {
  readonly verb: string;
  readonly query: URLSearchParams;
  /** Undefined: not about a resource. */
  readonly path: ResourcePath | undefined;
};

// What is sent to these is not kept, so nobody owns its fields.
const unmanaged: ReadonlySet<string> = new Set(['token', 'eviction', 'binding']);

/** The traps that one request steps on, whatever becomes of it. */
export function trapsIn(request: ApiRequest, { verb, query, path }: Seen): readonly TrapKind[] {
  if (path === undefined || isQuestion(qualified(path))) return [];
  const isOurs = (request.headers['user-agent'] ?? '').startsWith('landfall');
  const isDelete = verb === 'delete' || verb === 'deletecollection';
  const found: TrapKind[] = [];
  if (isDelete) {
    const text = textOfBody(request);
    if (query.has('dryRun') && text !== '') found.push('dryRunDeleteWithBody');
    if (isOurs && !hasPreconditions(text)) found.push('deleteWithoutPreconditions');
  }
  const isManaged = ['create', 'update', 'patch'].includes(verb) && !unmanaged.has(path.subresource);
  if (isOurs && isManaged && (query.get('fieldManager') ?? '') === '') found.push('writeWithoutFieldManager');
  return found;
}

function hasPreconditions(text: string): boolean {
  try {
    const preconditions = at(parseJson(text), 'preconditions');
    const isGiven = (field: string): boolean => (textOf(at(preconditions, field)) ?? '') !== '';
    return isObject(preconditions) && isGiven('uid') && isGiven('resourceVersion');
  } catch {
    return false;
  }
}

/** A DELETE with a body is a dry run only if its body says so. */
export function isDryRun(request: ApiRequest, { verb, query }: Pick<Seen, 'verb' | 'query'>): boolean {
  const text = verb === 'delete' || verb === 'deletecollection' ? textOfBody(request) : '';
  return text === '' ? query.has('dryRun') : /"dryRun"\s*:\s*\[\s*"All"/.test(text);
}
