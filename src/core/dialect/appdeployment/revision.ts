/** Where the revisions that an AppDeployment names come from: manifests of their own, or the history of an Application. */
import { at } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Origin } from '../../model/source.ts';
import { readNative } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { partsOfRevision } from './labels.ts';
import { rawComponents } from './raw.ts';
import { type Rendered, renderComponents } from './rendered.ts';
import { Application, ShortRevision } from './schema.ts';
import type { Entry } from './selector.ts';
import type { Versions } from './versions.ts';

export type Revisions = {
  /** Manifests of kind ApplicationRevision, by `<namespace>/<name>`. */
  readonly written: ReadonlyMap<string, Placed>;
  readonly versions: ReadonlyMap<string, Versions>;
};

/** One of `spec.appRevisions`, found. */
export type PlacedRevision = {
  readonly name: string;
  /** Undefined when it cannot be known. */
  readonly components: readonly Rendered[] | undefined;
  readonly entries: readonly Entry[];
  readonly origin: Origin;
};

/** Shape: the components of the revision; undefined with at least one error. A manifest comes before history. */
export function revisionOf(
  name: string,
  namespace: string,
  origin: Origin,
  { written, versions }: Revisions,
): Findings<readonly Rendered[] | undefined> {
  const manifest = written.get(`${namespace}/${name}`);
  if (manifest !== undefined) return fromManifest(manifest, name, namespace);
  const parts = partsOfRevision(name);
  const history = parts === undefined ? undefined : versions.get(`${namespace}/${parts.app}`);
  if (history?.kind === 'cut') return { value: undefined, diagnostics: [cut(name, namespace, origin)] };
  const version = parts === undefined ? undefined : history?.versions[parts.number - 1];
  if (version === undefined || parts === undefined) {
    const known = [...new Set(knownNames(namespace, { written, versions }))];
    return { value: undefined, diagnostics: [missing(name, namespace, origin, known)] };
  }
  return fromVersion(version.placed, parts.app, name, namespace);
}

function fromManifest(placed: Placed, name: string, namespace: string): Findings<readonly Rendered[] | undefined> {
  const isRaw = at(placed.document.value, 'spec', 'applicationConfiguration') !== undefined;
  if (isRaw) return rawComponents(placed);
  const { value, diagnostics } = readNative(ShortRevision, placed);
  if (value === undefined) return { value, diagnostics };
  const app = partsOfRevision(name)?.app ?? name;
  const path = ['spec', 'application', 'spec'];
  return renderComponents(value.spec.application.spec.components, { app, revision: name, namespace, placed, path });
}

function fromVersion(
  placed: Placed,
  app: string,
  revision: string,
  namespace: string,
): Findings<readonly Rendered[] | undefined> {
  const { value, diagnostics } = readNative(Application, placed);
  if (value === undefined) return { value, diagnostics };
  return renderComponents(value.spec.components, { app, revision, namespace, placed, path: ['spec'] });
}

function* knownNames(namespace: string, { written, versions }: Revisions): Generator<string> {
  for (const placed of written.values()) {
    const { name, namespace: its } = kindOfDocument(placed.document);
    if ((its === '' ? 'default' : its) === namespace) yield name;
  }
  for (const [id, known] of versions) {
    if (!id.startsWith(`${namespace}/`) || known.kind === 'cut') continue;
    for (const index of known.versions.keys()) yield `${id.slice(namespace.length + 1)}-v${index + 1}`;
  }
}

function missing(name: string, namespace: string, origin: Origin, known: readonly string[]): Diagnostic {
  const guess = nearest(name, known);
  const hint =
    known.length === 0
      ? `commit the Application with its first spec, or the revision as an ApplicationRevision: ${asRecorded(name, namespace)}`
      : `${guess === undefined ? '' : `did you mean \`${guess}\`? `}Those of this namespace are ${known.join(', ')}; ${asRecorded(name, namespace)}`;
  const message = `there is no revision ${excerpt(name)} in namespace ${namespace}`;
  return { code: 'A1621', severity: 'error', origin, message, hint };
}

/** Where the old controller has written a revision down. */
const asRecorded = (name: string, namespace: string): string =>
  `\`kubectl get applicationrevision ${name} -n ${namespace} -o yaml\` on the host prints one that the old controller made`;

function cut(name: string, namespace: string, origin: Origin): Diagnostic {
  const message = `which revision ${excerpt(name)} is cannot be said: the history that is here begins after the Application`;
  const hint = `fetch the whole history, or commit the revision: ${asRecorded(name, namespace)}`;
  return { code: 'A1622', severity: 'error', origin, message, hint };
}
