/** Re-reads every object now and then: the few edits that leave our managedFields entry alone are found by nothing else. */
import { mutationsOf } from '../core/diff/drift.ts';
import { ourSetOf } from '../core/diff/entries.ts';
import type { CellId, ObjectKey } from '../core/model/id.ts';
import { groupKindOf, partsOf } from '../core/model/id.ts';
import { manifestOf } from '../core/plan/manifest.ts';
import { applySetIdOf, recordNameOf } from '../core/plan/record-id.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import { type Clock, sleep } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import type { Metrics } from '../seam/metric.ts';
import { jitter, type Rng } from '../seam/rng.ts';
import { printPaths } from './contests.ts';
import { faultOf } from './fault-text.ts';
import type { Member } from './member/member.ts';
import type { Task } from './task.ts';

export type AuditDeps = {
  readonly member: Member;
  readonly taskOf: (cell: CellId) => Task | undefined;
  readonly clientFor: (task: Task, member: Member) => KubeClient;
  readonly onSuspect: (cell: CellId) => void;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** However few objects there are, and however many. */
const pauseMaxMs = 3_600_000;
const pauseMinMs = 1_000;

export class Audit {
  readonly #deps: AuditDeps;
  /** Objects whose values may be others than were applied, though their fingerprint is not. */
  readonly #suspects = new Set<ObjectKey>();
  /** What admission makes of our values: no drift, since it would do so again. */
  readonly #mutated = new Map<ObjectKey, ReadonlySet<string>>();
  #last: ObjectKey | undefined;

  constructor(deps: AuditDeps) {
    this.#deps = deps;
  }

  isSuspect(key: ObjectKey): boolean {
    return this.#suspects.has(key);
  }

  /** An object is about to be applied: until there is an answer, nobody knows which value it has. */
  noteSent(key: ObjectKey): void {
    this.#suspects.add(key);
  }

  /** An object was applied, and admission changed these paths of it. */
  noteApplied(key: ObjectKey, mutated: readonly string[]): void {
    this.#suspects.delete(key);
    if (mutated.length === 0) this.#mutated.delete(key);
    else this.#mutated.set(key, new Set(mutated));
  }

  /** Looks at each object once in `periodMs`, one after the other, until the signal fires. */
  async run(periodMs: number, signal: AbortSignal): Promise<void> {
    const { member, clock, rng } = this.#deps;
    while (!signal.aborted) {
      const owned = [...member.records.all].flatMap(({ record }) => [...(record?.inventory.keys() ?? [])]).toSorted();
      const pauseMs = Math.min(pauseMaxMs, Math.max(pauseMinMs, periodMs / Math.max(1, owned.length)));
      await sleep(clock, jitter(rng, pauseMs, 0.1), signal).catch(() => undefined);
      if (signal.aborted || !member.isReady) continue;
      const next = owned.find((key) => this.#last === undefined || key > this.#last) ?? owned[0];
      this.#last = next;
      if (next !== undefined) await this.#look(next, signal);
    }
  }

  async #look(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { member, log, metrics } = this.#deps;
    try {
      const paths = await this.#differences(key, signal);
      metrics.count('audited_objects', { cluster: member.id });
      if (paths.length === 0) return;
      log.info('audit found drift', { cluster: member.id, object: key, paths });
      this.#suspects.add(key);
      const cell = this.#cellOf(key);
      if (cell !== undefined) this.#deps.onSuspect(cell);
    } catch (error) {
      if (!signal.aborted)
        log.debug('audit could not read', { cluster: member.id, object: key, reason: faultOf(error).detail });
    }
  }

  async #differences(key: ObjectKey, signal: AbortSignal): Promise<readonly string[]> {
    const { member, taskOf, clientFor } = this.#deps;
    const cell = this.#cellOf(key);
    const task = cell === undefined ? undefined : taskOf(cell);
    const desired =
      task === undefined || task.kind === 'remove'
        ? undefined
        : task.rendering?.objects.find((object) => object.key === key);
    const kind = member.session.kinds.of(groupKindOf(key));
    if (task === undefined || task.kind === 'remove' || desired === undefined || kind === undefined) return [];
    const { installation, session, autoscalers, manager } = member;
    const owner = { installation, recordId: applySetIdOf(recordNameOf(installation, task.cell.app)) };
    const { body } = manifestOf(desired, [...desired.released, ...autoscalers.fieldsOf(key)], owner, session.seal);
    const { namespace, name } = partsOf(key);
    const live = await clientFor(task, member).get(
      { kind, namespace: kind.isNamespaced ? namespace : undefined, name },
      signal,
    );
    const ours = live === undefined ? undefined : ourSetOf(live, manager);
    if (live === undefined || ours === undefined) return [];
    const known = this.#mutated.get(key);
    return printPaths(mutationsOf(body, live, ours)).filter((path) => known?.has(path) !== true);
  }

  #cellOf(key: ObjectKey): CellId | undefined {
    for (const { record } of this.#deps.member.records.all) if (record?.inventory.has(key)) return record.cell;
    return undefined;
  }
}
