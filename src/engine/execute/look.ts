/** Looking whether an object that left the watch is still on the cluster; nothing is written. */
import { textOf } from '../../core/json/value.ts';
import type { Action } from '../../core/model/plan.ts';
import { type ActionResult, confirmedKind, type ExecuteContext, refTo } from './context.ts';

type Look = Extract<Action, { kind: 'look' }>;

/** Shape: `gone` when the server says that there is none, or another one under the name; `kept` when it stays ours. */
export async function look({ key, owned }: Look, context: ExecuteContext, signal: AbortSignal): Promise<ActionResult> {
  const kept: ActionResult = { kind: 'kept', key, owned };
  const gone: ActionResult = { kind: 'gone', key };
  const kind = await confirmedKind(key, context, signal);
  if (kind === 'notServed') return gone;
  if (kind === 'unknown') return kept;
  const found = await context.client.get(refTo(key, kind), signal, { isMetadataOnly: true });
  if (found === undefined) return gone;
  // Somebody took our label off it, or nobody knows which object it was that we were about to make.
  const isSame = owned.uid === '' || owned.uid === textOf(found.metadata.uid);
  return isSame ? kept : gone;
}
