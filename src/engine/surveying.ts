/** Why nothing is deleted yet at all: until every cluster was read, or had its chance, nobody knows how much that would be. */
import type { Members } from './members.ts';

/** `isOver`: every cluster had its chance. */
export function surveying(members: Members, isOver: boolean): string | undefined {
  const unread = isOver ? undefined : [...members.values()].find(({ isRead }) => !isRead);
  return unread === undefined ? undefined : `deletes nothing until cluster ${unread.id} has been read`;
}
