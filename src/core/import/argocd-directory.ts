/** The files of a plain folder that Argo CD takes, in the order of its waves. */
import type { JsonObject } from '../json/value.ts';
import { isLike } from './glob.ts';
import { fileName } from './manifest.ts';
import { type Surroundings, text } from './surroundings.ts';

export type Directory = { readonly components: readonly JsonObject[]; readonly notes: readonly string[] };

const componentsMax = 400;
const isManifest = (path: string): boolean => /\.(?:ya?ml|json)$/.test(path);

/** Shape: one component for the folder, where that says it; else one for each file. A text is why it cannot be said. */
export function directoryComponents(
  name: string,
  folder: string,
  directory: JsonObject,
  around: Surroundings,
): Directory | string {
  const inside = folder === '' ? '' : `${folder}/`;
  const files = [...around.paths].filter((path) => path.startsWith(inside)).toSorted();
  if (files.some((path) => /\.jsonnet$/.test(path) && isTaken(path.slice(inside.length), directory)))
    return `there is Jsonnet in ${folder || '.'}: render it into Git`;
  const all = files.filter(isManifest);
  const taken = all.filter((path) => isTaken(path.slice(inside.length), directory));
  const ranks = new Map(taken.map((path) => [path, rankOf(path, around)]));
  const notes = taken.flatMap((path) => ranks.get(path)?.notes ?? []);
  const kept = taken.filter((path) => ranks.get(path)?.isApart !== true);
  const isOrdered = new Set(kept.map((path) => ranks.get(path)?.at)).size > 1;
  if (kept.length === all.length && !isOrdered)
    return { components: [{ name, path: folder === '' ? '.' : folder }], notes };
  if (kept.length === 0) return `it takes no file of ${folder || '.'}`;
  if (kept.length > componentsMax)
    return `it chooses among too many files of ${folder || '.'}: give them folders of their own`;
  const byRank = [...Map.groupBy(kept, (path) => ranks.get(path)?.at ?? 0)].toSorted(([a], [b]) => a - b);
  const components: JsonObject[] = [];
  let needed: readonly string[] = [];
  for (const [, paths] of byRank) {
    const made = paths.map((path) => ({ name: componentName(name, path.slice(inside.length)), path }));
    components.push(...made.map((each) => (needed.length === 0 ? each : { ...each, dependsOn: needed })));
    needed = made.map((each) => each.name);
  }
  const why = kept.length < all.length ? 'chooses files' : 'has waves';
  return {
    components,
    notes: [...notes, `${why} in ${folder || '.'}: each file is a component, and a new file needs one, too`],
  };
}

/** Source: Argo CD, `directory`: globs are over the path below the folder; `exclude` wins. */
function isTaken(path: string, directory: JsonObject): boolean {
  if (directory.recurse !== true && path.includes('/')) return false;
  const [include, exclude] = [text(directory, 'include'), text(directory, 'exclude')];
  if (exclude !== '' && isLike(exclude, path, { crosses: true })) return false;
  return include === '' || isLike(include, path, { crosses: true });
}

const componentName = (name: string, path: string): string =>
  `${name}-${fileName(path.replace(/\.(?:ya?ml|json)$/, '').replaceAll('/', '-'))}`.slice(0, 200).replace(/[-.]+$/, '');

type Rank = { readonly at: number; readonly isApart: boolean; readonly notes: readonly string[] };

/** Waves of hooks before, and after, are beyond all others. */
const phaseSize = 1_000_000;

function rankOf(path: string, { read }: Surroundings): Rank {
  const content = read(path) ?? '';
  const hooks = valuesOf(content, 'hook').flatMap((value) => value.split(','));
  const waves = valuesOf(content, 'sync-wave').map(Number);
  const count = Math.max(1, [...content.matchAll(/^kind:/gm)].length);
  const [wave = 0] = waves;
  const notes: string[] = [];
  if (waves.length > 0 && (waves.length < count || waves.some((each) => each !== wave)))
    notes.push(`${path} has objects of several waves: give each wave a file`);
  const [hook] = hooks;
  if (hook === undefined) return { at: waves.length < count && count > 1 ? 0 : wave, isApart: false, notes };
  const isApart = ['SyncFail', 'PostDelete', 'PreDelete', 'Skip'].includes(hook);
  notes.push(
    isApart
      ? `${path} has a hook (${hook}) and is left out: there is no such moment here`
      : `${path} has a hook (${hook}): it runs once, and again only when it is deleted`,
  );
  const phase = hook === 'PreSync' ? -phaseSize : hook === 'PostSync' ? phaseSize : 0;
  return { at: phase + wave, isApart, notes };
}

const valuesOf = (content: string, name: 'hook' | 'sync-wave'): readonly string[] =>
  [...content.matchAll(/argocd\.argoproj\.io\/(hook|sync-wave)["']?:\s*["']?([\w,-]+)/g)].flatMap(
    ([, key, value = '']) => (key === name ? [value] : []),
  );
