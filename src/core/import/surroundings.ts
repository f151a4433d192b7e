/** What an import knows of the repository that it writes to, and how it reads other people's objects. */
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';

export type Surroundings = {
  /** Is this the address of the repository that the folder is in? */
  readonly isOurs: (url: string) => boolean;
  /** Every file of it, from its root. */
  readonly paths: ReadonlySet<string>;
  /** What is in a file of it; undefined for none, and for one that is too large. */
  readonly read: (path: string) => string | undefined;
  /** Shape: undefined for what is no mapping. */
  readonly parseYaml: (text: string) => JsonObject | undefined;
  /** From its root to the folder that is written to: empty, or with a slash at the end. */
  readonly prefix: string;
  /** What the fleet calls the cluster that the other tool runs on. */
  readonly host: string;
  /** Clusters that the folder declares. */
  readonly declared: ReadonlySet<string>;
};

/** As much of an address as says which repository it is: over https and ssh it is the same. */
export const repositoryName = (url: string): string =>
  url
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?:[0-9]+\/)?/, '$1/')
    .replace(/(?:\.git)?\/*$/, '')
    .toLowerCase();

export const texts = (value: Json | undefined): readonly string[] =>
  isArray(value) ? value.flatMap((item) => textOf(item) ?? []) : [];

export const objects = (value: Json | undefined): readonly JsonObject[] =>
  isArray(value) ? value.filter((item) => isObject(item)) : [];

export const text = (value: Json | undefined, ...path: readonly string[]): string => textOf(at(value, ...path)) ?? '';

export const subjectOf = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

/** Of an Application of Argo CD. */
export const sourcesIn = (spec: JsonObject): readonly JsonObject[] =>
  isObject(spec.source) ? [spec.source] : objects(spec.sources);

/** What a folder is to a tool that looks for itself. */
export function folderKind(path: string, paths: ReadonlySet<string>): 'helm' | 'kustomize' | 'plain' {
  const below = (name: string): boolean => paths.has(path === '' ? name : `${path}/${name}`);
  if (below('Chart.yaml')) return 'helm';
  return kustomizationNames.some(below) ? 'kustomize' : 'plain';
}

/** A mapping, or a list. */
export const yamlIn = (text: string, { parseYaml }: Pick<Surroundings, 'parseYaml'>): Json | undefined =>
  parseYaml(text) ?? parseYaml(`items:\n${text}`)?.items ?? parseYaml(`items: ${text}`)?.items;

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The kustomization of a folder; undefined where there is none that can be read. */
export function kustomizationAt(path: string, { paths, read, parseYaml }: Surroundings): JsonObject | undefined {
  const found = kustomizationNames
    .map((name) => (path === '' ? name : `${path}/${name}`))
    .find((each) => paths.has(each));
  const content = found === undefined ? undefined : read(found);
  return content === undefined ? undefined : parseYaml(content);
}

/** `./apps/web/` is `apps/web`; undefined for what leads out of the repository. */
export function cleanPath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

export const isExactVersion = (version: string): boolean =>
  /^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$/.test(version);
