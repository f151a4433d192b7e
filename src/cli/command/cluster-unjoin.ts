/** `landfall cluster unjoin`: takes Landfall's account and rights from a member, and its credential from the hub. */
import { resolve } from 'node:path';
import { clusterIDOf, lifecycleOf, mayLeave } from '../../core/join/cluster-manifest.ts';
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { installationId } from '../../core/model/id.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { describeObject } from '../../core/model/object.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { systemNet } from '../../edge/net/net.ts';
import { recordQuery } from '../../engine/member/record-cache.ts';
import { describePlace, dropCredential, placeFor } from '../cluster/credential-place.ts';
import { allMemberObjects } from '../cluster/deploy-files.ts';
import { type HubOptions, hubOf } from '../cluster/hub.ts';
import { clustersIn, type Declared, declaredAs } from '../cluster/inventory.ts';
import { type Deed, removeAll } from '../cluster/member.ts';
import { clustersOf } from '../connect/clusters.ts';
import { openContext } from '../connect/context.ts';
import { UsageError } from '../failure.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { counted } from '../output/text.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';
import { ownVersion } from '../version.ts';

export type UnjoinOptions = HubOptions & {
  readonly context: string;
  readonly config?: string | undefined;
  readonly dir: string;
  readonly secret?: string | undefined;
  readonly force?: boolean | undefined;
  readonly output: Format;
};

type Left = {
  readonly cluster: string;
  /** Why the member could not be asked; with `--force` alone. */
  readonly fault: string | undefined;
  readonly deeds: readonly Deed[];
  /** Apps that still have a record there. */
  readonly apps: number;
  readonly place: string;
  readonly credential: 'removed' | 'absent' | 'left';
  readonly declared: Declared | undefined;
};

export async function clusterUnjoin(name: string, options: UnjoinOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, clock, rng, signal, stdout } = around;
  const settings = await readSettings({ config: options.config, flags: {}, folder, environment });
  const place = placeFor(name, options, settings);
  const declared = declaredAs(name, await clustersIn(resolve(folder, options.dir), signal));
  if (declared !== undefined && !mayLeave(declared.value) && options.force !== true) throw stillWanted(name, declared);
  const { client } = openContext(options, around);
  const deps = { net: systemNet({ clock }), clock, rng, environment, version: ownVersion() };
  const clusters = clustersOf(settings, deps);
  const hub = hubOf(options, clusters, around);
  try {
    const taken = await takeFrom(client, declared, settings.installation, signal).catch((error: unknown) => {
      // A cluster that is gone for good must not keep its credential on the hub for ever.
      if (!(error instanceof FaultError) || options.force !== true) throw error;
      return { deeds: [], apps: 0, fault: error.fault.detail };
    });
    const credential = await dropCredential(place, name, hub.client, signal);
    const left: Left = { cluster: name, ...taken, place: describePlace(place), credential, declared };
    printAnswer(options.output, answerOf(left), () => textOf(left), stdout);
    return taken.fault === undefined ? 0 : 1;
  } finally {
    hub.close();
    clusters.close();
    client.close();
  }
}

function stillWanted(name: string, { path, line, value }: Declared): UsageError {
  const lifecycle = lifecycleOf(value);
  return new UsageError(
    `${path}:${line} says that ${name} is ${lifecycle}. Set \`lifecycle: Draining\` there to have it emptied first, or \`lifecycle: Retired\` to leave what runs there; --force takes the rights away at once`,
  );
}

type Taken = Pick<Left, 'deeds' | 'apps' | 'fault'>;

async function takeFrom(
  client: KubeClient,
  declared: Declared | undefined,
  installation: string,
  signal: AbortSignal,
): Promise<Taken> {
  const clusterID = await client.identity(signal);
  const known = declared && clusterIDOf(declared.value);
  if (known !== undefined && known !== clusterID)
    throw new UsageError(`the context leads to cluster ${clusterID}, and the manifest is about ${known}`);
  const { items } = await client.listReduced(recordQuery(installationId(installation)), () => true, signal);
  const isHub = await runsLandfall(client, signal);
  const objects = allMemberObjects(installation).filter((object) => !staysThere(object, isHub));
  const unique = [...new Map(objects.map((object) => [`${object.kind} ${describeObject(object)}`, object])).values()];
  return { deeds: await removeAll(unique, client, false, signal), apps: items.length, fault: undefined };
}

/** The namespace holds the records, which say what Landfall made there; the hub's own pod runs as the same account. */
const staysThere = ({ kind }: KubeObject, isHub: boolean): boolean =>
  kind === 'Namespace' || (isHub && kind === 'ServiceAccount');

async function runsLandfall(client: KubeClient, signal: AbortSignal): Promise<boolean> {
  const kind = (await client.kinds(signal)).at('apps/v1', 'Deployment');
  if (kind === undefined) return false;
  return (await client.get({ kind, namespace: 'landfall-system', name: 'landfall' }, signal)) !== undefined;
}

const answerOf = ({ cluster, fault, deeds, apps, place, credential, declared }: Left): Json => ({
  cluster,
  objects: deeds.map(({ verb, object: { apiVersion, kind, metadata } }) => ({
    verb,
    apiVersion,
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  })),
  appsLeft: apps,
  credential: { place, state: credential },
  manifest: declared === undefined ? null : { path: declared.path, line: declared.line },
  ...(fault === undefined ? {} : { fault }),
});

function textOf({ cluster, fault, deeds, apps, place, credential, declared }: Left): string {
  const credentials = {
    removed: `removed ${place}`,
    absent: `${place} was not there`,
    left: `left ${place}: it was not made by \`landfall cluster join\``,
  };
  const lines = [
    fault === undefined ? `${cluster} is left by Landfall` : `${cluster} could not be asked: ${fault}`,
    ...deeds.map(({ verb, object }) => `  ${verb.padEnd(7)}  ${describeObject(object)}`),
    credentials[credential],
    ...(apps === 0 ? [] : [`what ${counted(apps, 'App')} put there stays there, with the records in landfall-system`]),
    ...(declared === undefined ? [] : [`${declared.path}:${declared.line} still declares it: take it out, and commit`]),
  ];
  return `${lines.join('\n')}\n`;
}
