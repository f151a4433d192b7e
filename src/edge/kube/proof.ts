/** Who we are to a cluster: a header or a certificate, out of a kubeconfig's text, files and plugins. */
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { type JsonObject, withFields } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';
import { type Environment, type ExecCredential, execPlugin, runExecPlugin } from './exec-plugin.ts';
import { rereadMs, textOfFile } from './file.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { oidcToken } from './oidc.ts';

export type Proof = {
  /** The value of the header. */
  readonly authorization?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** When to ask again. */
  readonly validUntilMs: number;
};

/** Errors: misconfigured, unreachable. */
export type ProofSource = () => Promise<Proof>;

export type ProofDeps = { readonly clock: Clock; readonly environment: Environment };

/** Of a credential's life: this much before its end it is replaced. */
const skewMs = 60_000;
/** client-node knows when its token ends, so asking it costs nothing. */
const oidcAskMs = 10_000;
const forever = Number.POSITIVE_INFINITY;

/** Order as in client-go: what is in a file goes before what is in the text. `folder`: where relative paths start. */
export function proofSource(
  config: Kubeconfig,
  ca: string | undefined,
  folder: string,
  name: string,
  deps: ProofDeps,
): ProofSource {
  const { user, tokenFile } = config;
  const { clock } = deps;
  const always =
    (authorization: string | undefined): ProofSource =>
    () =>
      Promise.resolve({ authorization, validUntilMs: forever });
  if (tokenFile !== undefined) return () => tokenFileProof(tokenFile, folder, name, clock);
  if (user.token) return always(bearer(user.token));
  if (user.username) return always(basic(user));
  if (user.exec) {
    const plugin = execPlugin(user.exec, folder, name, clusterInfo(config, ca));
    return async () => execProof(await runExecPlugin(plugin, name, deps), clock);
  }
  if (!user.authProvider) return always(undefined);
  if (user.authProvider.name !== 'oidc') {
    const detail = `kubeconfig ${name} uses an auth-provider that Kubernetes has removed; use its exec plugin instead`;
    throw new FaultError({ kind: 'misconfigured', detail });
  }
  const token = oidcToken(user, name, clock);
  return async () => ({ authorization: await token(), validUntilMs: clock.nowMs() + oidcAskMs });
}

export async function tokenFileProof(path: string, folder: string, name: string, clock: Clock): Promise<Proof> {
  const token = (await textOfFile(path, folder, name)).trim();
  return { authorization: bearer(token), validUntilMs: clock.nowMs() + rereadMs };
}

export function execProof({ token, cert, key, expiresAtMs }: ExecCredential, clock: Clock): Proof {
  const nowMs = clock.nowMs();
  const lifeMs = (expiresAtMs ?? forever) - nowMs;
  // A token that lives a minute is used for half of it rather than never.
  const validUntilMs = nowMs + Math.max(lifeMs - skewMs, lifeMs / 2);
  return { authorization: token === undefined ? undefined : bearer(token), cert, key, validUntilMs };
}

export const bearer = (token: string): string => `Bearer ${token}`;
const basic = (user: User): string =>
  `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;

/** Source: client.authentication.k8s.io/v1, Cluster. */
const clusterInfo = ({ cluster }: Kubeconfig, ca: string | undefined): JsonObject =>
  withFields(
    { server: cluster.server, 'insecure-skip-tls-verify': cluster.skipTLSVerify },
    {
      'certificate-authority-data': ca === undefined ? undefined : Buffer.from(ca).toString('base64'),
      'tls-server-name': cluster.tlsServerName,
      'proxy-url': cluster.proxyUrl,
    },
  );
