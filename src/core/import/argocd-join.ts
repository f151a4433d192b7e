/** Applications of one set that differ by their cluster alone: one App for all of these clusters. */
import { digestOf } from '../json/digest.ts';
import { equal } from '../json/equal.ts';
import { isArray, isObject, type Json, type JsonObject, withFields } from '../json/value.ts';
import { nativeName } from './manifest.ts';
import { texts } from './surroundings.ts';

export type ReadApp = {
  readonly subject: string;
  readonly namespace: string;
  readonly name: string;
  readonly components: readonly JsonObject[];
  readonly images: readonly JsonObject[];
  readonly ignore: readonly JsonObject[];
  /** `clusterNames` or `clusterSelector`. */
  readonly clusters: JsonObject;
  readonly createNamespaces: boolean;
  readonly suspend: boolean;
  /** Beside the App, by their paths. */
  readonly files: ReadonlyMap<string, JsonObject>;
  readonly set: string | undefined;
};

export type JoinedApp = ReadApp & { readonly variants: readonly JsonObject[] };

/** `prefix`: from the repository's root to the folder that is written to. */
export function joinApps(apps: readonly ReadApp[], prefix: string): readonly JoinedApp[] {
  return [...Map.groupBy(apps, groupOf).values()].flatMap((group) => {
    const clusters = group.map((app) => texts(app.clusters.clusterNames));
    const isEach = group.length > 1 && new Set(clusters.flat()).size === clusters.flat().length;
    const joined = isEach ? joinOne(group, prefix) : undefined;
    return joined === undefined ? group.map((app) => ({ ...app, variants: imageVariants([app]) })) : [joined];
  });
}

const open = ['values', 'valuesFiles'];

/** What has to be the same. */
function groupOf(app: ReadApp, index: number): string {
  const { set, namespace, components, ignore, createNamespaces, suspend, files, clusters } = app;
  if (set === undefined || clusters.clusterNames === undefined || files.size > 0) return `alone ${index}`;
  const fixed = components.map((component) =>
    withFields(component, {
      ...Object.fromEntries(open.map((field) => [field, undefined])),
      helm: isObject(component.helm) ? withFields(component.helm, { releaseName: undefined }) : undefined,
    }),
  );
  return digestOf([set, namespace, fixed, [...ignore], createNamespaces, suspend]);
}

function joinOne(group: readonly ReadApp[], prefix: string): JoinedApp | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const clusters = group.flatMap((app) => texts(app.clusters.clusterNames));
  const names = new Set(group.map((app, index) => shortName(withoutPart(app.name, clusters[index] ?? ''))));
  const [only] = names;
  const name = names.size === 1 && only !== undefined ? only : (first.set ?? first.name);
  const files = new Map<string, JsonObject>();
  const components = first.components.map((component, index) =>
    joinComponent(
      group.map((app, at) => ({ cluster: clusters[at] ?? '', component: app.components[index] ?? component })),
      `apps/${first.namespace}/${name}.values/${String(component.name)}`,
      prefix,
      files,
    ),
  );
  const whole = components.filter((component) => component !== undefined);
  if (whole.length < components.length) return undefined;
  return {
    ...first,
    name,
    components: whole,
    clusters: { clusterNames: clusters },
    files,
    variants: imageVariants(group),
  };
}

type Own = { readonly cluster: string; readonly component: JsonObject };

/** Shape: undefined when they differ in more than Landfall says per cluster. */
function joinComponent(
  all: readonly Own[],
  place: string,
  prefix: string,
  files: Map<string, JsonObject>,
): JsonObject | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const release = sameFor(all, ({ component }) =>
    isObject(component.helm) ? (component.helm.releaseName ?? null) : null,
  );
  const valuesFiles = sameFor(all, ({ component }) => component.valuesFiles ?? null);
  if (release === undefined || valuesFiles === undefined) return undefined;
  const helm = isObject(first.component.helm)
    ? withFields(first.component.helm, { releaseName: release ?? undefined })
    : undefined;
  const values = sameFor(all, ({ component }) => component.values ?? null);
  if (values !== undefined)
    return withFields(first.component, { helm, values: values ?? undefined, valuesFiles: valuesFiles ?? undefined });
  // Variables in them would be those of a file that nobody reads so.
  if (all.some(({ component }) => JSON.stringify(component.values ?? null, plainNumber).includes('${')))
    return undefined;
  for (const { cluster, component } of all)
    files.set(`${place}/${cluster}.yaml`, isObject(component.values) ? component.values : {});
  const own = { path: `${prefix}${place}/\${name}.yaml` };
  return withFields(first.component, {
    helm,
    values: undefined,
    valuesFiles: [...(isArray(valuesFiles) ? valuesFiles : []), own],
  });
}

const plainNumber = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** As it is, or with the cluster's name as a variable. Shape: undefined when that is not the same, either. */
function sameFor(all: readonly Own[], of: (own: Own) => Json): Json | undefined {
  const written = all.map(of);
  const [first] = written;
  if (first === undefined) return undefined;
  if (written.every((value) => equal(value, first))) return first;
  const open = all.map((own) => withoutCluster(of(own), own.cluster));
  const [same] = open;
  return same !== undefined && open.every((value) => equal(value, same)) ? same : undefined;
}

function withoutCluster(value: Json, cluster: string): Json {
  if (typeof value === 'string') return withVariable(value, cluster);
  if (isArray(value)) return value.map((item) => withoutCluster(item, cluster));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, withoutCluster(part, cluster)]));
}

/** Only where it is a word of its own: `eu-1` is not in `eu-10`. */
function withVariable(value: string, cluster: string): string {
  const parts = value.split(cluster);
  return parts.reduce((done, part, index) => {
    if (index === 0) return part;
    const isWord = !/[a-z0-9]$/i.test(parts[index - 1] ?? '') && !/^[a-z0-9]/i.test(part);
    return `${done}${isWord ? '${name}' : cluster}${part}`;
  }, '');
}

/** Images that are all the same are for every cluster. */
function imageVariants(group: readonly ReadApp[]): readonly JsonObject[] {
  const [first] = group;
  if (first === undefined || group.every(({ images }) => images.length === 0)) return [];
  if (group.every(({ images }) => equal([...images], [...first.images])))
    return [{ clusterSelector: {}, images: [...first.images] }];
  return [...Map.groupBy(group, ({ images }) => digestOf([...images])).values()].flatMap((same) => {
    const [one] = same;
    if (one === undefined || one.images.length === 0) return [];
    return [{ clusterNames: same.flatMap(({ clusters }) => texts(clusters.clusterNames)), images: [...one.images] }];
  });
}

const withoutPart = (name: string, part: string): string => {
  const at = part === '' ? -1 : name.indexOf(part);
  return at < 0 ? name : name.slice(0, at) + name.slice(at + part.length);
};

/** `web-` is the App `web` on every cluster. Shape: undefined when nothing is left. */
export const shortName = (name: string): string | undefined => {
  const left = name.replaceAll(/--+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return left === '' ? undefined : nativeName(left);
};
