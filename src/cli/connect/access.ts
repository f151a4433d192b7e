/** From how a Cluster says it is reached to credentials for it. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { at, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import { substitute, variablesOf } from '../../core/render/substitute.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { credentials } from '../../edge/kube/credentials.ts';
import { textOfFile } from '../../edge/kube/file.ts';
import type { KubeconfigText, Trust } from '../../edge/kube/kubeconfig.ts';
import type { Credentials } from '../../edge/kube/login.ts';
import { kubeconfigMaterial } from '../../edge/kube/material.ts';
import type { ProofDeps } from '../../edge/kube/proof.ts';
import { type LoadMaterial, rotating } from '../../edge/kube/rotating.ts';
import { builtinKinds } from '../../engine/member/builtin-kind.ts';
import { deadlineOf } from '../../seam/clock.ts';
import type { HubChoice, Settings } from '../settings/settings.ts';
import { clusterFile } from './cluster-file.ts';
import { joinedCluster } from './joined-cluster.ts';

export type AccessDeps = ProofDeps & {
  /** The cluster that Secrets with kubeconfigs are on. Errors: misconfigured, when there is none. */
  readonly hub: () => KubeClient;
  /** Fires when nobody needs credentials any more. */
  readonly life: AbortSignal;
};

/** Nothing is read before the first request. Errors: misconfigured. */
export function accessTo(cluster: Cluster, settings: Settings, deps: AccessDeps): Credentials {
  const { access, proxyURL } = cluster;
  switch (access.kind) {
    case 'inCluster':
      return credentials({ kind: 'inCluster' }, deps, proxyURL);
    case 'file': {
      const { path, trust } = clusterFile(cluster, access.path, settings);
      const read = (): Promise<string> => textOfFile(path, '/', `cluster ${cluster.id}`);
      return fromKubeconfig(
        { name: path, context: access.context, trust, folder: dirname(path), read },
        proxyURL,
        deps,
      );
    }
    case 'secret': {
      const namespace = access.namespace ?? settings.hub?.namespace ?? '';
      const name = `Secret ${namespace}/${access.name}`;
      const read = (): Promise<string> => secretText(namespace, access.name, kubeconfigKeys, deps);
      // Whoever may write Secrets there must not reach into this machine.
      return fromKubeconfig({ name, context: undefined, trust: 'data', folder: '/', read }, proxyURL, deps);
    }
    case 'token': {
      const { namespace, name, server } = access;
      const trust = {
        ca: server.ca,
        isNameUnchecked: server.proof === 'chain',
        isInsecure: server.proof === 'nothing',
      };
      const read = (): Promise<string> => secretText(namespace, name, ['token'], deps);
      return credentials({ kind: 'token', server: server.url, trust, read }, deps, proxyURL);
    }
    case 'exec':
      return fromProvider(cluster, access.provider, settings, deps);
  }
}

export function accessToHub({ access }: HubChoice, deps: ProofDeps): Credentials {
  return credentials(access, deps);
}

type KubeconfigPlace = Omit<KubeconfigText, 'text'> & {
  readonly trust: Trust;
  /** Where its relative paths start. */
  readonly folder: string;
  readonly read: () => Promise<string>;
};

/** Read again when the server refuses what it said: whoever rotates it tells nobody. */
function fromKubeconfig(place: KubeconfigPlace, proxyURL: string | undefined, deps: ProofDeps): Credentials {
  const { read, folder, ...about } = place;
  const load = kubeconfigMaterial(async () => ({ ...about, text: await read() }), folder, deps);
  const throughProxy: LoadMaterial = async (isAnew) => {
    const material = await load(isAnew);
    return { ...material, endpoint: { ...material.endpoint, proxyURL } };
  };
  return rotating(proxyURL === undefined ? load : throughProxy, deps.clock);
}

/** `kubeconfig` is Landfall's own key, `value` that of Cluster API, `config` that of KubeVela's Cluster objects. */
const kubeconfigKeys = ['kubeconfig', 'value', 'config'];
const readMs = 30_000;

async function secretText(
  namespace: string,
  name: string,
  keys: readonly string[],
  { hub, clock, life }: AccessDeps,
): Promise<string> {
  using deadline = deadlineOf(clock, readMs, life);
  const secret = await hub().get({ kind: builtinKinds.secret, namespace, name }, deadline.signal);
  const wrong = (why: string): FaultError =>
    new FaultError({ kind: 'misconfigured', detail: `Secret ${namespace}/${name} on the hub ${why}` });
  if (secret === undefined) throw wrong('is not there');
  const encoded = keys.map((key) => textOf(at(secret, 'data', key))).find((text) => text !== undefined);
  if (encoded !== undefined) return Buffer.from(encoded, 'base64').toString('utf8');
  const joined = keys === kubeconfigKeys ? joinedCluster(secret) : { kind: 'none' as const };
  if (joined.kind === 'kubeconfig') return joined.text;
  const missing = `has no key ${keys.map((key) => `\`${key}\``).join(' or ')}`;
  throw wrong(joined.kind === 'refused' ? joined.reason : missing);
}

function fromProvider(cluster: Cluster, name: string, settings: Settings, deps: AccessDeps): Credentials {
  const provider = settings.execProviders.find((each) => each.name === name);
  const wrong = (why: string): FaultError =>
    new FaultError({ kind: 'misconfigured', detail: `cluster ${cluster.id} names the exec provider ${name}, ${why}` });
  if (provider === undefined) throw wrong('which is not among `execProviders` of the settings');
  const { value: server, unknown } = substitute(provider.server, variablesOf(cluster, {}));
  if (unknown.length > 0) throw wrong(`whose server needs the variable ${unknown.join(', ')}`);
  if (!URL.canParse(server)) throw wrong(`whose server would be ${server}, which is no URL`);
  const ca = provider.caFile === undefined ? undefined : pemOf(provider.caFile, wrong);
  const { apiVersion, command, args, env } = provider;
  const clusterInfo = infoOf(server, ca);
  return credentials(
    { kind: 'exec', server, ca, plugin: { apiVersion, command, args, env, clusterInfo } },
    deps,
    cluster.proxyURL,
  );
}

function pemOf(path: string, wrong: (why: string) => FaultError): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw wrong(`whose \`caFile\` ${path} cannot be read`);
  }
}

/** Source: client.authentication.k8s.io/v1, Cluster. */
const infoOf = (server: string, ca: string | undefined): Readonly<Record<string, string>> =>
  ca === undefined ? { server } : { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
