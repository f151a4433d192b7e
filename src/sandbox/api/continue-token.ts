/** Where a paged list goes on: the revision of its first page and the key after its last object. */
import { parseJson } from '../../core/json/text.ts';
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { badRequest, type RefusedError } from './refusals.ts';

export type Continue = {
  /** -1: whatever is newest, for a client that was told its page is too old and goes on all the same. */
  readonly revision: number;
  /** `namespace/name` of the last object shown, below what is listed. */
  readonly after: string;
};

export function writeContinue({ revision, after }: Continue): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` });
  return Buffer.from(text).toString('base64url');
}

/** Errors: 400 when it is no token of ours. */
export function readContinue(token: string): Continue {
  const wrong = /[^A-Za-z0-9_-]/.exec(token)?.index ?? (token.length % 4 === 1 ? token.length - 1 : -1);
  if (wrong !== -1) throw noToken(`illegal base64 data at input byte ${wrong}`);
  const json = parsed(Buffer.from(token, 'base64url').toString('utf8'));
  const revision = numberOf(at(json, 'rv'));
  const start = textOf(at(json, 'start'));
  if (at(json, 'v') !== 'meta.k8s.io/v1' || revision === undefined || start === undefined) {
    throw noToken('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  return { revision, after: start.replace(/\u0000$/, '') };
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw noToken(`invalid character '${text.charAt(0)}' looking for beginning of value`);
  }
}

const noToken = (why: string): RefusedError => badRequest(`invalid continue token: continue key is not valid: ${why}`);
