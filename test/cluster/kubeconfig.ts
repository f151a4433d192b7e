/** Kubeconfig files with everything inside: no file beside them is needed. */
import { writeFileSync } from 'node:fs';

export type Access = {
  readonly name: string;
  readonly origin: string;
  /** PEM. */
  readonly ca: string;
  readonly user: string;
  readonly token: string;
};

/** Writes a kubeconfig, readable by its owner alone, and returns the path. JSON is YAML. */
export function writeKubeconfig(path: string, { name, origin, ca, user, token }: Access): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: origin, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user, namespace: 'default' } }],
    'current-context': name,
  };
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
}
