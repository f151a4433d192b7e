/** A Job that is run once for each revision, as the tenant, on the cluster that the gate names. */
import { destinationsOn, type Grant, refuseObject } from '../../core/grant/grant.ts';
import { jobHealth } from '../../core/health/job.ts';
import { longDigestOfText } from '../../core/json/digest.ts';
import { isObject, numberOf, withFields } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import { type ClusterId, type InstallationId, objectKey, type RepositoryId } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import { asKubeObject, type KubeObject, textMapOf, withMetadata } from '../../core/model/object.ts';
import { installationLabel } from '../../core/plan/manifest.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { type Answer, type AskOf, fail, pass, pending, unknown } from './answer.ts';
import { placedKey } from './gate-view.ts';

export type JobDeps = {
  readonly installation: InstallationId;
  readonly clusterOf: (cluster: ClusterId) => Cluster | undefined;
  readonly grantOf: (repository: RepositoryId) => Grant | undefined;
  /** Errors: misconfigured, unreachable. */
  readonly clientOf: (cluster: ClusterId, repository: RepositoryId) => KubeClient;
};

export type JobCheck = {
  /** Runs it where it has not been run, and says how it is. */
  readonly run: (ask: AskOf<'job'>, signal: AbortSignal) => Promise<Answer>;
  /** Says how it is, and touches nothing. */
  readonly look: (ask: AskOf<'job'>, signal: AbortSignal) => Promise<Answer>;
  /** Removes it with its pods; one that is not there, or is not ours, is left. */
  readonly clear: (ask: AskOf<'job'>, signal: AbortSignal) => Promise<void>;
};

/** On the Jobs of gates, beside the installation's own label: whose answer it is. */
export const gateLabel = 'landfall.dev/gate';

const jobKind: Kind = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  resource: 'jobs',
  singular: 'job',
  shortNames: [],
  isNamespaced: true,
  verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  subresources: [],
};

/** What nobody cleared, since the process that ran it is gone, goes by itself. Units: seconds. */
const keptSeconds = 3_600;
/** One that goes before anybody has looked again would be run again and again; the longest rest is shorter than this. */
const keptSecondsMin = 600;

export function jobCheck(deps: JobDeps): JobCheck {
  const open = (ask: AskOf<'job'>): { readonly client: KubeClient; readonly job: KubeObject; readonly key: string } => {
    const { repository } = ask.asked.placement;
    const key = longDigestOfText(`${deps.installation} ${placedKey(ask.asked)}`).slice(-16);
    const job = jobOf(ask, key, deps.installation);
    const cluster = deps.clusterOf(ask.check.cluster);
    if (cluster === undefined)
      throw new FaultError({ kind: 'misconfigured', detail: `there is no cluster ${ask.check.cluster}` });
    const grant = deps.grantOf(repository) ?? { kind: 'nothing', reason: `nothing is granted to ${repository}` };
    const { namespace = '', name } = job.metadata;
    const destinations = grant.kind === 'tenant' ? destinationsOn(grant.tenant, cluster) : [];
    const refused = refuseObject(grant, objectKey('batch', 'Job', namespace, name), destinations);
    if (refused !== undefined) throw new FaultError({ kind: 'misconfigured', detail: refused });
    return { client: deps.clientOf(cluster.id, repository), job, key };
  };

  const find = async (ask: AskOf<'job'>, signal: AbortSignal) => {
    const { client, job, key } = open(ask);
    const ref = { kind: jobKind, namespace: job.metadata.namespace, name: job.metadata.name };
    const found = await client.get(ref, signal);
    const isOurs = found !== undefined && textMapOf(found, 'labels')[gateLabel] === key;
    return { client, job, ref, found, isOurs };
  };

  const told = (found: KubeObject, isOurs: boolean): Answer => {
    const { namespace, name } = found.metadata;
    if (!isOurs) return unknown(`Job ${namespace}/${name} is somebody else's`);
    return judgeJob(found);
  };

  return {
    run: async (ask, signal) => {
      const { client, job, found, isOurs } = await find(ask, signal);
      if (found !== undefined) return told(found, isOurs);
      const manager = `landfall-${deps.installation}`;
      const precondition = { kind: 'absent' } as const;
      const made = await client.apply(job, { kind: jobKind, manager, precondition }, signal);
      return judgeJob(made);
    },
    look: async (ask, signal) => {
      const { found, isOurs, job } = await find(ask, signal);
      return found === undefined ? pending(`Job ${job.metadata.name} has not been run yet`) : told(found, isOurs);
    },
    clear: async (ask, signal) => {
      const { client, ref, found, isOurs } = await find(ask, signal);
      if (found === undefined || !isOurs) return;
      const { uid, resourceVersion } = found.metadata;
      if (typeof uid !== 'string' || typeof resourceVersion !== 'string') return;
      await client.remove(ref, { uid, resourceVersion, propagation: 'Background' }, signal);
    },
  };
}

export function judgeJob(job: KubeObject): Answer {
  const { status, message } = jobHealth(job);
  const name = `Job ${job.metadata.namespace}/${job.metadata.name}`;
  if (status === 'Healthy') return { ...pass(`${name} is complete`), isFinal: true };
  if (status === 'Degraded') return fail(`${name}: ${message ?? 'failed'}`);
  return pending(`${name}: ${message ?? status}`);
}

const nameMax = 40;

function jobOf({ asked, check }: AskOf<'job'>, key: string, installation: InstallationId): KubeObject {
  const { manifest, timeoutMs } = check;
  if (manifest === undefined) throw new FaultError({ kind: 'misconfigured', detail: `there is no Job ${check.path}` });
  const { name, namespace = asked.app.slice(0, asked.app.indexOf('/')), labels } = manifest.metadata;
  const spec = isObject(manifest.spec) ? manifest.spec : {};
  const deadline = Math.min(numberOf(spec.activeDeadlineSeconds) ?? Number.POSITIVE_INFINITY, timeoutMs / 1_000);
  const limits = {
    activeDeadlineSeconds: Math.ceil(deadline),
    ttlSecondsAfterFinished: Math.max(keptSecondsMin, numberOf(spec.ttlSecondsAfterFinished) ?? keptSeconds),
  };
  const own = withFields(isObject(labels) ? labels : {}, { [installationLabel]: installation, [gateLabel]: key });
  const metadata = { name: `${name.slice(0, nameMax)}-${key.slice(0, 10)}`, namespace, labels: own };
  return asKubeObject(withFields(withMetadata(manifest, metadata), { spec: withFields(spec, limits) }));
}
