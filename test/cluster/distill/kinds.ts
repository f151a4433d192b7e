/** Packs discovery: groups, their resources, and the columns of their tables. */

type ApiResource = {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
};
type ApiGroup = { readonly name: string; readonly versions: readonly { readonly version: string }[] };
type Column = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
};

/** See `src/sandbox/schema/builtin.ts`, which reads this back. */
export type PackedKinds = {
  /** `[name, version…]`, preferred version first, in the server's order; the core group first. */
  readonly groups: readonly (readonly string[])[];
  /** Every column once; rows name them by position. */
  readonly columns: readonly Column[];
  readonly rows: readonly unknown[];
};

type Get = <Body>(path: string, accept?: string) => Promise<Body>;

export async function packKinds(get: Get): Promise<PackedKinds> {
  const named = (await get<{ groups: readonly ApiGroup[] }>('/apis')).groups;
  const groups = [['', 'v1'], ...named.map((group) => [group.name, ...group.versions.map((row) => row.version)])];
  const columns: Column[] = [];
  const rows: unknown[] = [];
  for (const [group = '', ...versions] of groups) {
    for (const version of versions) {
      const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const { resources } = await get<{ resources: readonly ApiResource[] }>(root);
      for (const resource of resources.filter((row) => !row.name.includes('/'))) {
        const below = resources.filter((row) => row.name.startsWith(`${resource.name}/`));
        rows.push({
          group,
          version,
          kind: resource.kind,
          resource: resource.name,
          singular: resource.singularName,
          ...(resource.namespaced ? { namespaced: true } : {}),
          verbs: resource.verbs.join(' '),
          ...(resource.shortNames === undefined ? {} : { short: resource.shortNames }),
          ...(resource.categories === undefined ? {} : { categories: resource.categories }),
          ...(resource.storageVersionHash === undefined ? {} : { hash: resource.storageVersionHash }),
          ...(below.length === 0 ? {} : { below: below.map(packSubresource) }),
          ...(resource.verbs.includes('list') ? { columns: await columnsOf(`${root}/${resource.name}`) } : {}),
        });
      }
    }
  }
  return { groups, columns, rows };

  async function columnsOf(path: string): Promise<readonly number[]> {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { columnDefinitions } = await get<{ columnDefinitions: readonly Column[] }>(path, accept);
    return columnDefinitions.map((column) => {
      const text = JSON.stringify(column);
      const at = columns.findIndex((seen) => JSON.stringify(seen) === text);
      return at === -1 ? columns.push(column) - 1 : at;
    });
  }
}

function packSubresource(row: ApiResource): readonly string[] {
  const name = row.name.slice(row.name.indexOf('/') + 1);
  return [name, row.kind, row.verbs.join(' '), ...(row.group === undefined ? [] : [row.group, row.version ?? ''])];
}
