/** `landfall federate`: objects of one cluster, or out of a file, as manifests for all clusters. */
import { resolve } from 'node:path';
import { isEnabled, type Served, typeConfigsFor } from '../../core/import/enable-type.ts';
import { asApp, asFederated, hasPlainName, lostIn } from '../../core/import/federate.ts';
import { whyLeftOut } from '../../core/import/live-object.ts';
import type { Remark } from '../../core/import/manifest.ts';
import { subjectOf } from '../../core/import/surroundings.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { formatYamlDocuments } from '../../core/yaml/format.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { openContext } from '../connect/context.ts';
import { UsageError } from '../failure.ts';
import { liveObjects } from '../import/live-objects.ts';
import { objectsInFile } from '../import/tool-objects.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { oneLine } from '../output/text.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';

export type FederateOptions = {
  readonly filename?: string | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly namespace: string;
  /** Of a Namespace: what is in it, too. */
  readonly contents?: boolean | undefined;
  readonly secrets?: boolean | undefined;
  readonly skipAPIResources: readonly string[];
  /** With it a kind that KubeFed does not federate by itself is enabled, too. */
  readonly enableType?: boolean | undefined;
  readonly to: 'native' | 'kubefed';
  readonly name?: string | undefined;
  readonly output: Format;
};

/** Prints manifests, and writes nothing anywhere. */
export async function federate(
  type: string | undefined,
  name: string | undefined,
  options: FederateOptions,
  around: Surroundings,
): Promise<ExitCode> {
  if (options.enableType === true && options.to === 'native')
    throw new UsageError('--enable-type is for `--to kubefed`: an App takes any kind');
  const { objects: found, served } =
    options.filename === undefined
      ? await fromCluster(type, name, options, around)
      : await fromFile(options.filename, type, around);
  const remarks: Remark[] = [];
  const objects = found.filter((object) => {
    // A file says what somebody wants; whatever a cluster lists may be anybody's.
    const reason = options.filename === undefined ? whyNot(object, options) : undefined;
    if (reason !== undefined) remarks.push({ subject: subjectOf(object), reason });
    return reason === undefined;
  });
  const configs = options.enableType === true ? typeConfigsFor(objects, served) : [];
  const manifests =
    options.to === 'kubefed' ? [...configs, ...objects.map(asFederated)] : nativeOf(objects, name, options);
  if (options.to === 'kubefed') remarks.push(...objects.flatMap(lostIn));
  if (options.to === 'kubefed' && options.enableType !== true)
    remarks.push(...objects.filter((object) => !isEnabled(object)).map(notEnabled));
  const { stdout, stderr } = around;
  printAnswer(options.output, manifests, () => formatYamlDocuments(manifests), stdout);
  for (const { subject, reason } of remarks) stderr.write(`${oneLine(`${subject}: ${reason}`)}\n`);
  return objects.length === 0 ? 1 : 0;
}

const notEnabled = (object: KubeObject): Remark => ({
  subject: subjectOf(object),
  reason: 'KubeFed does not federate its kind by itself; --enable-type prints the FederatedTypeConfig for it',
});

function whyNot(object: KubeObject, { secrets, to }: FederateOptions): string | undefined {
  const reason = whyLeftOut(object, secrets === true);
  if (reason !== undefined || to === 'native') return reason;
  return hasPlainName(object) ? undefined : 'KubeFed cannot give something its name';
}

/** By the namespace that most would look for it in. */
function nativeOf(
  objects: readonly KubeObject[],
  asked: string | undefined,
  { name, namespace }: FederateOptions,
): readonly JsonObject[] {
  const [first] = objects;
  if (first === undefined) return [];
  const own = first.kind === 'Namespace' ? first.metadata.name : (first.metadata.namespace ?? namespace);
  return asApp(name ?? asked ?? first.metadata.name, own, objects);
}

type Found = {
  readonly objects: readonly KubeObject[];
  /** Undefined where nobody can be asked. */
  readonly served: (object: KubeObject) => Served | undefined;
};

async function fromFile(file: string, type: string | undefined, { folder, signal }: Surroundings): Promise<Found> {
  if (type !== undefined) throw new UsageError('give a type and a name, or --filename');
  const objects = await objectsInFile(file === '-' ? '/dev/stdin' : resolve(folder, file), signal);
  return { objects, served: () => undefined };
}

async function fromCluster(
  type: string | undefined,
  name: string | undefined,
  options: FederateOptions,
  around: Surroundings,
): Promise<Found> {
  if (type === undefined || name === undefined) throw new UsageError('give a type and a name, or --filename');
  const { client } = openContext(options, around);
  try {
    const object = await namedObject(type, name, options.namespace, client, around.signal);
    const kinds = await client.kinds(around.signal);
    const served = ({ apiVersion, kind }: KubeObject): Served | undefined => {
      const found = kinds.at(apiVersion, kind);
      return found && { plural: found.resource, isNamespaced: found.isNamespaced };
    };
    if (options.contents !== true) return { objects: [object], served };
    if (object.kind !== 'Namespace') throw new UsageError('--contents is for a Namespace');
    const choice = { namespaces: [name], selector: undefined, kinds: [] };
    const { objects, remarks } = await liveObjects(choice, client, around.signal);
    for (const { subject, reason } of remarks) around.stderr.write(`${oneLine(`${subject}: ${reason}`)}\n`);
    const { named } = kinds;
    const skipped = options.skipAPIResources.map((each) => {
      const [resource = '', ...group] = each.split('.');
      return { group: each, kind: named(resource, group.length === 0 ? undefined : group.join('.')) };
    });
    const isSkipped = ({ apiVersion, kind }: KubeObject): boolean =>
      skipped.some((each) => each.kind?.kind === kind || apiVersion.startsWith(`${each.group}/`));
    return { objects: [object, ...objects.filter((each) => !isSkipped(each))], served };
  } finally {
    client.close();
  }
}

async function namedObject(
  type: string,
  name: string,
  namespace: string,
  client: KubeClient,
  signal: AbortSignal,
): Promise<KubeObject> {
  const [resource = '', ...group] = type.split('.');
  const kind = (await client.kinds(signal)).named(resource, group.length === 0 ? undefined : group.join('.'));
  if (kind === undefined) throw new UsageError(`the cluster serves no ${JSON.stringify(type)}`);
  const ref = { kind, namespace: kind.isNamespaced ? namespace : undefined, name };
  const found = await client.get(ref, signal);
  if (found !== undefined) return found;
  const where = kind.isNamespaced ? `${namespace}/${name}` : name;
  throw new FaultError({ kind: 'missing', detail: `there is no ${kind.kind} ${where}` });
}
