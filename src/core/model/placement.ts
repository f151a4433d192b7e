/** Where, how many, and in which order. */
import type { ClusterMatch } from './fleet.ts';
import type { Approval, Bypass, Gate, Promotion } from './gate.ts';
import type { AppId, ClusterId, CommitSha, RepositoryId } from './id.ts';
import type { Target } from './intent.ts';
import type { LabelSelector } from './selector.ts';
import type { Origin } from './source.ts';

export type Placement = {
  /** `<namespace>/<name>` of the manifest. */
  readonly id: string;
  readonly repository: RepositoryId;
  readonly origin: Origin;
  readonly apps: readonly AppId[];
  /** In order; a cluster belongs to the first that selects it. */
  readonly stages: readonly Stage[];
  readonly spread: Spread | undefined;
  readonly replicas: readonly ReplicaDivision[];
  readonly onDelete: 'Delete' | 'Orphan';
  readonly isCreatingNamespaces: boolean;
  /** Objects go, and lose replicas, only when all that stays and comes is well: make before break. */
  readonly isMakingFirst: boolean;
  /** Settles first on a Joining cluster. */
  readonly isAddOn: boolean;
  readonly isSuspended: boolean;
  readonly isBroken: boolean;
};

export type Stage = {
  readonly name: string;
  readonly origin: Origin;
  readonly clusters: ClusterMatch;
  /** No cluster goes before the others and shows that all is well. */
  readonly isAtOnce?: true;
  /** Names in `clusters` of clusters that are not there are warned of, no more. */
  readonly mayNameAbsent?: true;
  readonly revision: 'Head' | 'Pinned';
  /** Stages that must have shown a revision to be good first. Absent: the one written before. */
  readonly after?: readonly string[];
  /** What else must hold before it takes anything new. Absent: nothing. */
  readonly gates?: readonly Gate[];
  /** How its pin is moved. Absent: newest, by a person. */
  readonly promotion?: Promotion;
  /** How long every cell stays healthy before the next stage starts. */
  readonly soakMs: number;
  readonly waves: Waves | undefined;
  /** Cells that may be unavailable at once; a share is of the stage's cells, rounded down, at least one. */
  readonly maxUnavailable: IntOrShare;
  /** Failed cells beyond which the stage stops. */
  readonly maxFailures: number;
  /** How long a changed cell may take to become healthy before it counts as failed. */
  readonly progressDeadlineMs: number;
};

export type IntOrShare =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share'; readonly percent: number };

/** Clusters with the same value of a label go together, one value after the other. */
export type Waves = {
  readonly topologyKey: string;
  /** Values first to last; values not named follow in code unit order, clusters without the label last. */
  readonly order: readonly string[];
  readonly soakMs: number;
};

/** At most so many clusters, over as many values of the label as can be; those chosen stay chosen. */
export type Spread = { readonly topologyKey: string; readonly maxClusters: number };

export type ReplicaDivision = WeightedDivision | PreferredDivision;

/** Of what the clusters of the placement have, whether they answer or not. */
export type WeightedDivision = {
  readonly kind: 'weighted';
  readonly origin: Origin;
  readonly target: Target;
  readonly total: number;
  readonly minPerCluster: number;
  readonly maxPerCluster: number | undefined;
  readonly weights: readonly { readonly clusters: ClusterMatch; readonly weight: number }[];
};

/** Of what runs on the clusters that answer: the share of a lost one goes to the others. */
export type PreferredDivision = {
  readonly kind: 'preferred';
  readonly origin: Origin;
  readonly target: Target;
  readonly total: number;
  /** Clusters that take part, wherever the placement itself goes. */
  readonly candidates: ClusterMatch;
  /** The first that matches a cluster counts; without one it gets nothing. */
  readonly preferences: readonly {
    readonly clusters: ClusterMatch;
    readonly min: number;
    readonly max: number | undefined;
    readonly weight: number;
  }[];
  /** May what runs be moved? */
  readonly isRebalancing: boolean;
  /** With a cluster's name, what decides between equal weights. */
  readonly key: string;
  /** What is counted. */
  readonly running: Running;
  /** Of the object's spec, where the count is written; `replicas` without it. */
  readonly field?: 'parallelism' | 'completions';
};

/** A workload as it is found on a cluster, and its pods. */
export type Running = {
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where the manifest does not say. */
  readonly pods: LabelSelector | undefined;
};

/** Which revision a pinned stage runs. */
export type Pin = {
  /** `<placement>.<stage>`, both in the manifest's name. */
  readonly placement: string;
  readonly stage: string;
  readonly repository: RepositoryId;
  readonly origin: Origin;
  readonly revision: CommitSha;
  readonly exceptions: readonly { readonly clusters: ClusterMatch; readonly revision: CommitSha }[];
  readonly bypass: Bypass | undefined;
  /** Go nowhere new in the whole placement. */
  readonly quarantined: readonly CommitSha[];
  readonly approvals: readonly Approval[];
};

/** A person's yes to a set of deletions, by the digest that `plan` prints. */
export type Acknowledgement = {
  readonly repository: RepositoryId;
  readonly origin: Origin;
  readonly commit: CommitSha;
  readonly deletes: string;
};

/** Where a cell stands in the order of things. */
export type Place = { readonly placement: Placement; readonly stage: Stage; readonly cluster: ClusterId };
