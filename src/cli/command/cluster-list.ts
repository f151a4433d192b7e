/** `landfall cluster list`: the clusters of the inventory, and how they are. */
import type { Json } from '../../core/json/value.ts';
import { isError } from '../../core/model/diagnostic.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { ClusterId } from '../../core/model/id.ts';
import { describeFault } from '../../engine/fault-text.ts';
import { whyUnread } from '../../engine/plan/read-member.ts';
import { type Survey, withSurvey } from '../../engine/plan/survey.ts';
import type { SurveyMember } from '../../engine/plan/survey-member.ts';
import type { EngineDeps } from '../../engine/settings.ts';
import { openParts } from '../connect/parts.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { paintFor } from '../output/paint.ts';
import { printTable } from '../output/table.ts';
import { oneLine } from '../output/text.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';
import { problemsText } from './plan.ts';

export type ListOptions = {
  readonly config?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly output: Format;
};

type Row = {
  readonly cluster: Cluster;
  readonly member: SurveyMember | undefined;
  readonly isHost: boolean;
  readonly seenAt: string | undefined;
};

export async function clusterList(options: ListOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, signal, stdout, stderr } = around;
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const parts = await openParts(settings, { isOneShot: true }, around);
  try {
    const { engineSettings, engineDeps } = parts;
    const hubID = settings.hub === undefined ? undefined : await hubIdentity(engineDeps, signal);
    return await withSurvey(
      engineSettings,
      engineDeps,
      undefined,
      async (survey) => {
        const rows = rowsOf(survey, hubID, engineDeps.identities.known);
        printAnswer(options.output, { clusters: rows.map(answerOf) }, () => tableOf(rows, stdout), stdout);
        stderr.write(problemsText(survey.revision.compiled.diagnostics.filter(isError), stderr));
        return survey.unread.size > 0 ? 1 : 0;
      },
      signal,
    );
  } finally {
    await parts.close();
  }
}

/** Undefined: it does not answer, or the settings name none; then only a Cluster that says so itself is the host. */
async function hubIdentity({ connectHub }: EngineDeps, signal: AbortSignal): Promise<string | undefined> {
  const client = connectHub();
  try {
    return await client.identity(signal);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return undefined;
  } finally {
    client.close();
  }
}

function rowsOf(
  { revision, members, nowMs }: Survey,
  hubID: string | undefined,
  known: (cluster: ClusterId) => string | undefined,
): readonly Row[] {
  return [...revision.compiled.gathered.fleet.values()].map((cluster) => {
    const member = members.get(cluster.id);
    const uid = cluster.clusterID ?? known(cluster.id);
    return {
      cluster,
      member,
      isHost: cluster.access.kind === 'inCluster' || (uid !== undefined && uid === hubID),
      seenAt: member?.isRead === true ? new Date(nowMs).toISOString() : undefined,
    };
  });
}

const answerOf = ({ cluster, member, isHost, seenAt }: Row): Json => ({
  name: cluster.id,
  role: isHost ? 'Host' : 'Member',
  clusterID: cluster.clusterID ?? null,
  labels: cluster.labels,
  version: member?.version ?? null,
  lifecycle: cluster.lifecycle,
  suspended: cluster.isSuspended,
  // Nobody asks a retired cluster anything.
  reachable: member === undefined ? null : member.isRead,
  seenAt: seenAt ?? null,
  ...(member === undefined || member.isRead ? {} : { reason: describeFault(whyUnread(member)) }),
});

function tableOf(rows: readonly Row[], terminal: Terminal): string {
  const paint = paintFor(terminal);
  const lines = rows.map(({ cluster, member, isHost, seenAt }) => [
    cluster.id,
    isHost ? 'Host' : 'Member',
    member?.version ?? '-',
    cluster.isSuspended ? `${cluster.lifecycle}, suspended` : cluster.lifecycle,
    member === undefined ? '-' : member.isRead ? paint('green', 'yes') : paint('red', 'no'),
    seenAt ?? '-',
    labelsText(cluster),
    member === undefined || member.isRead ? '' : oneLine(describeFault(whyUnread(member))),
  ]);
  const columns = terminal.isTerminal ? terminal.columns() : undefined;
  const heads = ['CLUSTER', 'ROLE', 'VERSION', 'LIFECYCLE', 'REACHABLE', 'SEEN', 'LABELS', 'NOTE'];
  return printTable(heads, lines, { paint, columns });
}

const labelsText = ({ labels }: Cluster): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
