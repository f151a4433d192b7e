/** Tokens for service accounts, made by the cluster. */
import { formatJson } from '../../core/json/text.ts';
import { at, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { jsonOf } from './answer.ts';
import type { Caller } from './call.ts';
import { json } from './media.ts';
import { type ObjectRef, objectPath } from './path.ts';

export type TokenRequest = {
  readonly account: ObjectRef;
  readonly durationSeconds: number;
  /** The token ends when this Secret of the same namespace does. */
  readonly boundTo: { readonly name: string; readonly uid: string };
};

/** `expiresAt` as the server says; it may have shortened the time. */
export type IssuedToken = { readonly token: string; readonly expiresAt: string };

/** POST of a TokenRequest. Errors: missing when there is no such account, forbidden, … */
export async function issueToken(
  { account, durationSeconds, boundTo }: TokenRequest,
  call: Caller,
  signal: AbortSignal,
): Promise<IssuedToken> {
  // The answer holds a token: no message may quote it.
  const about = { doing: `ask for a token of ServiceAccount ${account.namespace}/${account.name}`, isSecret: true };
  const body = formatJson({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      expirationSeconds: durationSeconds,
      boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: boundTo.name, uid: boundTo.uid },
    },
  });
  const path = `${objectPath(account)}/token`;
  const answer = await call.send({ method: 'POST', path, about, accept: json, body, contentType: json }, signal);
  const status = at(jsonOf(answer, about.doing), 'status') ?? null;
  const token = textOf(at(status, 'token'));
  const expiresAt = textOf(at(status, 'expirationTimestamp'));
  if (token !== undefined && token !== '' && expiresAt !== undefined) return { token, expiresAt };
  throw new FaultError({ kind: 'protocol', detail: `${about.doing}: the answer holds none` });
}
