/** Addresses and ports for Services: one after the other, so that none comes twice in a cluster's life. */
import type { Rng } from '../../seam/rng.ts';
import type { Allocator } from '../schema/strategy.ts';

export function allocator(rng: Rng): Allocator {
  let addresses = 0;
  const ports = new Set<number>();
  return {
    clusterIP: () => {
      addresses += 1;
      return `10.96.${Math.floor(addresses / 256) % 256}.${addresses % 256}`;
    },
    nodePort: () => {
      for (;;) {
        const port = 30_000 + Math.floor(rng.next() * 2_768);
        if (ports.has(port) && ports.size < 2_700) continue;
        ports.add(port);
        return port;
      }
    },
  };
}
