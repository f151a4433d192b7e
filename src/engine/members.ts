/** The members by name, as far as the engine works on them. */
import type { ClusterId } from '../core/model/id.ts';
import type { Member } from './member/member.ts';

export type Members = ReadonlyMap<ClusterId, Member>;
