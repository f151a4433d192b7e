/** Where the credential of a member is kept: a Secret on the hub, or a file of this machine. */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isCredentialOf, secretOf } from '../../core/join/credential.ts';
import { at, type JsonObject, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { builtinKinds } from '../../engine/member/builtin-kind.ts';
import { UsageError } from '../failure.ts';
import type { Settings } from '../settings/settings.ts';
import { type HubOptions, hubNamespace } from './hub.ts';
import { joinManager, removeOne } from './member.ts';

export type Place =
  | { readonly kind: 'secret'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

export type PlaceOptions = Pick<HubOptions, 'hubContext'> & { readonly secret?: string | undefined };

/** With a hub its Secrets are the place, without one a file that only the user reads, outside of Git. Errors: UsageError. */
export function placeFor(cluster: string, options: PlaceOptions, settings: Settings): Place {
  const { secret, hubContext } = options;
  const { clusterFiles, stateDir } = settings;
  const hub = settings.hub ?? (hubContext === undefined ? undefined : { namespace: hubNamespace });
  if (secret !== undefined) {
    const [namespace = '', name = '', ...rest] = secret.split('/');
    if (namespace === '' || name === '' || rest.length > 0)
      throw new UsageError(`--secret is <namespace>/<name>, not ${JSON.stringify(secret)}`);
    if (hub === undefined)
      throw new UsageError('--secret needs a `hub` in the settings, or --hub-context: the Secret goes there');
    return { kind: 'secret', namespace, name };
  }
  if (hub !== undefined) return { kind: 'secret', namespace: hub.namespace, name: cluster };
  return { kind: 'file', path: join(clusterFiles.folder ?? join(stateDir, 'kubeconfigs'), `${cluster}.kubeconfig`) };
}

/** `spec.access` of a Cluster whose credential is there. */
export function accessAt(place: Place, proxyURL: string | undefined, settings: Settings): JsonObject {
  const proxy = proxyURL === undefined ? {} : { proxyURL };
  if (place.kind === 'file') {
    const near = relative(settings.clusterFiles.base, place.path);
    return { file: near.startsWith('..') ? place.path : near, ...proxy };
  }
  const { namespace, name } = place;
  const isDefault = namespace === settings.hub?.namespace;
  return { secretRef: isDefault ? { name } : { name, namespace }, ...proxy };
}

export const describePlace = (place: Place): string =>
  place.kind === 'file' ? place.path : `Secret ${place.namespace}/${place.name} on the hub`;

/** `isReferred`: the manifest names this place already. Errors: exists, for a Secret that may be somebody else's. */
export async function keepCredential(
  place: Place,
  kubeconfig: string,
  { cluster, isReferred }: { readonly cluster: string; readonly isReferred: boolean },
  hub: () => KubeClient,
  signal: AbortSignal,
): Promise<void> {
  if (place.kind === 'file') {
    await mkdir(dirname(place.path), { recursive: true, mode: 0o700 });
    await writeFile(place.path, kubeconfig, { mode: 0o600 });
    // A file that was there keeps its mode.
    await chmod(place.path, 0o600);
    return;
  }
  const { namespace, name } = place;
  const client = hub();
  const live = await client.get({ kind: builtinKinds.secret, namespace, name }, signal, { isMetadataOnly: true });
  if (live !== undefined && !isReferred && !isCredentialOf(live, cluster))
    throw new FaultError({
      kind: 'exists',
      detail: `Secret ${namespace}/${name} is on the hub and is no credential of ${cluster}; name another with --secret`,
    });
  const secret = secretOf(namespace, name, cluster, kubeconfig);
  await client.apply(secret, { kind: builtinKinds.secret, manager: joinManager, force: true }, signal);
}

/** Shape: what became of it, for a person. */
export async function dropCredential(
  place: Place,
  cluster: string,
  hub: () => KubeClient,
  signal: AbortSignal,
): Promise<'removed' | 'absent' | 'left'> {
  if (place.kind === 'file') {
    try {
      await rm(place.path);
      return 'removed';
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
      throw error;
    }
  }
  const { namespace, name } = place;
  const ref = { kind: builtinKinds.secret, namespace, name };
  const live = await hub().get(ref, signal, { isMetadataOnly: true });
  if (live === undefined) return 'absent';
  if (!isCredentialOf(live, cluster)) return 'left';
  await removeOne(ref, live, hub(), signal);
  return 'removed';
}

/** Does the manifest say that its credential is there? */
export function isReferredBy(cluster: JsonObject | undefined, place: Place, settings: Settings): boolean {
  if (place.kind === 'file' || cluster === undefined) return place.kind === 'file';
  const reference = at(cluster, 'spec', 'access', 'secretRef');
  const namespace = textOf(at(reference, 'namespace')) ?? settings.hub?.namespace;
  return textOf(at(reference, 'name')) === place.name && namespace === place.namespace;
}
