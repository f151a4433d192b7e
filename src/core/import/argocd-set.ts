/** ApplicationSets: what their generators make, in as few Apps as say it. */
import { digestOf } from '../json/digest.ts';
import { isArray, isObject, type Json, type JsonObject, withFields } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { selects } from '../model/selector.ts';
import type { ArgoCluster, Placed } from './argocd-placed.ts';
import { selectorIn } from './argocd-selector.ts';
import { nativeName, type Remark } from './manifest.ts';
import { objects, type Surroundings, subjectOf, text } from './surroundings.ts';

/** What a generator puts into the template once. */
type Turn = { readonly parameters: JsonObject; readonly clusters: JsonObject | undefined };

/** Stands for the cluster's own name, in a template and in a manifest of Landfall. */
const anyName = '${name}';

/** Shape: what cannot be expanded becomes a remark, and nothing of its set is brought over. */
export function expandSet(
  set: KubeObject,
  known: readonly ArgoCluster[],
  around: Surroundings,
  remarks: Remark[],
): readonly Placed[] {
  const subject = subjectOf(set);
  const spec = isObject(set.spec) ? set.spec : {};
  const refuse = (reason: string): readonly Placed[] => {
    remarks.push({ subject, reason });
    return [];
  };
  if (typeof spec.templatePatch === 'string')
    return refuse('has a `templatePatch`: say the same in `variants` of an App');
  const template = isObject(spec.template) ? spec.template : {};
  const turns: Turn[] = [];
  for (const generator of objects(spec.generators)) {
    const made = turnsOf(generator, around, spec.goTemplate === true);
    if (typeof made === 'string') return refuse(made);
    turns.push(...made.flatMap((turn) => (isSame(template, turn) ? [turn] : spread(turn, known))));
  }
  const placed = turns.map((turn): Placed => {
    const filled = fill(template, turn.parameters);
    const name = text(filled, 'metadata', 'name');
    const inner = isObject(filled) && isObject(filled.spec) ? filled.spec : {};
    return { subject: `${subject} (${name})`, name, spec: inner, clusters: turn.clusters };
  });
  const left = placed.find(({ spec: inner, name }) => /\{\{/.test(JSON.stringify([inner, name], plainNumber)));
  if (left !== undefined) return refuse(`its template calculates (${left.name}): write the Apps that it makes`);
  return merged(placed, known, nativeName(set.metadata.name));
}

const plainNumber = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

function turnsOf(generator: JsonObject, { isOurs, paths }: Surroundings, isGo: boolean): readonly Turn[] | string {
  if (isObject(generator.list))
    return objects(generator.list.elements).map((parameters) => ({ parameters, clusters: undefined }));
  if (isObject(generator.clusters)) {
    const selector = isObject(generator.clusters.selector) ? generator.clusters.selector : {};
    const values = isObject(generator.clusters.values) ? generator.clusters.values : {};
    const parameters = { name: anyName, nameNormalized: anyName, server: '${server}', values };
    const clusterSelector = withoutTypeLabel(selector);
    if (selectorIn(clusterSelector) === undefined) return 'selects clusters by an operator that labels do not have';
    return [{ parameters, clusters: isEmpty(clusterSelector) ? { clusterSelector: {} } : { clusterSelector } }];
  }
  const git = generator.git;
  if (isObject(git) && isArray(git.directories)) {
    if (!isOurs(text(git, 'repoURL'))) return `lists folders of ${text(git, 'repoURL')}: import it in a clone of that`;
    return foldersOf(objects(git.directories), paths).map((path) => ({
      parameters: pathParameters(path, isGo),
      clusters: undefined,
    }));
  }
  const kind = Object.keys(generator).find((key) => key !== 'selector') ?? 'none';
  return `has a generator of kind ${kind}, which has no counterpart: write the Apps that it makes`;
}

const isEmpty = (object: JsonObject): boolean => Object.keys(object).length === 0;

/** Every Argo CD cluster has it; a Cluster of the fleet has not. */
function withoutTypeLabel(selector: JsonObject): JsonObject {
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {};
  const kept = withFields(labels, { 'argocd.argoproj.io/secret-type': undefined });
  return withFields(selector, { matchLabels: isEmpty(kept) ? undefined : kept });
}

/** Does all but the cluster and values files stay the same whatever the cluster? Then it is one App. */
function isSame(template: JsonObject, { parameters, clusters }: Turn): boolean {
  if (clusters === undefined) return true;
  const spec = isObject(template.spec) ? template.spec : {};
  const source = isObject(spec.source) ? withFields(spec.source, { helm: undefined }) : spec.sources;
  const rest = withFields(spec, {
    source: source ?? null,
    destination: { namespace: text(spec, 'destination', 'namespace') },
  });
  const filled = JSON.stringify(fill(rest, parameters), plainNumber);
  return !/\$\{|\{\{/.test(filled) && !/\{\{/.test(JSON.stringify(fill(spec, parameters), plainNumber));
}

/** Else it is written out for each cluster that is known. */
function spread({ parameters, clusters }: Turn, known: readonly ArgoCluster[]): readonly Turn[] {
  const selector = isObject(clusters?.clusterSelector) ? clusters.clusterSelector : {};
  const wanted = selectorIn(selector) ?? [];
  return known
    .filter(({ labels, isUnlisted }) => selects(wanted, labels) && (wanted.length === 0 || isUnlisted !== true))
    .map(({ name, server, labels: own }) => ({
      parameters: { ...parameters, name, nameNormalized: name, server, metadata: { labels: own } },
      clusters: { clusterNames: [name] },
    }));
}

/** `apps/*` and the like; `exclude` wins. */
function foldersOf(rules: readonly JsonObject[], paths: ReadonlySet<string>): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) folders.add(parts.slice(0, depth).join('/'));
  }
  const isIn = (folder: string, isExcluding: boolean): boolean =>
    rules.some((rule) => (rule.exclude === true) === isExcluding && isLike(text(rule, 'path'), folder));
  return [...folders].filter((folder) => isIn(folder, false) && !isIn(folder, true)).toSorted();
}

/** A star stands for one part of the path, or for some of its letters. */
function isLike(pattern: string, folder: string): boolean {
  const [wanted, parts] = [pattern.replace(/\/$/, '').split('/'), folder.split('/')];
  return wanted.length === parts.length && wanted.every((part, index) => isPartLike(part, parts[index] ?? ''));
}

function isPartLike(pattern: string, part: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === part;
  const tail = rest.at(-1) ?? '';
  if (part.length < head.length + tail.length || !part.startsWith(head) || !part.endsWith(tail)) return false;
  let at = head.length;
  for (const piece of rest.slice(0, -1)) {
    const found = part.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= part.length - tail.length;
}

function pathParameters(path: string, isGo: boolean): JsonObject {
  const parts = path.split('/');
  const basename = parts.at(-1) ?? '';
  const more = { basename, basenameNormalized: nativeName(basename) };
  if (isGo) return { path: { path, segments: parts, ...more } };
  const indexed = Object.fromEntries(parts.map((part, index) => [`path[${index}]`, part]));
  return { path, 'path.basename': basename, 'path.basenameNormalized': more.basenameNormalized, ...indexed };
}

/** `{{name}}`, `{{.name}}` and `{{ .path.basename }}`; what calculates stays as it is. */
function fill(value: Json, parameters: JsonObject): Json {
  if (typeof value === 'string')
    return value.replaceAll(/\{\{\s*\.?([A-Za-z][\w.[\]/-]*)\s*\}\}/g, (whole, path: string) => {
      const found = Object.hasOwn(parameters, path) ? parameters[path] : deep(parameters, path.split('.'));
      return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
        ? String(found)
        : whole;
    });
  if (isArray(value)) return value.map((item) => fill(item, parameters));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, fill(inner, parameters)]));
}

function deep(value: Json, path: readonly string[]): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  return isObject(value) && Object.hasOwn(value, head) ? deep(value[head] ?? null, rest) : undefined;
}

/** Those that say the same, each for a cluster of its own, are one App for all of these. */
function merged(placed: readonly Placed[], known: readonly ArgoCluster[], setName: string): readonly Placed[] {
  const clusterOf = ({ spec }: Placed): string | undefined => {
    const [server, name] = [text(spec, 'destination', 'server'), text(spec, 'destination', 'name')];
    return known.find((each) => (name === '' ? each.server === server : each.name === nativeName(name)))?.name;
  };
  const bare = ({ spec, clusters }: Placed): string =>
    digestOf({
      spec: withFields(spec, { destination: { namespace: text(spec, 'destination', 'namespace') } }),
      byHand: clusters ?? null,
    });
  return [...Map.groupBy(placed, bare).values()].flatMap((group): readonly Placed[] => {
    const [first] = group;
    if (first === undefined) return [];
    if (first.clusters !== undefined)
      return group.map((each) => ({
        ...each,
        name: each.name.includes(anyName) ? withoutName(each.name, setName) : each.name,
      }));
    const names = group.map(clusterOf);
    if (group.length === 1 || names.some((name) => name === undefined) || new Set(names).size < names.length)
      return group;
    return [
      {
        ...first,
        subject: first.subject,
        name: setName,
        clusters: { clusterNames: names.flatMap((name) => name ?? []) },
      },
    ];
  });
}

/** `web-${name}` is the App `web` on every cluster. */
const withoutName = (name: string, setName: string): string =>
  name
    .replace(anyName, '')
    .replaceAll(/--+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '') || setName;
