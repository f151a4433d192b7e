/** What Argo CD's objects come to on the way to Apps: clusters, and Applications with where they go. */
import type { JsonObject } from '../json/value.ts';

export type ArgoCluster = {
  readonly name: string;
  /** What Argo CD calls it. */
  readonly title: string;
  readonly server: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Argo CD runs on it and has no Secret for it: it has no labels, and no selector means it. */
  readonly isUnlisted?: true;
};

/** An Application, and the clusters that one like it is for. */
export type Placed = {
  readonly subject: string;
  readonly name: string;
  readonly spec: JsonObject;
  /** `clusterNames` or `clusterSelector`; undefined: as its destination says. */
  readonly clusters: JsonObject | undefined;
  /** The ApplicationSet that makes it; those of one set may be one App. */
  readonly set?: string;
};

/** The cluster that Argo CD runs on. */
export const hostServer = 'https://kubernetes.default.svc';
