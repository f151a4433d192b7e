/** What Landfall needs on a member before anything else: its namespace, and the key that seals digests. */
import { keyedDigestOfText } from '../../core/json/digest.ts';
import { at, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { digest, type InstallationId } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Seal } from '../../core/plan/manifest.ts';
import { systemNamespace } from '../../core/plan/record-id.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ApplyOptions } from '../../edge/kube/write.ts';
import type { Rng } from '../../seam/rng.ts';
import { builtinKinds } from './builtin-kind.ts';

export type SystemDeps = { readonly client: KubeClient; readonly rng: Rng; readonly manager: string };

/** The seal of a member that nothing may be written to: its records, if it has any, will not match, and none are made. */
export const openSeal: Seal = (plain) => plain;

/** Reads the key, or undefined when this installation was never here. */
export async function readSeal(
  installation: InstallationId,
  client: KubeClient,
  signal: AbortSignal,
): Promise<Seal | undefined> {
  const secret = await client.get(keyRef(installation), signal);
  return secret === undefined ? undefined : sealOf(secret);
}

/** Reads the key; makes it, and the namespace it is in, when they are not there. */
export async function ensureSystem(installation: InstallationId, deps: SystemDeps, signal: AbortSignal): Promise<Seal> {
  const known = await readSeal(installation, deps.client, signal);
  if (known !== undefined) return known;
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: keyName(installation), namespace: systemNamespace },
    data: { key: Buffer.from(deps.rng.bytes(32)).toString('base64') },
  };
  const made = await unlessThere(() => createInSystem(secret, deps, signal));
  const seal = made === undefined ? await readSeal(installation, deps.client, signal) : sealOf(made);
  if (seal === undefined)
    throw new FaultError({ kind: 'stale', detail: `Secret ${systemNamespace}/${keyName(installation)} came and went` });
  return seal;
}

/** Makes the namespace only when it turns out to be missing: where it was made beforehand, we need no right to make any. */
async function createInSystem(secret: KubeObject, deps: SystemDeps, signal: AbortSignal): Promise<KubeObject> {
  const { client, manager } = deps;
  // Applied and not posted: a right to create by POST cannot be tied to a name.
  const options: ApplyOptions = { kind: builtinKinds.secret, manager, precondition: { kind: 'absent' } };
  const create = (): Promise<KubeObject> => client.apply(secret, options, signal);
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'missing') throw error;
  }
  await createNamespace(systemNamespace, deps, signal);
  return create();
}

export type NamespaceDeps = {
  /** Who looks: ourselves. */
  readonly reader: KubeClient;
  /** Who makes it: whoever the objects in it are made as. */
  readonly client: KubeClient;
  readonly manager: string;
};

/** Makes a namespace when it is not there. It is nobody's: never owned, never deleted. */
export async function ensureNamespace(name: string, deps: NamespaceDeps, signal: AbortSignal): Promise<void> {
  const ref = { kind: builtinKinds.namespace, namespace: undefined, name };
  // Looking comes first: most namespaces are there, and to be refused for making what is there would help nobody.
  if ((await deps.reader.get(ref, signal, { isMetadataOnly: true })) === undefined)
    await createNamespace(name, deps, signal);
}

async function createNamespace(
  name: string,
  { client, manager }: Pick<SystemDeps, 'client' | 'manager'>,
  signal: AbortSignal,
): Promise<void> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await unlessThere(() => client.create(namespace, builtinKinds.namespace, { manager }, signal));
}

async function unlessThere<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof FaultError && error.fault.kind === 'exists') return undefined;
    throw error;
  }
}

const keyName = (installation: InstallationId): string => `landfall-${installation}`;

const keyRef = (
  installation: InstallationId,
): { readonly kind: Kind; readonly namespace: string; readonly name: string } => ({
  kind: builtinKinds.secret,
  namespace: systemNamespace,
  name: keyName(installation),
});

function sealOf(secret: KubeObject): Seal {
  const key = textOf(at(secret, 'data', 'key'));
  if (key === undefined || key === '') {
    throw new FaultError({
      kind: 'misconfigured',
      detail: `Secret ${systemNamespace}/${secret.metadata.name} has no key`,
    });
  }
  return (plain) => digest(keyedDigestOfText(plain, key));
}
