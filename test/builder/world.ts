/** What compiling takes, made from manifests as a person writes them. */
import type { Compiled } from '../../src/core/compile/compile.ts';
import type { Source, World } from '../../src/core/compile/world.ts';
import { pastSnapshot, readSnapshot } from '../../src/core/dialect/read.ts';
import { digestOfText } from '../../src/core/json/digest.ts';
import type { Reading } from '../../src/core/model/declarations.ts';
import type { Findings } from '../../src/core/model/diagnostic.ts';
import { type CellId, commitSha, installationId, repositoryId } from '../../src/core/model/id.ts';
import type { CellRecord, OwnedObject } from '../../src/core/model/record.ts';
import { noTooling } from '../../src/core/model/tool.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { manifestFiles } from '../../src/engine/source/manifest-path.ts';
import { sha } from './model.ts';

/** By path. */
export type Texts = Readonly<Record<string, string>>;

export type RepositoryOptions = {
  readonly id?: string;
  readonly url?: string;
  readonly branch?: string;
  readonly role?: Source['role'];
  /** A small number, or the SHA itself. */
  readonly commit?: number | string;
  readonly isPlain?: boolean;
  /** Older commits by their SHA. */
  readonly revisions?: Readonly<Record<string, Texts>>;
  /** What the branch held before, oldest first. */
  readonly history?: readonly Texts[];
  /** There is more history than that. */
  readonly isCut?: boolean;
};

const urlOf = (id: string): string => `https://git.example.com/${id}`;

export function readingOf(
  texts: Texts,
  { id = 'fleet', url = urlOf(id), commit = 1, isPlain = false, history = [], isCut = false }: RepositoryOptions = {},
): Findings<Reading> {
  const snapshotOf = (given: Texts) => {
    const tree = Object.keys(given)
      .toSorted()
      .map((path) => ({ path, oid: digestOfText(given[path] ?? ''), mode: 'file' as const }));
    const files = manifestFiles(tree, { root: '' }).map(({ path }) => readManifests(path, given[path] ?? ''));
    return {
      repository: repositoryId(id),
      commit: typeof commit === 'number' ? sha(commit) : commitSha(commit),
      files,
      tree,
    };
  };
  const past = { snapshots: history.map((each) => pastSnapshot(snapshotOf(each))), isWhole: !isCut };
  return readSnapshot(snapshotOf(texts), { isPlain, url, past });
}

export function sourceOf(texts: Texts, options: RepositoryOptions = {}): Source {
  const { id = 'fleet', url = urlOf(id), branch = 'main', role = 'single', revisions = {} } = options;
  const older = Object.entries(revisions).map(
    ([commit, old]) => [commitSha(commit), readingOf(old, { ...options, commit })] as const,
  );
  return { id: repositoryId(id), url, branch, role, head: readingOf(texts, options), revisions: new Map(older) };
}

export function worldOf(sources: Texts | readonly Source[], fields: Partial<Omit<World, 'sources'>> = {}): World {
  return {
    sources: isSources(sources) ? sources : [sourceOf(sources)],
    unread: new Set(),
    observed: { records: new Map(), reads: new Map(), unread: new Set(), lost: new Set(), nowMs: 0 },
    scopes: new Map(),
    copyScope: 'global',
    tooling: noTooling,
    ...fields,
  };
}

const isSources = (sources: Texts | readonly Source[]): sources is readonly Source[] => Array.isArray(sources);

/** The records that clusters would have if everything compiled had been applied and were well. */
export function recordsOf(compiled: Compiled): ReadonlyMap<CellId, CellRecord> {
  const records = [...compiled.cells.values()].flatMap((cell): readonly CellRecord[] => {
    if (cell.aim.kind !== 'hold') return [];
    const { rendering, intent } = cell.aim;
    const inventory = rendering.objects.map((object): OwnedObject => {
      const { apiVersion } = object.object;
      return { key: object.key, apiVersion, uid: `uid of ${object.key}`, digest: object.digest, fingerprint: 'f' };
    });
    return [
      {
        cell: cell.id,
        app: cell.app,
        cluster: cell.cluster,
        installation: installationId('test'),
        repository: cell.repository,
        placement: cell.placement,
        stage: cell.stage,
        source: cell.source,
        chosenBy: cell.chosenBy,
        onDelete: cell.onDelete,
        commit: cell.commit,
        revision: cell.revision,
        digest: rendering.digest,
        intent,
        appliedAtMs: 0,
        healthySinceMs: 0,
        good: [{ digest: rendering.digest, intent }],
        acknowledged: undefined,
        replicas: rendering.replicas,
        inventory: new Map(inventory.map((owned) => [owned.key, owned])),
      },
    ];
  });
  return new Map(records.map((record) => [record.cell, record]));
}

/** A world whose clusters hold what another one wanted of them. */
export const after = (before: Compiled, world: World): World => ({
  ...world,
  observed: { ...world.observed, records: recordsOf(before) },
});

const native = (kind: string, name: string, namespace: string | undefined, spec: string): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}\nspec: ${spec}\n`;

/** Manifests in one line each; `spec` in YAML's flow style. */
export const app = (name: string, spec: string, namespace = 'shop'): string => native('App', name, namespace, spec);
export const placement = (name: string, spec: string, namespace = 'shop'): string =>
  native('Placement', name, namespace, spec);
export const pin = (name: string, spec: string, namespace = 'shop'): string => native('Pin', name, namespace, spec);
export const tenant = (name: string, spec: string): string => native('Tenant', name, undefined, spec);

export function cluster(name: string, labels = '', spec = ''): string {
  const fields = ['access: {inCluster: true}', spec].filter((field) => field !== '').join(', ');
  return `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: ${name}, labels: {${labels}}}\nspec: {${fields}}\n`;
}

export const configMap = (name: string, data = 'a: "1"', metadata = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${metadata === '' ? '' : `, ${metadata}`}}\ndata: {${data}}\n`;

export const deployment = (name: string, image = 'example.com/web:1', metadata = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}${metadata === '' ? '' : `, ${metadata}`}}\n` +
  `spec: {replicas: 1, selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: ${name}, image: "${image}"}]}}}\n`;
