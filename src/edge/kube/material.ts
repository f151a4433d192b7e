/** What a kubeconfig's context comes to: where to dial, whom to trust, who we are. */
import { rereadMs, textOfFile } from './file.ts';
import { type Kubeconfig, type KubeconfigText, readKubeconfig } from './kubeconfig.ts';
import { type Proof, type ProofDeps, type ProofSource, proofSource } from './proof.ts';
import type { LoadMaterial } from './rotating.ts';

type Known = {
  readonly config: Kubeconfig;
  readonly name: string;
  readonly prove: ProofSource;
  proof: Proof | undefined;
};

/** `read` gives the kubeconfig; `folder` is where its relative paths start. */
export function kubeconfigMaterial(read: () => Promise<KubeconfigText>, folder: string, deps: ProofDeps): LoadMaterial {
  const { clock } = deps;
  const pem = async (data: string | undefined, file: string | undefined, name: string): Promise<string | undefined> => {
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    return file ? textOfFile(file, folder, `kubeconfig ${name}`) : undefined;
  };
  const open = async (): Promise<Known> => {
    const source = await read();
    const config = await readKubeconfig(source);
    const ca = await pem(config.cluster.caData, config.cluster.caFile, source.name);
    return { config, name: source.name, prove: proofSource(config, ca, folder, source.name, deps), proof: undefined };
  };

  let known: Known | undefined;
  return async (isAnew) => {
    if (known === undefined || isAnew) known = await open();
    // A plugin's answer outlives the files beside it, which are read every minute.
    if (known.proof === undefined || clock.nowMs() >= known.proof.validUntilMs) known.proof = await known.prove();
    const { config, name, proof } = known;
    const { cluster, user } = config;
    const hasFiles = [cluster.caFile, user.certFile, user.keyFile].some(Boolean);
    return {
      server: cluster.server,
      endpoint: {
        ca: await pem(cluster.caData, cluster.caFile, name),
        cert: proof.cert ?? (await pem(user.certData, user.certFile, name)),
        key: proof.key ?? (await pem(user.keyData, user.keyFile, name)),
        serverName: cluster.tlsServerName,
        isInsecure: cluster.skipTLSVerify,
        proxyURL: cluster.proxyUrl,
      },
      authorization: proof.authorization,
      user: config.impersonated,
      validUntilMs: hasFiles ? Math.min(proof.validUntilMs, clock.nowMs() + rereadMs) : proof.validUntilMs,
    };
  };
}
