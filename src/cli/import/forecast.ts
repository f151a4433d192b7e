/** What the manifests of a folder would change on the fleet, before they are committed. */
import { repositoryId } from '../../core/model/id.ts';
import { readManifests } from '../../core/yaml/read.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { attemptWith } from '../../engine/plan/attempt.ts';
import { type FleetPlan, fleetPlanOf } from '../../engine/plan/fleet-plan.ts';
import { outlookOf } from '../../engine/plan/outlook.ts';
import { withSurvey } from '../../engine/plan/survey.ts';
import type { Parser } from '../../seam/parse.ts';
import { openParts } from '../connect/parts.ts';
import type { Settings } from '../settings/settings.ts';
import type { Surroundings } from '../surroundings.ts';
import { folderGit } from './folder-git.ts';

export type Forecast = {
  /** The root of the repository that the folder is in. */
  readonly root: string;
  /** `namespace/name` of the Apps it is about. */
  readonly apps: readonly string[];
  /** Files that are not there, by path. */
  readonly more: ReadonlyMap<string, string>;
  /** Clusters that are reached by somebody's own context; all others as their manifests say. */
  readonly known: ReadonlyMap<string, () => KubeClient>;
};

/** These are the user's own files, read once: a process apart, as a controller has, would only cost time. */
const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

/** Nothing is written. Errors: FaultError. */
export async function forecastOf(
  { root, apps, more, known }: Forecast,
  settings: Settings,
  around: Surroundings,
): Promise<FleetPlan> {
  const parts = await openParts(settings, { isOneShot: true }, around);
  const { engineSettings, engineDeps } = parts;
  // Its Clusters may name the files that those of the repository may: the settings go by its name.
  const { repositories } = settings;
  const id = repositoryId((repositories.find(({ address }) => address === root) ?? repositories[0])?.name ?? 'folder');
  const repository = {
    id,
    url: root,
    branch: 'HEAD',
    role: 'single',
    isPlain: false,
    root: '',
    schedule: { kind: 'interval', everyMs: 60_000 },
    timeoutMs: 180_000,
  } as const;
  const deps: typeof engineDeps = {
    ...engineDeps,
    parser,
    openGit: () => folderGit(id, root, more),
    connect: (cluster) => (known.get(cluster.id) ?? (() => engineDeps.connect(cluster)))(),
  };
  try {
    const { signal } = around;
    const survey = { ...engineSettings, repositories: [repository] };
    return await withSurvey(
      survey,
      deps,
      undefined,
      async (seen) => {
        const attempt = attemptWith(seen.clients, engineSettings.worker.writesMax);
        const plan = fleetPlanOf(seen, await outlookOf(seen, attempt, signal), {});
        return { ...plan, cells: plan.cells.filter(({ app }) => apps.includes(app)) };
      },
      signal,
    );
  } finally {
    await parts.close();
  }
}
