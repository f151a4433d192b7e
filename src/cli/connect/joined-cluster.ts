/** Secrets that `vela cluster join` wrote: a kubeconfig in single keys. */

import { formatJson } from '../../core/json/text.ts';
import { at, type Json, type JsonObject, textOf, withFields } from '../../core/json/value.ts';

export type JoinedCluster =
  | { readonly kind: 'none' }
  | { readonly kind: 'kubeconfig'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Shape: `none` for a Secret of another form. Its keys are in base64, as the API gives them. */
export function joinedCluster(secret: Json): JoinedCluster {
  const read = (key: string): string | undefined => {
    const encoded = textOf(at(secret, 'data', key));
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  };
  const refused = (reason: string): JoinedCluster => ({ kind: 'refused', reason });
  const server = read('endpoint');
  if (server === undefined) return { kind: 'none' };
  if (textOf(at(secret, 'metadata', 'labels', 'cluster.core.oam.dev/cluster-credential-type')) === 'Dynamic')
    return refused('names a program to run for its credentials; name that in `execProviders` of the settings');
  if (read('ca.crt') === undefined)
    return refused('has no `ca.crt`, so nobody can tell that the cluster is the one that is meant');
  if (read('proxy-url') !== undefined) return refused('asks for a proxy; a Cluster names one in `access.proxyURL`');
  const user = userOf(read('token'), secret);
  if (user === undefined) return refused('has neither a `token` nor `tls.crt` and `tls.key`');
  const cluster = { server, 'certificate-authority-data': textOf(at(secret, 'data', 'ca.crt')) ?? '' };
  return { kind: 'kubeconfig', text: formatJson(kubeconfig(cluster, user)) };
}

function userOf(token: string | undefined, secret: Json): JsonObject | undefined {
  if (token !== undefined) return { token };
  const certificate = textOf(at(secret, 'data', 'tls.crt'));
  const key = textOf(at(secret, 'data', 'tls.key'));
  if (certificate === undefined || key === undefined) return undefined;
  return withFields({}, { 'client-certificate-data': certificate, 'client-key-data': key });
}

const only = 'cluster';

const kubeconfig = (cluster: JsonObject, user: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': only,
  clusters: [{ name: only, cluster }],
  users: [{ name: only, user }],
  contexts: [{ name: only, context: { cluster: only, user: only } }],
});
