/** Where the revisions that an AppDeployment names come from: manifests of their own, the history of an Application, or the hub. */
import { at } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { CopyRef } from '../../model/intent.ts';
import type { KubeObject } from '../../model/object.ts';
import type { Origin } from '../../model/source.ts';
import { readNative } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { asRecorded, type Hub, placedAt, revisionOnHub } from './hub.ts';
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
  /** Undefined before it can have been asked. */
  readonly hub: Hub | undefined;
};

export type Lookup = {
  /** Undefined when it cannot be known. */
  readonly components: readonly Rendered[] | undefined;
  /** What has to be read, as it is nowhere in Git. */
  readonly asked?: CopyRef;
  /** Why it cannot be known yet. */
  readonly waits?: string;
};

/** One of `spec.appRevisions`, found. */
export type PlacedRevision = Lookup & {
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly origin: Origin;
};

/** Shape: nothing known with at least one error, unless it is asked or waits. A manifest comes before history, the hub last. */
export function revisionOf(name: string, namespace: string, origin: Origin, revisions: Revisions): Findings<Lookup> {
  const { written, versions, hub } = revisions;
  const manifest = written.get(`${namespace}/${name}`);
  if (manifest !== undefined) return found(fromManifest(manifest, name, namespace));
  const parts = partsOfRevision(name);
  const history = parts === undefined ? undefined : versions.get(`${namespace}/${parts.app}`);
  if (history?.kind === 'cut') return unknown(cut(name, namespace, origin));
  const version = parts === undefined ? undefined : history?.versions[parts.number - 1];
  if (version !== undefined && parts !== undefined)
    return found(fromVersion(version.placed, parts.app, name, namespace));
  const asked = revisionOnHub(name, namespace, origin);
  if (hub === undefined) return { value: { components: undefined, asked }, diagnostics: [] };
  const hint = hintFor(name, namespace, [...new Set(knownNames(namespace, revisions))]);
  const result = hub(asked);
  if (result?.kind === 'unreadable') {
    const waits = `revision ${excerpt(name)} cannot be read on the hub: ${result.reason}`;
    const message = `${waits}; what runs stays`;
    const problem: Diagnostic = { code: 'A1643', severity: 'warning', origin, message, hint };
    return { value: { components: undefined, waits }, diagnostics: [problem] };
  }
  const [object] = result?.kind === 'found' ? result.objects : [];
  if (object !== undefined) return fromHub(object, name, namespace, origin);
  const where = result === undefined ? '' : ', neither in Git nor on the hub';
  const message = `there is no revision ${excerpt(name)} in namespace ${namespace}${where}`;
  return unknown({ code: 'A1621', severity: 'error', origin, message, hint });
}

const found = ({ value, diagnostics }: Findings<readonly Rendered[] | undefined>): Findings<Lookup> => ({
  value: { components: value },
  diagnostics,
});

const unknown = (problem: Diagnostic): Findings<Lookup> => ({
  value: { components: undefined },
  diagnostics: [problem],
});

function fromHub(object: KubeObject, name: string, namespace: string, origin: Origin): Findings<Lookup> {
  const { value, diagnostics } = fromManifest(placedAt(object, origin), name, namespace);
  return {
    value: { components: value?.map((component) => ({ ...component, origin })) },
    diagnostics: diagnostics.map((each) => ({
      ...each,
      origin,
      message: `revision ${excerpt(name)} on the hub: ${each.message}`,
    })),
  };
}

function fromManifest(placed: Placed, name: string, namespace: string): Findings<readonly Rendered[] | undefined> {
  // The server keeps what the controller left empty as null.
  const isRaw = (at(placed.document.value, 'spec', 'applicationConfiguration') ?? null) !== null;
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

function* knownNames(namespace: string, { written, versions }: Omit<Revisions, 'hub'>): Generator<string> {
  for (const placed of written.values()) {
    const { name, namespace: its } = kindOfDocument(placed.document);
    if ((its === '' ? 'default' : its) === namespace) yield name;
  }
  for (const [id, known] of versions) {
    if (!id.startsWith(`${namespace}/`) || known.kind === 'cut') continue;
    for (const index of known.versions.keys()) yield `${id.slice(namespace.length + 1)}-v${index + 1}`;
  }
}

function hintFor(name: string, namespace: string, known: readonly string[]): string {
  if (known.length === 0) return `commit the Application with its first spec, or ${onHost(name, namespace)}`;
  const guess = nearest(name, known);
  const meant = guess === undefined ? '' : `did you mean \`${guess}\`? `;
  return `${meant}Those of this namespace are ${known.join(', ')}; else ${onHost(name, namespace)}`;
}

const onHost = (name: string, namespace: string): string =>
  `commit what the old controller wrote, on the host: ${asRecorded(name, namespace)}`;

function cut(name: string, namespace: string, origin: Origin): Diagnostic {
  const message = `which revision ${excerpt(name)} is cannot be said: the history that is here begins after the Application`;
  const hint = `fetch the whole history, or ${onHost(name, namespace)}`;
  return { code: 'A1622', severity: 'error', origin, message, hint };
}
