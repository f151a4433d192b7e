/** The file that lets kubectl, or Landfall itself, reach one sandbox cluster. */

export type KubeconfigEntry = { readonly name: string; readonly server: string; readonly token?: string | undefined };

/** JSON, which is YAML: nothing needs quoting by hand. */
export function kubeconfigText({ name, server, token }: KubeconfigEntry): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: token === undefined ? {} : { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
