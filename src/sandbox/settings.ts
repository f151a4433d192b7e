/** What can be set about a sandbox, and what holds when nothing is. */
import type { Disorder } from './disorder.ts';
import type { User } from './registry/user.ts';

export type SandboxSettings = {
  /**
   * `pods`: Deployments make ReplicaSets, which make Pods, which become ready, as in a real cluster.
   * `status`: workloads get the status of having done so, without the objects; for large fleets.
   * `none`: nobody looks at workloads.
   */
  readonly workloads: 'pods' | 'status' | 'none';
  /** From being placed to being ready. */
  readonly podReadyMs: { readonly min: number; readonly max: number };
  /** From being told to stop to being gone. */
  readonly podStopMs: number;
  /** Whether garbage collection, namespaces and custom kinds are looked after; without it a bare API server. */
  readonly hasControllers: boolean;
  readonly authorization: 'AlwaysAllow' | 'RBAC';
  /**
   * Bearer tokens and who they are; undefined lets everyone in as an administrator.
   *
   * kubectl sends no token over plain HTTP: with tokens set it is anonymous.
   */
  readonly tokens: ReadonlyMap<string, User> | undefined;
  /** Changes of a cluster that watches can go back to. */
  readonly changesMax: number;
  /** Objects of all clusters together that are kept parsed. */
  readonly parsedMax: number;
  readonly disorder: Disorder;
};

export const defaultSettings: SandboxSettings = {
  workloads: 'pods',
  podReadyMs: { min: 100, max: 1_000 },
  podStopMs: 100,
  hasControllers: true,
  authorization: 'AlwaysAllow',
  tokens: undefined,
  changesMax: 10_000,
  parsedMax: 5_000,
  disorder: {},
};
