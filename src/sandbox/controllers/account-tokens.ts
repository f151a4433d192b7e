/** Secrets that ask for the token of a service account get one that this cluster takes. */
import { at, isObject, textOf } from '../../core/json/value.ts';
import type { Tokens } from '../api/identity.ts';
import { withParts } from '../registry/objects.ts';
import { userNamed } from '../registry/user.ts';
import type { Actor } from './actor.ts';
import { type Controller, type Key, ownKey } from './loop.ts';

const place = 'secrets';
const tokenType = 'kubernetes.io/service-account-token';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export function accountTokenController(actor: Actor, { issued }: Pick<Tokens, 'issued'>): Controller {
  const given = new Map<string, string>();
  const reconcile = ({ namespace, name }: Key): undefined => {
    const live = actor.get(place, { namespace, name });
    if (live === undefined || !live.restText.includes(tokenType)) return;
    const secret = actor.read(live);
    const account = textOf(at(secret, 'metadata', 'annotations', 'kubernetes.io/service-account.name')) ?? '';
    const owner = actor.get('serviceaccounts', { namespace, name: account });
    if (secret.type !== tokenType || owner === undefined || at(secret, 'data', 'token') !== undefined) return;
    const token = `sandbox.${Buffer.from(actor.world.rng.bytes(24)).toString('base64url')}`;
    issued.set(token, userNamed(`system:serviceaccount:${namespace}:${account}`, [], owner.uid));
    given.set(live.uid, token);
    const data = isObject(secret.data) ? secret.data : {};
    const filled = {
      ...data,
      token: base64(token),
      namespace: base64(namespace),
      'ca.crt': base64('the sandbox has no certificates\n'),
    };
    actor.replace(place, live, withParts(secret, { data: filled }));
  };
  const keysOf: Controller['keysOf'] = (change) => {
    if (change.current !== undefined) return ownKey(change);
    issued.delete(given.get(change.last.uid) ?? '');
    given.delete(change.last.uid);
    return [];
  };
  return { name: 'account-tokens', places: [place], keysOf, reconcile };
}
