/** How much of a file is read. A manifest is far below each; what is beyond is an accident or an attack. */

export type ReadLimits = {
  readonly sizeBytesMax: number;
  /** Per file, before List documents become their items. */
  readonly documentsMax: number;
  /** Per file: texts, numbers, maps, lists and so on, keys not counted; what the memory of reading grows with. */
  readonly valuesMax: number;
  /** Maps and lists in one another, in block and in flow style. */
  readonly depthMax: number;
  /** Per document. */
  readonly aliasesMax: number;
  /** Values after aliases and merges are resolved, for each value written. */
  readonly expansionMax: number;
  /** Per map. */
  readonly keysMax: number;
};

export const defaultReadLimits: ReadLimits = {
  sizeBytesMax: 4 * 1024 * 1024,
  documentsMax: 1_000,
  valuesMax: 200_000,
  depthMax: 64,
  aliasesMax: 100,
  expansionMax: 10,
  keysMax: 5_000,
};
