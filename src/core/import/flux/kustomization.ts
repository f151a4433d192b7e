/** A Kustomization of Flux as a component: a folder, or a kustomization over it. */
import { isObject, type JsonObject, withFields } from '../../json/value.ts';
import { type OverlayFile, overlayFile } from '../overlay.ts';
import { cleanPath, folderKind, kustomizationAt, objects, type Surroundings, text, texts } from '../surroundings.ts';
import { fieldsIn, notHere, onlyComponent, type Reading, type Said } from './reading.ts';
import { type Substitution, substitutionOf } from './substitution.ts';

/** Shape: a text is why it cannot be said. */
export function kustomizationOf(reading: Reading): Said | string {
  const { spec, around, remark, app } = reading;
  const problem = notHere(reading, isObject(spec.sourceRef) ? spec.sourceRef : undefined);
  if (problem !== undefined) return problem;
  const path = cleanPath(text(spec, 'path'));
  if (path === undefined) return `its path ${text(spec, 'path')} is outside of the repository`;
  const kind = folderKind(path, around.paths);
  if (kind === 'helm') return `its path ${path} is a chart`;
  const filled = filledIn(reading, path, kind);
  if (typeof filled === 'string') return filled;
  tell(spec, remark);
  const images = objects(spec.images);
  const { patches, variables } = filled;
  const variants = [
    ...(patches.length === 0 ? [] : [{ clusterSelector: {}, patches }]),
    ...(images.length === 0 ? [] : [{ clusterSelector: {}, images }]),
  ];
  const fields = overlayOf(spec, path, around);
  if (fields === undefined)
    return {
      ...onlyComponent(
        kind === 'kustomize' ? { name: 'app', kustomize: path || '.' } : { name: 'app', path: path || '.' },
      ),
      variants,
      variables,
    };
  const base = kind === 'kustomize' ? [] : baseFor(path, around);
  if (typeof base === 'string') return base;
  if (base.length > 0) remark(`gets a kustomization at ${path} that lists its files: a new file goes into it, too`);
  if (isDouble(fields, path, around))
    return `it has \`namePrefix\` or \`nameSuffix\`, and so has the kustomization at ${path}`;
  const overlay = overlayFile(app, 'app', path, fields, around.prefix);
  if (typeof overlay === 'string') return overlay;
  return {
    component: { name: 'app', kustomize: overlay.folder },
    variants,
    variables,
    ignore: [],
    overlays: [...base, overlay],
  };
}

/** Shape: undefined where the folder alone says it all. */
function overlayOf(spec: JsonObject, path: string, around: Surroundings): JsonObject | undefined {
  const marks = isObject(spec.commonMetadata) ? spec.commonMetadata : {};
  const patches = [
    ...objects(spec.patches),
    ...objects(spec.patchesStrategicMerge).map((patch) => ({ patch: JSON.stringify(patch) })),
    ...objects(spec.patchesJson6902).map(({ patch, target }) =>
      withFields({ patch: JSON.stringify(patch) }, { target }),
    ),
  ];
  const fields = withFields(
    {},
    {
      namePrefix: spec.namePrefix,
      nameSuffix: spec.nameSuffix,
      labels: isObject(marks.labels) ? [{ pairs: marks.labels }] : undefined,
      commonAnnotations: marks.annotations,
      patches: patches.length === 0 ? undefined : patches,
      components: texts(spec.components).length === 0 ? undefined : texts(spec.components),
    },
  );
  const namespace = text(spec, 'targetNamespace');
  const isMoved = namespace !== '' && (Object.keys(fields).length > 0 || namesNamespaces(path, around));
  const whole = isMoved ? { namespace, ...fields } : fields;
  return Object.keys(whole).length === 0 ? undefined : whole;
}

/** An App's namespace is for objects that name none; Flux's goes over all that there are. */
function namesNamespaces(path: string, { paths, read }: Surroundings): boolean {
  const inside = path === '' ? '' : `${path}/`;
  return [...paths].some(
    (each) => each.startsWith(inside) && /\.ya?ml$/.test(each) && /^\s*namespace:|\.\.\/|:\/\//m.test(read(each) ?? ''),
  );
}

function isDouble(fields: JsonObject, path: string, around: Surroundings): boolean {
  const base = kustomizationAt(path, around);
  return ['namePrefix', 'nameSuffix'].some((field) => fields[field] !== undefined && base?.[field] !== undefined);
}

/** What Flux makes up for a folder without one. Source: kustomize-controller, which lists all manifests below. */
function baseFor(path: string, { paths, prefix }: Surroundings): readonly OverlayFile[] | string {
  if (!`${path}/`.startsWith(prefix))
    return `its path ${path} is not below ${prefix}, where a kustomization for it would be written`;
  const inside = `${path}/`;
  const resources = [...paths].filter((each) => each.startsWith(inside) && /\.ya?ml$/.test(each)).toSorted();
  if (resources.length === 0) return `there are no manifests at ${path || '.'}`;
  const document = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: resources.map((each) => each.slice(inside.length)),
  };
  return [{ path: `${path}/kustomization.yaml`.slice(prefix.length), folder: path, document }];
}

/** What `postBuild` puts in. Shape: a text is why it cannot be said. */
function filledIn(reading: Reading, path: string, kind: 'kustomize' | 'plain'): Substitution | string {
  const { spec, around } = reading;
  const isRenamed = ['namePrefix', 'nameSuffix'].some((field) => text(spec, field) !== '');
  if (kind === 'plain' && !isRenamed) return substitutionOf(reading, path);
  const variable = substitutedIn(spec, path, around);
  return variable === undefined
    ? { patches: [], variables: {} }
    : `\`postBuild\` puts variables into ${variable}: write the values there, or make a chart of it`;
}

/** Shape: the first file in which there is something to put in; undefined when there is none. */
function substitutedIn({ postBuild }: JsonObject, path: string, { paths, read }: Surroundings): string | undefined {
  if (!isObject(postBuild)) return undefined;
  const isGiven = isObject(postBuild.substitute) || objects(postBuild.substituteFrom).length > 0;
  const inside = path === '' ? '' : `${path}/`;
  const files = [...paths].filter(
    (each) => each.startsWith(inside) && /\.(?:ya?ml|json|env|txt|conf|properties)$/.test(each),
  );
  return isGiven ? files.find((file) => /(?<!\$)\$\{\w/.test(read(file) ?? '')) : undefined;
}

function tell(spec: JsonObject, remark: (reason: string) => void): void {
  if (spec.prune !== true) remark('prunes nothing; take `onDelete: Orphan` out only when deletions are to follow Git');
  if (isObject(spec.decryption))
    remark('decrypts with SOPS: the settings name the age identity under `sops.identityFile`');
  if (spec.force === true) remark('makes anew what cannot be changed; Landfall refuses that');
  const unlike = fieldsIn(spec, ['healthCheckExprs', 'serviceAccountName']);
  if (unlike !== '')
    remark(`has ${unlike}: health is by the conditions of an object, and accounts are for a Tenant to say`);
}
