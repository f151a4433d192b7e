/** One step of a simulation, done to the manifests or to the clusters. */
import { resolve } from 'node:path';
import { nearest } from '../../core/dialect/nearest.ts';
import { digestOf } from '../../core/json/digest.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import { type Cluster, type ClusterMatch, type Lifecycle, matches, namesIn } from '../../core/model/fleet.ts';
import { type AppId, type CommitSha, digest } from '../../core/model/id.ts';
import type { Intent } from '../../core/model/intent.ts';
import { unreachable } from '../../core/model/invariant.ts';
import type { SimulationStep, StepAction } from '../../core/model/simulation.ts';
import type { Simulation } from '../../engine/simulate/simulation.ts';
import type { Manifests } from './manifests.ts';

export type Stage = {
  readonly manifests: Manifests;
  readonly fleet: Simulation;
  /** Where paths of the script start. */
  readonly base: string;
};

/** Shape: what the step names and is not there. Errors: FaultError, of files and revisions that cannot be read. */
export async function act(step: SimulationStep, stage: Stage): Promise<readonly Diagnostic[]> {
  const { action } = step;
  const problems = problemsOf(step, stage);
  switch (action.kind) {
    case 'lose':
      stage.fleet.lose(action.clusters);
      return problems;
    case 'return':
      stage.fleet.comeBack(action.clusters);
      return problems;
    case 'break':
      stage.fleet.breakApp(action.app, action.clusters);
      return problems;
    case 'mend':
      stage.fleet.mendApp(action.app, action.clusters);
      return problems;
    case 'wait':
      return problems;
    default:
      await change(action, stage);
      stage.fleet.follow([await stage.manifests.source()]);
      return problems;
  }
}

type ManifestAction = Exclude<StepAction, { kind: 'break' | 'lose' | 'mend' | 'return' | 'wait' }>;

const lifecycles = { drain: 'Draining', cordon: 'Cordoned', activate: 'Active' } as const satisfies Readonly<
  Record<string, Lifecycle>
>;

async function change(action: ManifestAction, { manifests, base }: Stage): Promise<void> {
  switch (action.kind) {
    case 'drain':
    case 'cordon':
    case 'activate':
      return manifests.edit(onClusters(action.clusters, () => ({ lifecycle: lifecycles[action.kind] })));
    case 'label':
      return manifests.edit(
        onClusters(action.clusters, ({ labels }) => ({ labels: relabelled(labels, action.labels) })),
      );
    case 'add':
      return manifests.add(resolve(base, action.path), action.path);
    case 'remove':
      manifests.remove(action.paths);
      return;
    case 'checkout':
      return manifests.checkout(action.revision);
    case 'change':
      return manifests.edit(withNewVersion(action.app, manifests.commit));
    case 'promote':
      return promote(action, manifests);
    default:
      return unreachable(action);
  }
}

const onClusters =
  (match: ClusterMatch, fields: (cluster: Cluster) => Partial<Cluster>) =>
  (reading: Reading): Reading => ({
    ...reading,
    clusters: reading.clusters.map((cluster) =>
      matches(match, cluster) ? { ...cluster, ...fields(cluster) } : cluster,
    ),
  });

function relabelled(
  labels: Cluster['labels'],
  changes: Readonly<Record<string, string | undefined>>,
): Cluster['labels'] {
  const changed = Object.entries({ ...labels, ...changes });
  return Object.fromEntries(changed.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** What tells an imagined version from the one before. */
const versionAnnotation = 'simulated';

/** Every object of the App says another version than before, so that all of them change. */
const withNewVersion =
  (app: AppId, version: CommitSha) =>
  (reading: Reading): Reading => ({
    ...reading,
    intents: reading.intents.map((intent) => (intent.id === app ? changed(intent, version) : intent)),
  });

function changed(intent: Intent, version: CommitSha): Intent {
  const { origin } = intent;
  const everything = { group: undefined, version: undefined, kind: undefined, namespace: undefined, name: undefined };
  const patch = { metadata: { annotations: { [versionAnnotation]: version } } };
  const variant = {
    origin,
    clusters: { kind: 'every', of: [] } as const,
    images: [],
    patches: [{ origin, target: { ...everything, selector: [] }, change: { kind: 'merge', patch } as const }],
  };
  return {
    ...intent,
    variants: [...intent.variants, variant],
    digest: digest(digestOf([intent.digest, version])),
  };
}

/** To what the folder says as it is before the step. */
function promote({ placement, stage }: Extract<StepAction, { kind: 'promote' }>, manifests: Manifests): void {
  const revision = manifests.commit;
  manifests.edit((reading) => {
    const isMeant = (pin: Reading['pins'][number]): boolean => pin.placement === placement && pin.stage === stage;
    const moved = reading.pins.map((pin) => (isMeant(pin) ? { ...pin, revision, exceptions: [] } : pin));
    if (moved.some(isMeant)) return { ...reading, pins: moved };
    const origin = reading.placements.find(({ id }) => id === placement)?.origin;
    if (origin === undefined) return reading;
    const pin = { placement, stage, repository: reading.repository, origin, revision };
    const nothing = { exceptions: [], bypass: undefined, quarantined: [], approvals: [] };
    return { ...reading, pins: [...moved, { ...pin, ...nothing }] };
  });
}

/** A story about what is not there proves nothing. */
function problemsOf({ action, origin }: SimulationStep, { fleet }: Stage): readonly Diagnostic[] {
  const problem = (code: Diagnostic['code'], message: string, guess: string | undefined): Diagnostic => {
    const hint = guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` };
    return { code, severity: 'error', origin, message, ...hint };
  };
  const clusters = [...fleet.fleet.keys()];
  const found: Diagnostic[] = [];
  if ('clusters' in action) {
    for (const name of namesIn(action.clusters))
      if (!fleet.fleet.has(name)) found.push(problem('A1212', `there is no cluster ${name}`, nearest(name, clusters)));
    const isAny = [...fleet.fleet.values()].some((cluster) => matches(action.clusters, cluster));
    if (found.length === 0 && !isAny) found.push(problem('A1212', 'no cluster has these labels', undefined));
  }
  const gathered = fleet.compiled?.gathered;
  if ('app' in action) {
    const apps = [...(gathered?.intents.keys() ?? [])];
    if (!apps.includes(action.app))
      found.push(problem('A1211', `there is no App ${action.app}`, nearest(action.app, apps)));
  }
  if (action.kind === 'promote') {
    const placement = gathered?.placements.find(({ id }) => id === action.placement);
    const stage = placement?.stages.find(({ name }) => name === action.stage);
    if (placement === undefined) found.push(problem('A1211', `there is no Placement ${action.placement}`, undefined));
    else if (stage?.revision !== 'Pinned')
      found.push(problem('A1207', `${action.placement} has no pinned stage ${action.stage}`, undefined));
  }
  return found;
}
