/** How Landfall gets into a cluster: from what a Cluster manifest refers to, to what a request carries. */
import { dirname } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import type { Endpoint } from '../../seam/net.ts';
import { type ExecPlugin, runExecPlugin } from './exec-plugin.ts';
import { rereadMs, textOfFile } from './file.ts';
import type { Credentials } from './login.ts';
import { kubeconfigMaterial } from './material.ts';
import { bearer, execProof, type ProofDeps, tokenFileProof } from './proof.ts';
import { type LoadMaterial, rotating } from './rotating.ts';

export type CredentialSource =
  /** The text of a Secret or of a file in Git: it may hold nothing but what it says itself. `name`: for messages. */
  | { readonly kind: 'text'; readonly name: string; readonly text: string; readonly context?: string | undefined }
  /** A file that the operator's settings name. Read again when the server refuses what it said. */
  | { readonly kind: 'file'; readonly path: string; readonly context?: string | undefined }
  /** The service account of the pod that we run in; `folder` is where Kubernetes puts it, unless a test says otherwise. */
  | { readonly kind: 'inCluster'; readonly folder?: string }
  /** A bearer token that somebody keeps. Read again when the server refuses it. */
  | {
      readonly kind: 'token';
      readonly server: string;
      readonly trust: Pick<Endpoint, 'ca' | 'isNameUnchecked' | 'isInsecure'>;
      readonly read: () => Promise<string>;
    }
  /** A plugin of the operator's list, for a cluster whose address is known. `ca` is PEM. */
  | { readonly kind: 'exec'; readonly server: string; readonly ca: string | undefined; readonly plugin: ExecPlugin };

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** `proxyURL` goes before the one that a kubeconfig names. Nothing is read until the first login. */
export function credentials(source: CredentialSource, deps: ProofDeps, proxyURL?: string): Credentials {
  const load = loaderOf(source, deps);
  const throughProxy: LoadMaterial = async (isAnew) => {
    const material = await load(isAnew);
    return { ...material, endpoint: { ...material.endpoint, proxyURL } };
  };
  return rotating(proxyURL === undefined ? load : throughProxy, deps.clock);
}

function loaderOf(source: CredentialSource, deps: ProofDeps): LoadMaterial {
  switch (source.kind) {
    case 'text': {
      const { text, name, context } = source;
      return kubeconfigMaterial(() => Promise.resolve({ text, name, context, trust: 'data' }), '/', deps);
    }
    case 'file': {
      const { path, context } = source;
      const readText = (): Promise<string> => textOfFile(path, '.', 'a Cluster');
      const read = async () => ({ text: await readText(), name: path, context, trust: 'operator' }) as const;
      return kubeconfigMaterial(read, dirname(path), deps);
    }
    case 'inCluster':
      return inCluster(source.folder ?? serviceAccountFolder, deps);
    case 'token':
      return async () => {
        const { server, trust, read } = source;
        const authorization = bearer((await read()).trim());
        return { server, endpoint: trust, authorization, user: undefined, validUntilMs: Number.POSITIVE_INFINITY };
      };
    case 'exec':
      return async () => {
        const { server, ca, plugin } = source;
        const proof = execProof(await runExecPlugin(plugin, server, deps), deps.clock);
        const endpoint = { ca, cert: proof.cert, key: proof.key };
        return {
          server,
          endpoint,
          authorization: proof.authorization,
          user: undefined,
          validUntilMs: proof.validUntilMs,
        };
      };
  }
}

/** Source: Kubernetes, Accessing the API from a Pod. */
function inCluster(folder: string, { clock, environment }: ProofDeps): LoadMaterial {
  return async () => {
    const host = environment.KUBERNETES_SERVICE_HOST;
    const port = environment.KUBERNETES_SERVICE_PORT;
    if (!host || !port) throw new FaultError({ kind: 'misconfigured', detail: 'we do not run in a cluster' });
    const name = 'the service account of our pod';
    const ca = await textOfFile('ca.crt', folder, name);
    const { authorization, validUntilMs } = await tokenFileProof('token', folder, name, clock);
    const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
    return {
      server,
      endpoint: { ca },
      authorization,
      user: undefined,
      validUntilMs: Math.min(validUntilMs, clock.nowMs() + rereadMs),
    };
  };
}
