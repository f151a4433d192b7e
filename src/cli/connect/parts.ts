/** Everything that an engine, or a look at the fleet, is made of: opened from the settings, closed in reverse. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { installationId } from '../../core/model/id.ts';
import { openLog } from '../../edge/log/log.ts';
import { systemNet } from '../../edge/net/net.ts';
import { defaultParserSettings, openParser } from '../../edge/parse/parser.ts';
import { openTools } from '../../edge/render-tool/tools.ts';
import { decryptingParser } from '../../edge/sops/parser.ts';
import { decryptingTools } from '../../edge/sops/tools.ts';
import { folderStore } from '../../edge/store/folder-store.ts';
import type { ReadStatuses } from '../../engine/gates/status-check.ts';
import type { PreviewDeps } from '../../engine/preview/start.ts';
import type { PromoteDeps } from '../../engine/promote/start.ts';
import type { StatusSink } from '../../engine/publish/sink.ts';
import type { EngineDeps, EngineSettings } from '../../engine/settings.ts';
import type { FollowedRepository } from '../../engine/source/repository.ts';
import type { Log } from '../../seam/log.ts';
import { type Metrics, noMetrics } from '../../seam/metric.ts';
import type { Settings } from '../settings/settings.ts';
import type { Surroundings } from '../surroundings.ts';
import { ownVersion } from '../version.ts';
import { clustersOf } from './clusters.ts';
import { type Forges, openForges } from './forges.ts';
import { openIdentities } from './identities.ts';
import { previewForgesBy } from './preview-forges.ts';
import { requestsBy } from './promotion-forges.ts';
import { openReceivers } from './receivers.ts';
import { repositoriesOf } from './repositories.ts';
import { sinksBy } from './sinks.ts';
import { toolSettings } from './tools.ts';

export type Parts = {
  readonly engineSettings: EngineSettings;
  readonly engineDeps: EngineDeps;
  /** Of repositories that have one, by name. */
  readonly forges: Forges['of'];
  /** Who is told about the commits of a repository. */
  readonly sinksOf: (repository: FollowedRepository) => readonly StatusSink[];
  /** Where plans of pull requests are told; undefined where none are made. */
  readonly previewForgeOf: PreviewDeps['forgeOf'];
  /** Where pins are moved by pull requests; undefined where they are pushed. */
  readonly requestsOf: PromoteDeps['requestsOf'];
  readonly log: Log;
  readonly close: () => Promise<void>;
};

export type PartsOptions = {
  /** Of a command that ends by itself, only what somebody should act on is worth a line. */
  readonly isOneShot: boolean;
  readonly metrics?: Metrics;
};

/** Dials nothing yet. Errors: misconfigured. */
export async function openParts(settings: Settings, options: PartsOptions, around: Surroundings): Promise<Parts> {
  const { clock, rng, environment, stderr } = around;
  const level = options.isOneShot && settings.logLevel === 'info' ? 'warn' : settings.logLevel;
  const log = await openLog({ level, write: (line) => stderr.write(line) });
  const store = folderStore(join(settings.stateDir, 'store'), log);
  const net = systemNet({ clock });
  const clusters = clustersOf(settings, { net, clock, rng, environment, version: ownVersion() });
  const forges = openForges(settings, { net, clock, version: ownVersion() });
  const repositories = repositoriesOf(settings, { clock, log, forges: forges.of });
  const receivers = openReceivers(settings, { net, clock, version: ownVersion() });
  const reader = openParser(defaultParserSettings, { clock, log });
  const { identityFile } = settings;
  const parser = identityFile === undefined ? reader : await decryptingParser(reader, identityFile, log);
  const ownTools = await openTools(toolSettings(settings), { clock, log, parser }, around.signal);
  const tools = identityFile === undefined ? ownTools : await decryptingTools(ownTools, parser, identityFile, log);
  const { limits, surveyMs, auditMs, copyScope } = settings;
  const { cellsMax, writesMax, cellTimeoutMs, retryMinMs, retryMaxMs } = limits;
  return {
    engineSettings: {
      installation: installationId(settings.installation),
      // Another process has another, on whatever machine it runs.
      holder: `${hostname()}-${process.pid}-${Buffer.from(rng.bytes(4)).toString('hex')}`,
      leaseMs: limits.leaseMs,
      repositories: repositories.settings,
      worker: { cellsMax, writesMax, cellTimeoutMs, retryMinMs, retryMaxMs, auditMs },
      copyScope,
      surveyMs,
    },
    engineDeps: {
      openGit: repositories.open,
      parser,
      connect: clusters.connect,
      connectHub: clusters.connectHub,
      tools,
      checks: { net, allow: settings.checkURLs, readStatuses: statusReader(forges) },
      identities: await openIdentities(store),
      clock,
      rng,
      log,
      metrics: options.metrics ?? noMetrics,
    },
    forges: forges.of,
    previewForgeOf: previewForgesBy(settings, forges.of),
    sinksOf: sinksBy(settings, { forges, receivers, store, clock }),
    requestsOf: requestsBy(settings, forges.of, clock),
    log,
    close: async () => {
      receivers.close();
      clusters.close();
      repositories.close();
      forges.close();
      await parser.close();
    },
  };
}

const statusReader =
  ({ of }: Forges): ReadStatuses =>
  async (repository, commit, signal) =>
    of.get(repository)?.forge.read(commit, signal);
