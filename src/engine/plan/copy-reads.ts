/** What copies would take from live clusters, read once. */
import type { LiveRead, ReadResult } from '../../core/model/observed.ts';
import type { Clients } from '../clients.ts';
import { copyQuery, originalOf, resultOf } from '../copy-source.ts';
import { describeFault, faultOf } from '../fault-text.ts';
import { forEach } from '../pool.ts';

/** Lists at a time. */
const readsMax = 16;

export type CopyReads = {
  readonly results: ReadonlyMap<string, ReadResult>;
  readonly want: (reads: ReadonlyMap<string, LiveRead>) => void;
  readonly read: (clients: Clients, signal: AbortSignal) => Promise<void>;
};

/** What copies would take, listed once each; what is `known` is not asked again. */
export function copyReads(known: ReadonlyMap<string, ReadResult> = new Map()): CopyReads {
  const results = new Map(known);
  let wanted: ReadonlyMap<string, LiveRead> = new Map();
  return {
    results,
    want: (reads) => {
      wanted = reads;
    },
    read: async (clients, signal) => {
      const missing = [...wanted].filter(([key]) => !results.has(key));
      await forEach(missing, readsMax, async ([key, read]) => {
        results.set(key, await readCopy(read, clients, signal));
      });
    },
  };
}

async function readCopy(read: LiveRead, clients: Clients, signal: AbortSignal): Promise<ReadResult> {
  try {
    const client = clients.readerOf(read.copy.cluster, read.copy.origin.repository);
    const query = await copyQuery(read, client, signal);
    const { items } = await client.listReduced(query, (object) => originalOf(object, read.view), signal);
    return resultOf(items);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unreadable', reason: describeFault(faultOf(error)) };
  }
}
