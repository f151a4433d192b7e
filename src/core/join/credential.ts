/** The credential of a member, as the hub or a file keeps it. */
import { type JsonObject, withFields } from '../json/value.ts';
import { type KubeObject, textMapOf } from '../model/object.ts';
import { nameLabel } from './member-objects.ts';

export type Credential = {
  readonly cluster: string;
  readonly server: string;
  /** PEM; undefined: the system's roots. */
  readonly ca: string | undefined;
  /** Name to check the certificate against, when it is not the host of `server`. */
  readonly serverName: string | undefined;
  readonly token: string;
};

export const kubeconfigOf = ({ cluster, server, ca, serverName, token }: Credential): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    {
      name: cluster,
      cluster: withFields(
        { server },
        {
          'certificate-authority-data': ca === undefined ? undefined : base64(ca),
          'tls-server-name': serverName,
        },
      ),
    },
  ],
  users: [{ name: 'landfall', user: { token } }],
  contexts: [{ name: cluster, context: { cluster, user: 'landfall' } }],
  'current-context': cluster,
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Whose credential a Secret is; only such a Secret is overwritten or removed. */
const clusterAnnotation = 'landfall.dev/cluster';

export const secretOf = (namespace: string, name: string, cluster: string, kubeconfig: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name,
    namespace,
    labels: { [nameLabel]: 'landfall' },
    annotations: { [clusterAnnotation]: cluster },
  },
  type: 'Opaque',
  data: { kubeconfig: base64(kubeconfig) },
});

export const isCredentialOf = (secret: KubeObject, cluster: string): boolean =>
  textMapOf(secret, 'annotations')[clusterAnnotation] === cluster;
