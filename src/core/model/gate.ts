/** What has to hold before a stage takes anything new, when nothing moves, and who may pass all the same. */
import type { FieldCopy } from './field-copy.ts';
import type { ClusterMatch } from './fleet.ts';
import type { ClusterId, CommitSha, RepositoryId } from './id.ts';
import type { KubeObject } from './object.ts';
import type { Origin } from './source.ts';

export type Gate = {
  /** Unique in its stage; in lower case, so that it is none of `builtInGates`. */
  readonly name: string;
  readonly origin: Origin;
  readonly check: GateCheck;
};

export type GateCheck =
  /** Open from each time that the schedule names, for so long. */
  | { readonly kind: 'window'; readonly window: Window }
  /** Somebody else's status of the commit, at the forge of the repository. */
  | { readonly kind: 'status'; readonly context: string }
  /** A query with one answer or several, all of which lie between the bounds, without a break for so long. */
  | {
      readonly kind: 'prometheus';
      readonly url: string;
      readonly query: string;
      readonly min: number | undefined;
      readonly max: number | undefined;
      readonly forMs: number;
    }
  | { readonly kind: 'http'; readonly url: string; readonly status: number }
  /** Run once for each revision; complete is passed, failed is not. */
  | {
      readonly kind: 'job';
      readonly cluster: ClusterId;
      readonly path: string;
      /** Undefined where the manifest at `path` is none: then the placement is broken. */
      readonly manifest: KubeObject | undefined;
      readonly timeoutMs: number;
    }
  /** A person's yes to one revision, in the stage's Pin. */
  | {
      readonly kind: 'approval';
      /** Whoever has written what is approved cannot approve of it. */
      readonly notByAuthor: boolean;
    };

export type Window = {
  /** A cron expression of five fields. */
  readonly schedule: string;
  readonly durationMs: number;
  /** An IANA name. */
  readonly timeZone: string;
};

/** What every stage has without writing it: `Evidence` and `Soak` of the stages before, `Window` and `Freeze`. */
export const builtInGates = ['Evidence', 'Soak', 'Window', 'Freeze'] as const;

/** How a stage goes forward: its pin, or fields of its folder where it has none. */
export type Promotion = {
  /** Newest: past those in between. Queue: one after the other. Pinned: only a person moves it. */
  readonly policy: 'Newest' | 'Queue' | 'Pinned';
  readonly merge: 'Manual' | 'Automatic';
  /** What is copied for a stage that follows the branch head; absent: nothing, it has a pin. */
  readonly copy?: FieldCopy;
};

/** Breaks the glass: these gates do not hold the stage up, until then. */
export type Bypass = { readonly gates: readonly string[]; readonly reason: string; readonly untilMs: number };

export type Approval = {
  readonly gate: string;
  readonly revision: CommitSha;
  readonly by: string | undefined;
  /** Undefined: it does not expire. */
  readonly untilMs: number | undefined;
};

export const freezeExceptions = ['Bypass', 'Rollback', 'Failover', 'DriftRepair'] as const;
export type FreezeException = (typeof freezeExceptions)[number];

export type Freeze = {
  readonly name: string;
  readonly repository: RepositoryId;
  readonly origin: Origin;
  readonly clusters: ClusterMatch;
  readonly fromMs: number;
  readonly untilMs: number;
  /** What happens all the same. */
  readonly allow: readonly FreezeException[];
  /** It cannot be read, so nobody knows when it holds, and where: it does. */
  readonly isBroken: boolean;
};
