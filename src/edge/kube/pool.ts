/** Equal large values, kept once for as long as somebody uses them. */

export type Pool<T extends object> = {
  readonly find: (key: string) => T | undefined;
  readonly keep: (key: string, value: T) => T;
};

export function pool<T extends object>(): Pool<T> {
  const held = new Map<string, WeakRef<T>>();
  return {
    find: (key) => held.get(key)?.deref(),
    keep(key, value) {
      for (const [old, reference] of held) if (reference.deref() === undefined) held.delete(old);
      held.set(key, new WeakRef(value));
      return value;
    },
  };
}
