/** The members by name, as far as decisions look at them. */
import type { Cluster } from '../core/model/fleet.ts';
import type { ClusterId } from '../core/model/id.ts';
import type { RecordCache } from './member/record-cache.ts';
import type { Session } from './member/session.ts';

/** What decisions about a member look at, whether it is worked on, was only read, or is only imagined. */
export type JudgedMember = {
  readonly id: ClusterId;
  readonly cluster: Cluster;
  readonly isReady: boolean;
  /** Have its records ever been read? Until then nobody knows what it holds. */
  readonly isRead: boolean;
  /** Since when it has not answered; undefined while it does, and where nobody has watched. */
  readonly lostSinceMs: number | undefined;
  readonly records: Pick<RecordCache, 'all' | 'of'>;
  /** Only of a member whose records have been read. */
  readonly session: Pick<Session, 'seal'>;
};

export type JudgedMembers = ReadonlyMap<ClusterId, JudgedMember>;

/** A member that is worked on, or one that was only read: decisions about both are the same. */
export type MemberView = JudgedMember & {
  readonly session: Pick<Session, 'client' | 'kinds' | 'seal' | 'version'>;
};

export type Members = ReadonlyMap<ClusterId, MemberView>;
