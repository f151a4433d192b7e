/** `landfall cluster join`: rights and an account on a member, its credential to the hub, its Cluster into a folder. */
import { relative, resolve } from 'node:path';
import { kubeconfigOf } from '../../core/join/credential.ts';
import { type Rights, without } from '../../core/join/member-objects.ts';
import type { Json } from '../../core/json/value.ts';
import { describeObject } from '../../core/model/object.ts';
import { formatYaml } from '../../core/yaml/format.ts';
import { kubeClient } from '../../edge/kube/client.ts';
import { fixedCredentials, type Login } from '../../edge/kube/login.ts';
import type { IssuedToken } from '../../edge/kube/token.ts';
import { systemNet } from '../../edge/net/net.ts';
import {
  accessAt,
  describePlace,
  isReferredBy,
  keepCredential,
  type Place,
  placeFor,
} from '../cluster/credential-place.ts';
import { allMemberObjects, memberObjects } from '../cluster/deploy-files.ts';
import { type HubOptions, hubOf } from '../cluster/hub.ts';
import { clustersIn, declaredAs, manifestFor, refuseMix, type Written, writeManifest } from '../cluster/inventory.ts';
import { applyAll, type Deed, prove, removeAll, tokenFor } from '../cluster/member.ts';
import { clustersOf } from '../connect/clusters.ts';
import { type ContextCluster, openContext } from '../connect/context.ts';
import { UsageError } from '../failure.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { paintFor } from '../output/paint.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';
import { ownVersion } from '../version.ts';

export type JoinOptions = HubOptions & {
  readonly context: string;
  readonly config?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly secret?: string | undefined;
  readonly rights: Rights;
  /** As Landfall reaches it, when that is another address than the user's. */
  readonly server?: string | undefined;
  readonly tokenDuration: number;
  readonly dryRun?: boolean | undefined;
  readonly output: Format;
};

type Joined = {
  readonly cluster: string;
  readonly clusterID: string;
  readonly version: string;
  readonly server: string;
  readonly deeds: readonly Deed[];
  readonly place: Place;
  /** Undefined in a dry run. */
  readonly token: IssuedToken | undefined;
  readonly written: Written;
  /** From where the user stands. */
  readonly path: string;
};

export async function clusterJoin(name: string, options: JoinOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, clock, rng, signal } = around;
  const settings = await readSettings({ config: options.config, flags: {}, folder, environment });
  const place = placeFor(name, options, settings);
  const dir = resolve(folder, options.dir);
  const member = openContext(options, around);
  const deps = { net: systemNet({ clock }), clock, rng, environment, version: ownVersion() };
  const clusters = clustersOf(settings, deps);
  const hub = hubOf(options, clusters, around);
  try {
    const [version, clusterID] = [await member.client.version(signal), await member.client.identity(signal)];
    const declared = await clustersIn(dir, signal);
    refuseMix(name, clusterID, declared);
    const { endpoint, server } = await addressOf(member, options, signal);
    const before = declaredAs(name, declared);
    const access = accessAt(place, endpoint.proxyURL, settings);
    const written = manifestFor({ name, clusterID, access, labels: options.labels }, before);

    const objects = memberObjects(options.rights, settings.installation);
    const isDry = options.dryRun === true;
    const applied = await applyAll(objects, member.client, isDry, signal);
    // Joined with more rights before: what is not among these goes.
    const surplus = without(allMemberObjects(settings.installation), objects);
    const deeds = [...applied, ...(await removeAll(surplus, member.client, isDry, signal))];
    const path = relative(folder, resolve(dir, written.path));
    const joined = { cluster: name, clusterID, version, server, deeds, place, written, path };
    if (isDry) return print({ ...joined, token: undefined }, options, around);

    const token = await tokenFor(objects, Math.floor(options.tokenDuration / 1_000), member.client, signal);
    const { ca, serverName } = endpoint;
    if (options.server === undefined) {
      const credentials = fixedCredentials(server, { ...endpoint, ...withToken(token) });
      const landfall = kubeClient(credentials, deps, { version: ownVersion() });
      try {
        await prove(landfall, clusterID, clock, signal);
      } finally {
        landfall.close();
      }
    }
    const kubeconfig = formatYaml(kubeconfigOf({ cluster: name, server, ca, serverName, token: token.token }));
    const isReferred = isReferredBy(before?.value, place, settings);
    await keepCredential(place, kubeconfig, { cluster: name, isReferred }, hub.client, signal);
    await writeManifest(dir, written);
    return print({ ...joined, token }, options, around);
  } finally {
    hub.close();
    clusters.close();
    member.client.close();
  }
}

const withToken = ({ token }: IssuedToken) => ({
  cert: undefined,
  key: undefined,
  headers: { authorization: `Bearer ${token}` },
});

type Address = { readonly endpoint: Login['endpoint']; readonly server: string };

/** Errors: UsageError, when whoever reads the credential could not know the server by anything. */
async function addressOf({ login }: ContextCluster, options: JoinOptions, signal: AbortSignal): Promise<Address> {
  const { endpoint, basePath } = await login(signal);
  if (endpoint.isInsecure === true)
    throw new UsageError(
      `context ${options.context} has insecure-skip-tls-verify; a token is sent only to a server that proves who it is: give the context its certificate-authority`,
    );
  return { endpoint, server: options.server ?? `${endpoint.origin}${basePath}` };
}

function print(joined: Joined, options: JoinOptions, { stdout }: Surroundings): ExitCode {
  printAnswer(options.output, answerOf(joined), () => textOf(joined, stdout), stdout);
  return joined.written.state === 'other' ? 1 : 0;
}

const answerOf = ({ cluster, clusterID, version, server, deeds, place, token, written, path }: Joined): Json => ({
  cluster,
  clusterID,
  version,
  server,
  objects: deeds.map(({ verb, object: { apiVersion, kind, metadata } }) => ({
    verb,
    apiVersion,
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  })),
  credential: place.kind === 'file' ? { file: place.path } : { secret: `${place.namespace}/${place.name}` },
  tokenExpiresAt: token?.expiresAt ?? null,
  manifest: { path, state: written.state, content: written.manifest },
});

function textOf(
  { cluster, clusterID, version, server, deeds, place, token, written, path }: Joined,
  terminal: Terminal,
): string {
  const paint = paintFor(terminal);
  const isDry = token === undefined;
  const lines = [
    `${paint('bold', cluster)} is cluster ${clusterID}, ${version}, at ${server}`,
    ...deeds.map(({ verb, object }) => `  ${verb.padEnd(9)}  ${describeObject(object)}`),
    isDry
      ? `would keep a token in ${describePlace(place)}`
      : `${describePlace(place)} has a token until ${token.expiresAt}; join again to renew it`,
    ...manifestLines(written, path, cluster, isDry),
  ];
  return `${lines.join('\n')}\n`;
}

function manifestLines({ state, manifest }: Written, path: string, cluster: string, isDry: boolean): readonly string[] {
  const text = formatYaml(manifest)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
  switch (state) {
    case 'unchanged':
      return [`${path} says so already: nothing to commit`];
    case 'other':
      return [`${path} has other manifests beside this Cluster: change it there to`, ...text];
    case 'created':
    case 'changed':
      if (isDry) return [`would write ${path}:`, ...text, 'dry run: nothing was written anywhere'];
      return [`${state} ${path}; commit it:`, `  git add ${path} && git commit -m "Cluster ${cluster} joins"`];
  }
}
