/** A story that is only thought through: what happens to the fleet, and what has to hold all the while. */
import type { ClusterMatch } from './fleet.ts';
import type { AppId, ClusterId } from './id.ts';
import type { Origin } from './source.ts';

export type Simulation = {
  readonly name: string;
  readonly origin: Origin;
  /** Nothing runs at first: the story begins with the first rollout. Else all that is wanted runs, and is well. */
  readonly isStartingEmpty: boolean;
  /** Undefined: now. */
  readonly startMs: number | undefined;
  /** How long what was applied takes to become healthy. */
  readonly readyAfterMs: number;
  /** Hold from the first step to the end. */
  readonly policies: readonly Policy[];
  readonly steps: readonly SimulationStep[];
};

export type SimulationStep = {
  readonly origin: Origin;
  /** For people; what the step does when nobody has named it. */
  readonly name: string;
  readonly action: StepAction;
  /** How long until the next step; undefined: until nothing moves any more. */
  readonly forMs: number | undefined;
  /** Hold from this step to the next. */
  readonly policies: readonly Policy[];
};

export type StepAction =
  | { readonly kind: 'lose' | 'return'; readonly clusters: ClusterMatch }
  | { readonly kind: 'drain' | 'cordon' | 'activate'; readonly clusters: ClusterMatch }
  /** Undefined takes a label away. */
  | {
      readonly kind: 'label';
      readonly clusters: ClusterMatch;
      readonly labels: Readonly<Record<string, string | undefined>>;
    }
  /** Manifests of a file or a folder, beside the simulation's own, are laid over those that are there. */
  | { readonly kind: 'add'; readonly path: string }
  /** Files and folders of manifests are gone. */
  | { readonly kind: 'remove'; readonly paths: readonly string[] }
  /** All manifests as another commit has them. */
  | { readonly kind: 'checkout'; readonly revision: string }
  /** A new version of an App that says nothing of what is new. */
  | { readonly kind: 'change'; readonly app: AppId }
  /** The pin of a stage is moved to what the folder says now. */
  | { readonly kind: 'promote'; readonly placement: string; readonly stage: string }
  /** Whatever is applied of the App on these clusters from now on does not become healthy. */
  | { readonly kind: 'break' | 'mend'; readonly app: AppId; readonly clusters: ClusterMatch }
  | { readonly kind: 'wait' };

/** What has to hold, and where it is written. */
export type Policy = { readonly origin: Origin; readonly because: string | undefined; readonly rule: PolicyRule };

export type PolicyRule =
  /** So many replicas are ready, on all clusters together. */
  | { readonly kind: 'minReady'; readonly app: AppId; readonly replicas: number }
  /** It is ready on so many clusters, or on clusters of so many values of a label. */
  | {
      readonly kind: 'minClusters';
      readonly app: AppId;
      readonly count: number;
      readonly topologyKey: string | undefined;
    }
  /** Clusters, or values of a label, of which any is changing. */
  | {
      readonly kind: 'maxChanging';
      readonly app: AppId | undefined;
      readonly count: number;
      readonly topologyKey: string | undefined;
    }
  | { readonly kind: 'noDeletes'; readonly app: AppId | undefined }
  /** Clusters, or values of a label, begin to change one after the other. */
  | {
      readonly kind: 'order';
      readonly app: AppId;
      readonly topologyKey: string | undefined;
      readonly values: readonly string[];
    }
  /** Where it is in the end; with a count, how many replicas there. Nowhere else. */
  | {
      readonly kind: 'placement';
      readonly app: AppId;
      readonly replicas: ReadonlyMap<ClusterId, number | undefined>;
    }
  /** In the end all is as wanted and well on every cluster that answers. */
  | { readonly kind: 'settles'; readonly app: AppId | undefined; readonly withinMs: number | undefined };
