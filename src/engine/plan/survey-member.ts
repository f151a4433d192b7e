/** A cluster as plans look into it: read for the plan alone, or worked on all the time. */
import type { Fault } from '../../core/model/fault.ts';
import type { InstallationId } from '../../core/model/id.ts';
import type { AutoscalerCache } from '../member/autoscaler-cache.ts';
import type { LiveCache } from '../member/live-cache.ts';
import type { Session } from '../member/session.ts';
import type { MemberView } from '../members.ts';

export type SurveyMember = MemberView & {
  readonly installation: InstallationId;
  readonly manager: string;
  /** Of its Kubernetes; undefined while it has not been read. */
  readonly version: string | undefined;
  readonly live: Pick<LiveCache, 'objects' | 'partsOf'>;
  readonly autoscalers: Pick<AutoscalerCache, 'fieldsOf'>;
  /** Only of a member whose records have been read. */
  readonly session: Pick<Session, 'client' | 'follow' | 'kinds' | 'seal' | 'version'>;
  /** Has this installation ever been here? Until then there is no key that seals digests. */
  readonly isKnown: boolean;
  /** Why it cannot be looked into; undefined while it can. */
  readonly fault: Fault | undefined;
};
