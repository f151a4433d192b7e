/** Why a component cannot be made from what Git holds, and the way out. */
import { isObject } from '../../json/value.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import { exactVersion } from '../tool-source.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';

/** What is on a cluster, and not in Git. */
export function unknowable(component: Component, given: JsonLike, paths: readonly Path[]): readonly Diagnostic[] {
  const isGiven = (path: Path): boolean =>
    path.reduce<unknown>((part, step) => (isObject(part) ? part[step] : undefined), given) !== undefined;
  return paths.filter(isGiven).map((path) => {
    const field = String(path.at(-1));
    const message = `component ${component.name}: \`${path.join('.')}\` is of something that is not in Git, and nothing of it is known here`;
    return problem('A1520', component.properties.originAt(path), message, hints[field] ?? hints.secretRef);
  });
}

const hints: Readonly<Record<string, string>> = {
  secretRef: 'what is fetched is fetched without credentials: commit it here instead',
  sourceName: 'commit that source here, or write its `url` instead',
  imageRepository: 'an image is changed by a commit, which a robot may make',
};

type JsonLike = { readonly [field: string]: unknown };

export function inexact(component: Component, version: string | undefined, path: Path): readonly Diagnostic[] {
  if (version !== undefined && exactVersion.test(version)) return [];
  const message = `component ${component.name} names no exact version of its chart`;
  const hint = 'give one, as 4.13.2: what runs must not change by itself';
  return [problem('A1520', component.properties.originAt(path), message, hint)];
}

const refusal =
  (path: Path, why: (url: string) => string, hint: string) =>
  ({ name, properties }: Component, url = ''): Diagnostic =>
    problem(
      'A1520',
      properties.originAt(path),
      `component ${name}: ${why(url)}`,
      `${hint}; what runs is kept until then`,
    );

export const inBucket = refusal(
  ['repoType'],
  () => 'nothing is fetched from buckets',
  'commit the folder here, or publish the chart in a chart repository or registry',
);
export const sourceless = refusal(
  ['url'],
  () => 'it does not say where its chart is',
  'give the `url` of a chart repository, a registry or a Git repository',
);
export const insideChart = refusal(
  ['valuesFiles'],
  () => 'files inside of a chart that is fetched cannot be named',
  'write what they say into `values`',
);
export const archive = refusal(
  ['chart', 'source'],
  () => 'a chart is fetched from a chart repository or a registry',
  'give `repoURL`, or a source of `oci://`',
);
export const moving = refusal(
  ['git'],
  (url) => `a branch of ${url} moves, and what runs must not change by itself`,
  'name a `commit` or a `tag` under `git`, or commit the folder here',
);
