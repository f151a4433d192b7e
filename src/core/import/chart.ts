/** A component that Helm makes, from wherever another tool says that the chart is. */
import { type JsonObject, withFields } from '../json/value.ts';
import { openObject, openText } from './open-name.ts';
import { cleanPath, isExactVersion } from './surroundings.ts';

export type ChartPlace =
  /** In this repository. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'chart'; readonly chart: string; readonly repository: string; readonly version: string };

export type ChartText = {
  readonly name: string;
  readonly place: ChartPlace;
  readonly releaseName: string;
  readonly values: JsonObject | undefined;
  readonly valuesFiles: readonly { readonly path: string; readonly optional: boolean }[];
};

/** Shape: a text is why it cannot be said. */
export function chartComponent({ name, place, releaseName, values, valuesFiles }: ChartText): JsonObject | string {
  const helm = placeOf(place);
  if (typeof helm === 'string') return helm;
  const release = openText(releaseName);
  return withFields(
    { name, helm: { ...helm, ...(release === name ? {} : { releaseName: release }) } },
    {
      values: values === undefined || Object.keys(values).length === 0 ? undefined : openObject(values),
      valuesFiles:
        valuesFiles.length === 0
          ? undefined
          : valuesFiles.map(({ path, optional }) => ({ path: openText(path), ...(optional ? { optional } : {}) })),
    },
  );
}

function placeOf(place: ChartPlace): JsonObject | string {
  if (place.kind === 'path') {
    const path = cleanPath(place.path);
    return path === undefined ? `its chart at ${place.path} is outside of the repository` : { path };
  }
  const { chart, repository, version } = place;
  if (!isExactVersion(version))
    return `its chart ${chart} has the version ${JSON.stringify(version)}; Landfall takes one exact version, so that what runs does not change by itself`;
  // Argo CD writes registries without a scheme.
  const url = /^[a-z]+:\/\//.test(repository) ? repository : `oci://${repository}`;
  if (!/^(?:https|oci):\/\//.test(url)) return `its chart is in ${repository}; Landfall takes https:// and oci://`;
  return { chart, repository: url, version };
}
