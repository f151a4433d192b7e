/** The objects of one resource in one cluster, by namespace, in the order in which etcd lists keys. */
import type { Entry } from './entry.ts';

export type Collection = {
  readonly get: (namespace: string, name: string) => Entry | undefined;
  readonly set: (entry: Entry) => void;
  readonly delete: (entry: Entry) => void;
  /** By key; all namespaces when undefined. */
  readonly list: (namespace: string | undefined) => readonly Entry[];
  readonly size: () => number;
};

type Shelf = { readonly entries: Map<string, Entry>; names: readonly string[] | undefined };

/** Cost: reads and writes constant; the first list after a create or delete sorts the names of its namespace. */
export function collection(): Collection {
  const shelves = new Map<string, Shelf>();
  let size = 0;

  const sortedOf = (shelf: Shelf): readonly Entry[] => {
    shelf.names ??= [...shelf.entries.keys()].toSorted(compareText);
    return shelf.names.flatMap((name) => shelf.entries.get(name) ?? []);
  };
  return {
    get: (namespace, name) => shelves.get(namespace)?.entries.get(name),
    set: (entry) => {
      const shelf = shelves.get(entry.namespace) ?? { entries: new Map(), names: undefined };
      shelves.set(entry.namespace, shelf);
      if (!shelf.entries.has(entry.name)) {
        size += 1;
        shelf.names = undefined;
      }
      shelf.entries.set(entry.name, entry);
    },
    delete: (entry) => {
      const shelf = shelves.get(entry.namespace);
      if (shelf === undefined || !shelf.entries.delete(entry.name)) return;
      size -= 1;
      shelf.names = undefined;
      if (shelf.entries.size === 0) shelves.delete(entry.namespace);
    },
    list: (namespace) => {
      if (namespace === undefined) {
        return [...shelves].toSorted(([a], [b]) => compareKeys(a, b)).flatMap(([, shelf]) => sortedOf(shelf));
      }
      const shelf = shelves.get(namespace);
      return shelf === undefined ? [] : sortedOf(shelf);
    },
    size: () => size,
  };
}

// Names are ASCII, so code unit order is byte order.
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
// A key goes on with a slash after the namespace, and a slash sorts after the dash of a longer name.
const compareKeys = (a: string, b: string): number => compareText(`${a}/`, `${b}/`);
