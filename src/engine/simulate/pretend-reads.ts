/** What imagined clusters answer to whoever asks what runs on them. */
import { viewOf } from '../../core/compile/view.ts';
import { isResourceName } from '../../core/grant/resource-name.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { LiveRead, ReadResult } from '../../core/model/observed.ts';
import type { PretendMember } from './pretend-member.ts';

/** Shape: of workloads that are counted; their pods have all found a place. What is copied or reached is nobody's to make up. */
export function answersOf(
  reads: ReadonlyMap<string, LiveRead>,
  members: ReadonlyMap<ClusterId, PretendMember>,
): ReadonlyMap<string, ReadResult> {
  const answers = new Map<string, ReadResult>();
  for (const [key, { copy, view }] of reads) {
    const member = members.get(copy.cluster);
    if (member === undefined || !member.isReady) continue;
    if (view === 'pod') answers.set(key, { kind: 'found', objects: [] });
    if (view !== 'workload') continue;
    const found = member.find(
      ({ kind, metadata }) =>
        isResourceName(copy.resource, kind) &&
        metadata.namespace === copy.namespace &&
        copy.which.kind === 'name' &&
        metadata.name === copy.which.name,
    );
    answers.set(
      key,
      found === undefined
        ? { kind: 'absent', reason: 'there is no such object' }
        : { kind: 'found', objects: [viewOf('workload', found)] },
    );
  }
  return answers;
}
