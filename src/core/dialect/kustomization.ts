/** A kustomization and all that it refers to: which files of the repository Kustomize reads. */
import { isArray, isObject, type Json, textOf } from '../json/value.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import type { FileRef } from '../model/file-ref.ts';
import type { Path } from '../model/locate.ts';
import type { Origin, SourceFile } from '../model/source.ts';
import { cleanPath, type Files, problemsOf } from './files.ts';
import { originAt } from './placed.ts';

export type Kustomization = {
  /** Of it and of all that it refers to, in order of path. */
  readonly files: readonly FileRef[];
  /** The folders that those are in. */
  readonly folders: readonly string[];
  /** Files that it names, and its own: nobody else reads them. */
  readonly named: readonly string[];
  /** What is not in this repository, as written. */
  readonly remotes: readonly string[];
};

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Lists whose items are files, folders or places elsewhere. */
const lists: ReadonlySet<string> = new Set([
  'resources',
  'bases',
  'components',
  'generators',
  'transformers',
  'validators',
  'crds',
  'configurations',
  'patchesStrategicMerge',
]);

/** Fields anywhere below that name files; a generator writes `key=file`. */
const fields: ReadonlySet<string> = new Set(['path', 'files', 'envs', 'env', 'valuesFile', 'additionalValuesFiles']);

/**
 * Follows a folder's kustomization.
 *
 * Shape: with an error when something of it cannot be followed. A file that is not there is for Kustomize to tell.
 * Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function readKustomization(folder: string, origin: Origin, files: Files): Findings<Kustomization> {
  const diagnostics: Diagnostic[] = [];
  const folders = new Set<string>();
  const named = new Set<string>();
  const remotes = new Set<string>();
  const open: { readonly folder: string; readonly origin: Origin }[] = [{ folder: cleanPath(folder), origin }];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const here = next.folder;
    if (folders.has(here)) continue;
    folders.add(here);
    const { value: file, diagnostics: missing } = fileOf(here, next.origin, files);
    diagnostics.push(...missing);
    if (file === undefined) continue;
    named.add(file.path);
    for (const document of files.documentsOf(file)) {
      for (const { text, path } of references(document.document.value)) {
        const place = originAt(document, path);
        const target = targetOf(here, text, files);
        if (target.kind === 'outside') diagnostics.push(leadsOut(text, place));
        if (target.kind === 'remote') remotes.add(text);
        if (target.kind === 'folder') open.push({ folder: target.path, origin: place });
        if (target.kind === 'file') named.add(target.path);
      }
    }
  }
  const found = [...folders, ...named].flatMap((path) => files.treeUnder(path));
  const refs = new Map(found.map((ref) => [ref.path, ref]));
  for (const path of manifestsOnly([...folders], files)) if (!named.has(path)) refs.delete(path);
  return {
    value: {
      files: [...refs.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      folders: [...folders],
      named: [...named],
      remotes: [...remotes],
    },
    diagnostics,
  };
}

function fileOf(folder: string, origin: Origin, files: Files): Findings<SourceFile | undefined> {
  const paths = fileNames.map((name) => (folder === '' ? name : `${folder}/${name}`));
  const path = paths.find((each) => files.treeUnder(each)[0]?.path === each);
  const problem = (message: string, hint: string): Findings<undefined> => ({
    value: undefined,
    diagnostics: [{ code: 'A1323', severity: 'error', origin, message, hint }],
  });
  const where = folder === '' ? "the repository's root" : excerpt(folder);
  if (path === undefined)
    return problem(
      `there is no kustomization in ${where}`,
      'it is called kustomization.yaml; for manifests use `path:`',
    );
  const file = files.under(path)[0];
  // What Landfall does not read, it cannot follow: it might lead anywhere.
  if (file === undefined)
    return problem(
      `the kustomization in ${where} is not read`,
      'keep it out of hidden folders, and below `path` of the settings',
    );
  const unread = problemsOf(file, origin.repository);
  return { value: unread.length > 0 ? undefined : file, diagnostics: unread };
}

type Reference = { readonly text: string; readonly path: Path };

function references(value: Json): readonly Reference[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, part]) => referencesIn(part, [field], lists.has(field)));
}

function referencesIn(value: Json, path: Path, isReference: boolean): readonly Reference[] {
  const text = textOf(value);
  // Of several lines: a patch or a resource that is written in place.
  if (text !== undefined) return isReference && !text.includes('\n') ? [{ text, path }] : [];
  if (isArray(value)) return value.flatMap((item, index) => referencesIn(item, [...path, index], isReference));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, part]) => referencesIn(part, [...path, field], fields.has(field)));
}

type Target =
  | { readonly kind: 'folder' | 'file'; readonly path: string }
  | { readonly kind: 'outside' | 'remote' | 'nowhere' };

function targetOf(folder: string, text: string, files: Files): Target {
  const file = text.slice(text.indexOf('=') + 1);
  if (isURL(text) || isURL(file)) return { kind: 'remote' };
  for (const written of new Set([text, file])) {
    const path = resolve(folder, written);
    if (path === undefined) return { kind: 'outside' };
    const [first] = files.treeUnder(path);
    if (first !== undefined) return { kind: first.path === path ? 'file' : 'folder', path };
  }
  return { kind: isElsewhere(text) ? 'remote' : 'nowhere' };
}

const isURL = (text: string): boolean => /^(?:git::)?[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** `github.com/org/repository//folder?ref=v1`, `git@host:repository`: as Kustomize tells them from folders. */
const isElsewhere = (text: string): boolean =>
  /^(?:git::|gh:|[^/\s]+@[^/\s]+:)/.test(text) ||
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?\//i.test(text) ||
  /[?&]ref=/.test(text);

/** From the repository's root; undefined when it leads out of there. */
function resolve(folder: string, text: string): string | undefined {
  if (text.startsWith('/')) return undefined;
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of text.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}

function leadsOut(text: string, origin: Origin): Diagnostic {
  const message = `${excerpt(text)} leads out of the repository`;
  const hint = 'paths start at the folder of the kustomization and stay inside the repository';
  return { code: 'A1204', severity: 'error', origin, message, hint };
}

/** An App that lies beside its kustomization is no content of itself. */
function manifestsOnly(folders: readonly string[], files: Files): readonly string[] {
  const isOurs = (file: SourceFile): boolean =>
    file.documents.length > 0 && file.problems.length === 0 && files.objectsOf(file).length === 0;
  return folders.flatMap((folder) =>
    files
      .under(folder)
      .filter(isOurs)
      .map(({ path }) => path),
  );
}
