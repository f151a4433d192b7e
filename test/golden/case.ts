/**
 * A case: the folder `in` with the manifests of one repository, or `case.yaml` that says more.
 *
 * repositories: [{id, folder, role, branch, plain, commit, revisions: {<sha>: <folder>},
 *   history: [<folder>, oldest first], cut: is there more history than that?}]
 * before: [...]            repositories as they were: everything in them was applied
 * live: {clusters: {<name>: [object]}}    what can be copied; a cluster that is not named cannot be read
 * lost: [<cluster>]       that have not answered for long; it is 2026 now
 * scopes: {<group>/<kind>: namespaced?}, copyScope, unread: [<repository>]
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compile } from '../../src/core/compile/compile.ts';
import { needsOf } from '../../src/core/compile/needs.ts';
import type { Source, World } from '../../src/core/compile/world.ts';
import { isResourceName } from '../../src/core/grant/resource-name.ts';
import { isObject } from '../../src/core/json/value.ts';
import { clusterId, groupKind, repositoryId } from '../../src/core/model/id.ts';
import { isKubeObject, type KubeObject, textMapOf } from '../../src/core/model/object.ts';
import type { LiveRead, ReadResult } from '../../src/core/model/observed.ts';
import { selects } from '../../src/core/model/selector.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { after, sourceOf, type Texts, worldOf } from '../builder/world.ts';

const Repository = z.strictObject({
  id: z.string().default('fleet'),
  folder: z.string().default('in'),
  role: z.enum(['single', 'operator', 'tenant']).default('single'),
  branch: z.string().default('main'),
  plain: z.boolean().default(false),
  commit: z.string().default('f'.repeat(40)),
  revisions: z.record(z.string(), z.string()).default({}),
  history: z.array(z.string()).optional(),
  cut: z.boolean().default(false),
});

const Case = z.strictObject({
  repositories: z.array(Repository).default([Repository.parse({})]),
  before: z.array(Repository).optional(),
  live: z
    .strictObject({
      clusters: z.record(z.string(), z.array(z.custom<KubeObject>((value) => isObject(value) && isKubeObject(value)))),
    })
    .default({ clusters: {} }),
  scopes: z.record(z.string(), z.boolean()).default({}),
  copyScope: z.enum(['global', 'cluster', 'namespace']).default('global'),
  unread: z.array(z.string()).default([]),
  lost: z.array(z.string()).default([]),
});
type Case = z.output<typeof Case>;

/** `native/pins`: every folder with manifests, by the dialect that they are written in. */
export function caseNames(): readonly string[] {
  const root = import.meta.dirname;
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(root, name)).map((each) => join(name, each)))
    .filter((name) => ['in', 'case.yaml'].some((part) => existsSync(join(root, name, part))))
    .toSorted();
}

/** What is read instead of what is there. */
export type Edit = (texts: Texts) => Texts;

/** `edit`: of the heads of all repositories. */
export function readCase(folder: string, edit: Edit = (texts) => texts): World {
  const path = join(folder, 'case.yaml');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '{}';
  const [document] = readManifests(path, text).documents;
  const given = Case.parse(isObject(document?.value) ? document.value : {});
  const now = worldIn(folder, given.repositories, given, edit);
  if (given.before === undefined) return now;
  return after(compile(worldIn(folder, given.before, given, (texts) => texts)), now);
}

function worldIn(folder: string, repositories: Case['repositories'], given: Case, edit: Edit): World {
  const sources = repositories.map((each) => readSource(folder, each, edit));
  const scopes = Object.entries(given.scopes).map(([kind, isNamespaced]) => {
    const slash = kind.indexOf('/');
    return [groupKind(kind.slice(0, slash), kind.slice(slash + 1)), isNamespaced] as const;
  });
  return worldOf(sources, {
    scopes: new Map(scopes),
    copyScope: given.copyScope,
    unread: new Set(given.unread.map(repositoryId)),
    observed: {
      records: new Map(),
      reads: readsOf(sources, given.live.clusters),
      unread: new Set(),
      lost: new Set(given.lost.map(clusterId)),
      nowMs: Date.parse('2026-01-01T00:00:00Z'),
    },
  });
}

function readSource(folder: string, each: Case['repositories'][number], edit: Edit): Source {
  const revisions = Object.entries(each.revisions).map(
    ([commit, old]) => [commit, textsIn(join(folder, old))] as const,
  );
  return sourceOf(edit(textsIn(join(folder, each.folder))), {
    id: each.id,
    role: each.role,
    branch: each.branch,
    isPlain: each.plain,
    commit: each.commit,
    revisions: Object.fromEntries(revisions),
    ...(each.history === undefined ? {} : { history: each.history.map((old) => textsIn(join(folder, old))) }),
    isCut: each.cut,
  });
}

function textsIn(folder: string): Texts {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );
  return Object.fromEntries(
    files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file), 'utf8')]),
  );
}

type Live = Readonly<Record<string, readonly KubeObject[]>>;

function readsOf(sources: readonly Source[], live: Live): ReadonlyMap<string, ReadResult> {
  return new Map([...needsOf(sources).reads].map(([key, read]) => [key, answerOf(read, live)]));
}

function answerOf({ copy, app }: LiveRead, live: Live): ReadResult {
  const all = Object.hasOwn(live, copy.cluster) ? live[copy.cluster] : undefined;
  if (all === undefined) return { kind: 'unreadable', reason: `cluster ${copy.cluster} does not answer` };
  const namespace = copy.namespace ?? app.slice(0, app.indexOf('/'));
  const { which } = copy;
  const objects = all.filter(
    (object) =>
      isResourceName(copy.resource, object.kind) &&
      (object.metadata.namespace ?? namespace) === namespace &&
      (which.kind === 'name'
        ? object.metadata.name === which.name
        : selects(which.selector, textMapOf(object, 'labels'))),
  );
  return objects.length === 0 ? { kind: 'absent', reason: 'there is no such object' } : { kind: 'found', objects };
}
