/** The lease of one member: of several Landfalls of one installation, only its holder writes there. */
import { at, isObject, numberOf, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { InstallationId } from '../../core/model/id.ts';
import { asKubeObject, type KubeObject } from '../../core/model/object.ts';
import { systemNamespace } from '../../core/plan/record-id.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ApplyOptions } from '../../edge/kube/write.ts';
import { type Clock, deadlineOf, sleep } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import { describeFault } from '../fault-text.ts';
import { builtinKinds } from './builtin-kind.ts';

/** Of the time in which all of Landfall has to have ended. */
const releaseMs = 10_000;

export type LeaseSettings = {
  readonly installation: InstallationId;
  /** Who we are; another process has another. */
  readonly holder: string;
  readonly durationMs: number;
};

export type LeaseDeps = {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly manager: string;
};

export class Lease {
  readonly #settings: LeaseSettings;
  readonly #deps: LeaseDeps;
  /** What the server last showed, and when that was new to us: others' clocks are not compared with ours. */
  #seen: { readonly object: KubeObject; readonly atMs: number } | undefined;
  #renewedAtMs: number | undefined;
  /** It was not fresh for a while, and is again: whoever looked in between waits for word. */
  #hasLapsed = false;
  #trouble: string | undefined;

  constructor(settings: LeaseSettings, deps: LeaseDeps) {
    this.#settings = settings;
    this.#deps = deps;
  }

  /** May we write? Until two thirds of the lease are over, so that what is on its way arrives before another may begin. */
  get isFresh(): boolean {
    return this.remainingMs > 0;
  }

  /** How long a write that begins now may take. */
  get remainingMs(): number {
    if (this.#renewedAtMs === undefined) return 0;
    return this.#renewedAtMs + (this.#settings.durationMs * 2) / 3 - this.#deps.clock.nowMs();
  }

  /** Who holds it, when that is not us. */
  get otherHolder(): string | undefined {
    const holder = textOf(at(this.#seen?.object, 'spec', 'holderIdentity'));
    return holder === undefined || holder === '' || holder === this.#settings.holder ? undefined : holder;
  }

  /** Why the last attempt failed, for a person; undefined when it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Acquires and renews until the signal fires, then gives it up. `onChange`: `isFresh` or `trouble` is another. */
  async keep(onChange: () => void, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    const pauseMs = this.#settings.durationMs / 3;
    // As they were told last.
    let [wasFresh, before] = [this.isFresh, this.#trouble];
    while (!signal.aborted) {
      const beganAtMs = clock.nowMs();
      try {
        await this.#round(signal);
        this.#trouble = undefined;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof FaultError)) throw error;
        this.#trouble = describeFault(error.fault);
        log.debug('lease not renewed', { reason: error.fault.detail });
      }
      const isChanged = this.#hasLapsed || wasFresh !== this.isFresh || before !== this.#trouble;
      [wasFresh, before] = [this.isFresh, this.#trouble];
      this.#hasLapsed = false;
      if (isChanged) onChange();
      // An answer that came late leaves less of the lease to wait.
      await sleep(clock, Math.max(pauseMs / 4, beganAtMs + pauseMs - clock.nowMs()), signal).catch(() => undefined);
    }
  }

  /**
   * Gives it up, so that the next one need not wait; a failure only costs that wait.
   *
   * It is asked for when all else is told to stop, so that only time ends it: a cluster that is slow, or says again and
   * again when to return, may not keep the process.
   */
  async release(): Promise<void> {
    const { object } = this.#seen ?? {};
    if (this.#renewedAtMs === undefined || object === undefined) return;
    this.#renewedAtMs = undefined;
    using deadline = deadlineOf(this.#deps.clock, releaseMs, new AbortController().signal);
    await this.#write(
      {
        ...object,
        spec: { ...(isObject(object.spec) ? object.spec : {}), holderIdentity: '', leaseDurationSeconds: 1 },
      },
      deadline.signal,
    ).catch(() => undefined);
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#deps;
    const sentAtMs = clock.nowMs();
    if (this.#renewedAtMs === undefined) await this.#look(signal);
    const seen = this.#seen?.object;
    if (seen === undefined) {
      // Applied and not posted: a right to create by POST cannot be tied to a name.
      const options: ApplyOptions = { kind: builtinKinds.lease, ...this.#options, precondition: { kind: 'absent' } };
      const made = await client.apply(this.#object(sentAtMs), options, signal);
      this.#seen = { object: made, atMs: clock.nowMs() };
      this.#renew(sentAtMs);
      return;
    }
    if (this.otherHolder !== undefined && !this.#isExpired()) return;
    try {
      await this.#write({ ...seen, spec: this.#spec(sentAtMs) }, signal);
      this.#renew(sentAtMs);
    } catch (error) {
      // Somebody else wrote it: whoever that is holds it now, and we look again.
      if (error instanceof FaultError && ['stale', 'missing'].includes(error.fault.kind)) this.#renewedAtMs = undefined;
      throw error;
    }
  }

  #renew(sentAtMs: number): void {
    // A busy process may come to this later than it meant to.
    if (!this.isFresh) this.#hasLapsed = true;
    this.#renewedAtMs = sentAtMs;
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#deps;
    const ref = { kind: builtinKinds.lease, namespace: systemNamespace, name: this.#name };
    const object = await client.get(ref, signal);
    const isSame = object?.metadata.resourceVersion === this.#seen?.object.metadata.resourceVersion;
    if (object === undefined) this.#seen = undefined;
    else if (!isSame || this.#seen === undefined) this.#seen = { object, atMs: clock.nowMs() };
  }

  async #write(object: KubeObject, signal: AbortSignal): Promise<void> {
    const written = await this.#deps.client.replace(asKubeObject(object), builtinKinds.lease, this.#options, signal);
    this.#seen = { object: written, atMs: this.#deps.clock.nowMs() };
  }

  /** It has not moved for as long as it says it lasts. */
  #isExpired(): boolean {
    if (this.#seen === undefined) return true;
    const durationMs = (numberOf(at(this.#seen.object, 'spec', 'leaseDurationSeconds')) ?? 0) * 1_000;
    return this.#deps.clock.nowMs() - this.#seen.atMs > durationMs;
  }

  get #name(): string {
    return `landfall-${this.#settings.installation}`;
  }

  get #options(): { readonly manager: string } {
    return { manager: this.#deps.manager };
  }

  #object(nowMs: number): KubeObject {
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: this.#name, namespace: systemNamespace },
      spec: this.#spec(nowMs),
    };
  }

  #spec(nowMs: number): Readonly<Record<string, string | number>> {
    return {
      holderIdentity: this.#settings.holder,
      leaseDurationSeconds: Math.ceil(this.#settings.durationMs / 1_000),
      // The API wants microseconds.
      renewTime: new Date(nowMs).toISOString().replace('Z', '000Z'),
    };
  }
}
