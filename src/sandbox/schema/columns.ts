/** What `kubectl get` prints of an object: the columns of its kind, and its cells. */
import type { Json } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { builtinColumns, builtinSchema, type Column } from './builtin.ts';
import { type Cells, nameOf, textAt } from './columns/cell-text.ts';
import { clusterCells } from './columns/cluster.ts';
import { customCells } from './columns/custom.ts';
import { networkCells } from './columns/network.ts';
import { podCells } from './columns/pod.ts';
import { policyCells } from './columns/policy.ts';
import { storageCells } from './columns/storage.ts';
import { workloadCells } from './columns/workloads.ts';
import type { CustomColumn, Schema } from './schema.ts';

export type { Column } from './builtin.ts';

const cellsByKind: ReadonlyMap<string, Cells> = new Map([
  ['/Pod', podCells],
  ...[clusterCells, networkCells, policyCells, storageCells, workloadCells].flatMap((cells) => Object.entries(cells)),
]);

// Kinds without columns of their own tell when they were made.
const plainCells: Cells = (object) => [nameOf(object), textAt(object, 'metadata', 'creationTimestamp')];

const apiExtensions = 'apiextensions.k8s.io/v1';
const definitions = builtinSchema(apiExtensions, 'CustomResourceDefinition');
// Definitions have the two columns that a kind has by default: the name, and when it was made.
const [nameColumn, madeColumn] = definitions === undefined ? [] : builtinColumns(definitions);

const ageColumn: CustomColumn = {
  name: 'Age',
  type: 'date',
  format: '',
  description: madeColumn?.description ?? '',
  priority: 0,
  jsonPath: '.metadata.creationTimestamp',
};

const customColumns = (columns: readonly CustomColumn[]): readonly CustomColumn[] =>
  columns.length === 0 ? [ageColumn] : columns;

/** Shape: `rowOf` gives one cell for each. */
export function columnsOf(schema: Schema): readonly Column[] {
  if (schema.custom === undefined) return builtinColumns(schema);
  const own = customColumns(schema.custom.columns).map(({ jsonPath, ...column }) => ({
    ...column,
    description: column.description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
  }));
  return nameColumn === undefined ? own : [nameColumn, ...own];
}

/** The cells of one object. `nowMs`: ages are counted from it. */
export function rowOf(schema: Schema, object: KubeObject, nowMs: number): readonly Json[] {
  if (schema.custom !== undefined) return customCells(object, customColumns(schema.custom.columns), nowMs);
  const cells = cellsByKind.get(`${schema.group}/${schema.kind}`) ?? plainCells;
  return cells(schema.family.convert(object, schema.family.storage), nowMs);
}
