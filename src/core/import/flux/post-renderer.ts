/** What Flux changes of what a chart makes, as variants of an App. */
import { isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import { groupOf } from '../../model/object.ts';
import { objects, type Surroundings, text, yamlIn } from '../surroundings.ts';

/** Shape: a text is why it cannot be said. */
export function nativePatches(spec: JsonObject, around: Surroundings): readonly JsonObject[] | string {
  const variants: JsonObject[] = [];
  for (const { kustomize } of objects(spec.postRenderers)) {
    if (!isObject(kustomize)) return 'has a `postRenderers` that is not Kustomize';
    const patches = [
      ...objects(kustomize.patches).map((each) => patchIn(text(each, 'patch'), each.target, around)),
      ...objects(kustomize.patchesStrategicMerge).map((patch) => patchOf(patch, undefined)),
      ...objects(kustomize.patchesJson6902).map(({ patch, target }) => patchOf(patch ?? null, target)),
    ];
    const known = patches.filter((patch) => patch !== undefined);
    if (known.length < patches.length)
      return 'has a patch in `postRenderers` that merges lists: write it as a JSON patch';
    const images = objects(kustomize.images);
    if (known.length > 0 || images.length > 0)
      variants.push(
        withFields(
          { clusterSelector: {} },
          { images: images.length === 0 ? undefined : images, patches: known.length === 0 ? undefined : known },
        ),
      );
  }
  const marks = isObject(spec.commonMetadata) ? spec.commonMetadata : undefined;
  return marks === undefined
    ? variants
    : [...variants, { clusterSelector: {}, patches: [{ patch: { metadata: marks } }] }];
}

function patchIn(written: string, target: Json | undefined, around: Surroundings): JsonObject | undefined {
  const whole = yamlIn(written, around);
  return whole === undefined ? undefined : patchOf(whole, target);
}

/** Operations, or an object like the one that it changes. Shape: undefined where Kustomize would merge lists by key. */
function patchOf(patch: Json, target: Json | undefined): JsonObject | undefined {
  const given = isObject(target) ? target : undefined;
  const to = given === undefined ? undefined : withFields({}, pick(given));
  // Kustomize takes names as patterns.
  if (
    given !== undefined &&
    (given.labelSelector !== undefined || given.annotationSelector !== undefined || /[^\w.-]/.test(text(given, 'name')))
  )
    return undefined;
  if (isArray(patch)) return to === undefined ? undefined : { target: to, patch };
  if (!isObject(patch)) return undefined;
  const { apiVersion, kind, metadata, ...rest } = patch;
  const marks = isObject(metadata) ? withFields(metadata, { name: undefined, namespace: undefined }) : {};
  const value = withFields(rest, { metadata: Object.keys(marks).length === 0 ? undefined : marks });
  if (hasList(value) || rest.$patch !== undefined) return undefined;
  const own = withFields(
    { group: groupOf(typeof apiVersion === 'string' ? apiVersion : '') },
    { kind, name: isObject(metadata) ? metadata.name : undefined },
  );
  return { target: to ?? own, patch: value };
}

const pick = ({
  group,
  version,
  kind,
  namespace,
  name,
}: JsonObject): { readonly [field: string]: Json | undefined } => ({
  group,
  version,
  kind,
  namespace,
  name,
});

const hasList = (value: Json): boolean => isArray(value) || (isObject(value) && Object.values(value).some(hasList));
