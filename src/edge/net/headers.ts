/** Headers between the seam's shape and Node's. */
import { validateHeaderValue } from 'node:http';
import type { NetRequest } from '../../seam/net.ts';
import { fault } from './failure.ts';

/** What is sent beside the pseudo headers. Errors: misconfigured, for a value that headers cannot hold. */
export function outgoingHeaders(request: NetRequest): Record<string, string | number | readonly string[]> {
  const headers: Record<string, string | number | readonly string[]> = {
    'accept-encoding': 'identity',
    ...request.headers,
    ...Object.fromEntries(repeated(request)),
  };
  if (request.body !== undefined) headers['content-length'] = Buffer.byteLength(request.body);
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) check(name, String(one));
  }
  return headers;
}

function check(name: string, value: string): void {
  try {
    validateHeaderValue(name, value);
  } catch {
    // Node's message would not quote the value today; a token must not depend on that.
    throw fault('misconfigured', `header ${name} would hold a character that headers cannot hold`);
  }
}

function repeated(request: NetRequest): readonly (readonly [string, readonly string[]])[] {
  if (request.repeatedHeaders === undefined) return [];
  const byName = Map.groupBy(request.repeatedHeaders, ([name]) => name);
  return [...byName].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]);
}

/** What came: no pseudo headers, repeated ones joined. */
export function incomingHeaders(
  raw: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      value === undefined || name.startsWith(':') ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
    ),
  );
}
