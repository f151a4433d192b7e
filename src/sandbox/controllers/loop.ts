/** Runs a cluster's controllers: changes wake keys, keys are worked off one by one, in order, on the cluster's clock. */
import type { Clock } from '../../seam/clock.ts';
import { RefusedError } from '../api/refusals.ts';
import type { Change, EventLog } from '../store/event-log.ts';

/** What a controller works on. */
export type Key = { readonly namespace: string; readonly name: string };

export type Controller = {
  readonly name: string;
  /** The resources whose changes it hears of. */
  readonly places: readonly string[];
  /** Which of its keys a change concerns. */
  readonly keysOf: (change: Change) => readonly Key[];
  /** Brings one key nearer to what it should be. A number asks to be called again after so many milliseconds. */
  readonly reconcile: (key: Key) => number | undefined;
};

export type Loop = {
  readonly add: (controller: Controller) => void;
  /** Nothing is waiting but what waits for time to pass. */
  readonly isIdle: () => boolean;
  readonly stop: () => void;
};

const stepsMax = 500;
const retryMsMin = 1_000;
const retryMsMax = 60_000;
// What breaks again and again is a bug that trying does not mend.
const brokenMax = 5;

type Work = { readonly controller: Controller; readonly key: Key };

/** `onBug` hears of anything thrown that is no refusal. */
export function controllerLoop(clock: Clock, log: EventLog, onBug: (error: unknown, controller: string) => void): Loop {
  const byPlace = new Map<string, Controller[]>();
  const queue = new Map<string, Work>();
  const waiting = new Map<string, () => void>();
  const failures = new Map<string, number>();
  let cancelRun: (() => void) | undefined;
  let isStopped = false;

  const wake = (): void => {
    if (isStopped || cancelRun !== undefined || queue.size === 0) return;
    cancelRun = clock.after(0, () => {
      cancelRun = undefined;
      run();
    });
  };
  const add = (work: Work): void => {
    queue.set(idOf(work), work);
    wake();
  };
  const addAfter = (work: Work, durationMs: number): void => {
    const id = idOf(work);
    waiting.get(id)?.();
    const cancel = clock.after(durationMs, () => {
      waiting.delete(id);
      add(work);
    });
    waiting.set(id, cancel);
  };
  const step = (id: string, work: Work): void => {
    try {
      const again = work.controller.reconcile(work.key);
      failures.delete(id);
      if (again !== undefined) addAfter(work, again);
    } catch (error) {
      const count = (failures.get(id) ?? 0) + 1;
      failures.set(id, count);
      const isRefusal = error instanceof RefusedError;
      if (!isRefusal) onBug(error, work.controller.name);
      if (isRefusal || count < brokenMax) addAfter(work, Math.min(retryMsMax, retryMsMin * 2 ** (count - 1)));
      else failures.delete(id);
    }
  };
  const run = (): void => {
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const next = queue.entries().next();
      if (next.done === true || isStopped) break;
      const [id, work] = next.value;
      queue.delete(id);
      step(id, work);
    }
    wake();
  };
  const unsubscribe = log.subscribe('*', (change) => {
    for (const controller of byPlace.get(change.resource) ?? []) {
      for (const key of controller.keysOf(change)) add({ controller, key });
    }
    for (const controller of byPlace.get('*') ?? []) {
      for (const key of controller.keysOf(change)) add({ controller, key });
    }
  });
  return {
    add: (controller) => {
      for (const place of controller.places) byPlace.set(place, [...(byPlace.get(place) ?? []), controller]);
    },
    isIdle: () => queue.size === 0,
    stop: () => {
      isStopped = true;
      unsubscribe();
      cancelRun?.();
      for (const cancel of waiting.values()) cancel();
      queue.clear();
    },
  };
}

const idOf = ({ controller, key }: Work): string => `${controller.name} ${key.namespace}/${key.name}`;

/** For controllers whose key is the object that changed. */
export const ownKey = ({ last }: Change): readonly Key[] => [{ namespace: last.namespace, name: last.name }];
