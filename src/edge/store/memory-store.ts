/** A store that forgets with the process: for one-shot commands and tests. */
import type { Store } from '../../seam/store.ts';

export function memoryStore(): Store {
  const texts = new Map<string, string>();
  return {
    read: async (name) => texts.get(name),
    write: async (name, text) => {
      texts.set(name, text);
    },
  };
}
