/** What an Application tells Kustomize beside its folder: images of its own, or a kustomization over the folder. */
import { isObject, type Json, type JsonObject, textOf, withFields } from '../json/value.ts';
import { cleanPath, kustomizationAt, objects, type Surroundings, texts } from './surroundings.ts';

export type Kustomized =
  | { readonly kind: 'refused'; readonly reason: string }
  /** `overlay`: of the kustomization over the folder, without its resources. */
  | { readonly kind: 'said'; readonly images: readonly JsonObject[]; readonly overlay: JsonObject | undefined };

const taken: readonly string[] = [
  'namePrefix',
  'nameSuffix',
  'images',
  'commonLabels',
  'labelWithoutSelector',
  'labelIncludeTemplates',
  'commonAnnotations',
  'commonAnnotationsEnvsubst',
  'forceCommonLabels',
  'forceCommonAnnotations',
  'namespace',
  'replicas',
  'patches',
  'components',
  'ignoreMissingComponents',
];
/** They say how Kustomize is run, which Landfall knows itself. */
const idle: readonly string[] = ['version', 'kubeVersion', 'apiVersions'];

const isGiven = (value: Json | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  JSON.stringify(value) !== '{}' &&
  JSON.stringify(value) !== '[]';

export function kustomizedBy(options: JsonObject, path: string, around: Surroundings): Kustomized {
  const given = Object.keys(options).filter((field) => isGiven(options[field]));
  const odd = given.filter((field) => !taken.includes(field) && !idle.includes(field));
  if (odd.length > 0)
    return {
      kind: 'refused',
      reason: `it gives Kustomize ${odd.join(', ')}: write that into the kustomization at ${path}`,
    };
  const base = kustomizationAt(path, around);
  const double = ['namePrefix', 'nameSuffix'].filter((field) => given.includes(field) && isGiven(base?.[field]));
  if (double.length > 0)
    return {
      kind: 'refused',
      reason: `it gives Kustomize ${double.join(', ')}, and so does the kustomization at ${path}: write one of them there`,
    };
  const images = texts(options.images).map((image) => imageOf(image, base));
  const patches = objects(options.patches).map((patch) => patchOf(patch, path, around));
  if (patches.includes(undefined))
    return { kind: 'refused', reason: `a patch of it is in a file that is not at ${path}` };
  const overlay = withFields(
    {},
    {
      namePrefix: options.namePrefix,
      nameSuffix: options.nameSuffix,
      namespace: options.namespace,
      commonAnnotations: options.commonAnnotations,
      ...labelsOf(options),
      replicas: options.replicas,
      patches: patches.length === 0 ? undefined : patches.filter((patch) => patch !== undefined),
      components: texts(options.components).length === 0 ? undefined : texts(options.components),
    },
  );
  const fields = Object.entries(overlay).filter(([, value]) => isGiven(value));
  return { kind: 'said', images, overlay: fields.length === 0 ? undefined : Object.fromEntries(fields) };
}

function labelsOf({ commonLabels, labelWithoutSelector, labelIncludeTemplates }: JsonObject): JsonObject {
  if (!isGiven(commonLabels) || !isObject(commonLabels)) return {};
  if (labelWithoutSelector !== true) return { commonLabels };
  return { labels: [{ pairs: commonLabels, includeTemplates: labelIncludeTemplates === true }] };
}

/** `name=other/image:tag@sha256:…`, or without the first part. Source: kustomize edit set image. */
function imageOf(text: string, base: JsonObject | undefined): JsonObject {
  const [, named, image = text] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const [, path = image, tag, digest] = /^(.+?)(?::([^:/@]+))?(?:@(sha256:[0-9a-f]+))?$/.exec(image) ?? [];
  const name = named ?? path;
  // What the folder's own kustomization has renamed has the new name by then.
  const before = objects(base?.images).find((each) => each.name === name);
  const known = textOf(before?.newName) ?? name;
  const newName = path === known ? undefined : path;
  return withFields({ name: known }, { newName, newTag: digest === undefined ? tag : undefined, digest });
}

/** Written in place. */
function patchOf(patch: JsonObject, path: string, { read }: Surroundings): JsonObject | undefined {
  if (typeof patch.path !== 'string') return patch;
  const file = cleanPath(`${path}/${patch.path}`);
  const content = file === undefined ? undefined : read(file);
  return content === undefined ? undefined : withFields(patch, { path: undefined, patch: content });
}
