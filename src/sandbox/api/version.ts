/** The `resourceVersion` of a query. */
import { badRequest, RefusedError } from './refusals.ts';

/** Undefined when none was sent. Errors: worded, and numbered, as by the real server, which differs by verb. */
export function readVersion(text: string, verb: 'get' | 'list' | 'watch'): number | undefined {
  if (text === '') return undefined;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  const why = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  if (verb === 'list') throw badRequest(`invalid resource version: ${why}`);
  throw new RefusedError({ code: 500, reason: '', message: why });
}
