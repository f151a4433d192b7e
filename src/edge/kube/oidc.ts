/** Tokens of an OpenID Connect provider, by client-node: an old way that some kubeconfigs still use. */
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';

/** Gives the value of the header, refreshed when it has expired. Errors: misconfigured, unreachable. */
export type OIDCToken = () => Promise<string>;

const timeoutMs = 30_000;

/** Cost: the first call loads all of client-node, 90 MB. `user` is kept and changed by it, so it is a copy. */
export function oidcToken(user: User, name: string, clock: Clock): OIDCToken {
  const own: User = { ...user, authProvider: structuredClone(user.authProvider) };
  let applying: ((headers: Record<string, string>) => Promise<void>) | undefined;
  return async () => {
    if (applying === undefined) {
      const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
      const provider = new OpenIDConnectAuth();
      applying = (headers) => provider.applyAuthentication(own, { headers });
    }
    const headers: Record<string, string> = {};
    await inTime(applying(headers), name, clock);
    if (headers.Authorization !== undefined) return headers.Authorization;
    const detail = `kubeconfig ${name} has an OIDC user whose token has expired and cannot be refreshed`;
    throw new FaultError({ kind: 'misconfigured', detail });
  };
}

function inTime(asking: Promise<void>, name: string, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new FaultError({ kind: 'unreachable', detail: `kubeconfig ${name}: its OIDC provider ${what}` }));
    const cancel = clock.after(timeoutMs, () => fail(`did not answer in ${timeoutMs} ms`));
    // The library's message may quote the answer, and that holds tokens.
    asking.then(resolve, () => fail('did not give a token')).finally(cancel);
  });
}
