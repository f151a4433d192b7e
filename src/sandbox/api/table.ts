/** Answers for people: the columns that `kubectl get` prints, a row for each object. */
import { formatJson } from '../../core/json/text.ts';
import type { JsonObject } from '../../core/json/value.ts';
import type { ServedKind } from '../registry/kinds.ts';
import type { World } from '../registry/world.ts';
import { columnsOf, rowOf } from '../schema/columns.ts';
import { type Entry, metadataTextOf, textOfEntry } from '../store/entry.ts';

type Viewer = { readonly world: World; readonly kind: ServedKind; readonly query: URLSearchParams };

/** JSON text. Shape: `entries` at the version of the viewer's kind. `hasColumns`: only the first event of a watch has them. */
export function tableText(
  viewer: Viewer,
  entries: readonly Entry[],
  metadata: JsonObject,
  hasColumns: boolean,
): string {
  const columns = hasColumns ? formatJson(columnsOf(viewer.kind.schema)) : 'null';
  const rows = entries.map((entry) => rowText(viewer, entry)).join(',');
  return `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${formatJson(metadata)},"columnDefinitions":${columns},"rows":[${rows}]}`;
}

function rowText({ world, kind, query }: Viewer, entry: Entry): string {
  const object = world.store.read(entry);
  const cells = rowOf(kind.schema, object, world.clock.nowMs());
  return `{"cells":${formatJson(cells)},"object":${objectText(entry, query.get('includeObject') ?? 'Metadata')}}`;
}

function objectText(entry: Entry, include: string): string {
  if (include === 'None') return 'null';
  if (include === 'Object') return textOfEntry(entry, true);
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":${metadataTextOf(entry)}}`;
}
