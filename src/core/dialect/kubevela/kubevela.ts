/** The dialect of KubeVela: Applications, their Policies and Workflows, and the clusters that were joined. */
import { isArray, isObject, textOf } from '../../json/value.ts';
import { nothingDeclared } from '../../model/declarations.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import type { Intent } from '../../model/intent.ts';
import type { Document } from '../../model/source.ts';
import type { Declared, Dialect, DialectInput } from '../dialect.ts';
import type { Files } from '../files.ts';
import { isNamed } from '../identity.ts';
import { readNative } from '../native/read.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { chartPaths, kustomizePaths, type ToolPaths, valuesPaths } from '../tool-source.ts';
import { readApplication } from './application.ts';
import { readBeside } from './beside.ts';
import { isClusterSecret, readCluster } from './cluster.ts';
import { definitionsIn } from './custom.ts';
import { objectsInGit } from './in-git.ts';
import { Application } from './schema/application.ts';

const group = 'core.oam.dev';
const kinds: readonly string[] = ['Application', 'Policy', 'Workflow'];
/** Kinds of objects that components refer to. */
const referred = ['ConfigMap', 'Secret', 'HelmRepository', 'GitRepository', 'OCIRepository', 'Bucket'];

export const kubevela: Dialect = { name: 'kubevela', claims, read };

function claims(ofGroup: string, kind: string, document: Document): boolean {
  if (ofGroup === group) return kinds.includes(kind);
  return ofGroup === '' && kind === 'Secret' && isClusterSecret(document);
}

function read({ files, url, claimed }: DialectInput): Findings<Declared> {
  const { value: beside, diagnostics: besideProblems } = readBeside(claimed);
  const diagnostics: Diagnostic[] = [...besideProblems];
  const origins = { files, url, definitions: definitionsIn(files), inGit: objectsInGit(files, referred) };
  const deployedElsewhere = namedByDeployments(files);
  let isComplete = true;
  const applications = claimed.filter(({ document }) => kindOfDocument(document).kind === 'Application');
  const reads = applications.flatMap((placed) => {
    if (!isNamed(placed)) {
      // It may be any of those that are missing now, so it is none, and nothing is taken for removed.
      isComplete = false;
      diagnostics.push(...readNative(Application, placed).diagnostics);
      return [];
    }
    if (deployedElsewhere.has(idOf(placed)) && !hasTopology(placed)) return [];
    const found = readApplication(placed, beside, origins);
    diagnostics.push(...found.diagnostics);
    return [found.value];
  });
  const clusters = claimed
    .filter(({ document }) => kindOfDocument(document).kind === 'Secret')
    .flatMap((placed) => {
      const found = readCluster(placed);
      diagnostics.push(...found.diagnostics);
      if (found.value === undefined) isComplete = false;
      return found.value === undefined ? [] : [found.value];
    });
  const paths = reads.flatMap(({ intent }) => toolPathsOf(intent, files));
  return {
    value: {
      ...nothingDeclared,
      intents: reads.map(({ intent }) => intent),
      // Two Applications of one name are told once, as that.
      placements: [
        ...new Map(reads.map(({ placement }) => [placement.id, placement] as const).toReversed()).values(),
      ].toReversed(),
      clusters,
      componentPaths: paths.flatMap(({ claimed: theirs }) => theirs),
      toolPaths: paths.flatMap(({ toolOnly }) => toolOnly),
      isComplete: isComplete && !besideProblems.some(isError),
    },
    diagnostics,
  };
}

/** Files of this repository that a tool makes components from. */
function toolPathsOf({ parts }: Intent, files: Files): readonly ToolPaths[] {
  return parts.flatMap(({ source, origin }): readonly ToolPaths[] => {
    if (source.kind !== 'tool') return [];
    const { tool } = source;
    if (tool.kind === 'kustomize')
      return tool.overlay?.over === 'remotes' ? [] : [kustomizePaths(tool.folder, origin, files)];
    const chart = tool.chart.kind === 'folder' ? [chartPaths(tool.chart.folder)] : [];
    return [...chart, ...tool.valuesFiles.map(({ path }) => valuesPaths(path, files))];
  });
}

function idOf({ document }: Placed): string {
  const { name, namespace } = kindOfDocument(document);
  return `${namespace === '' ? 'default' : namespace}/${name}`;
}

function hasTopology({ document }: Placed): boolean {
  const { spec } = document.value;
  const policies = isObject(spec) ? spec.policies : undefined;
  return isArray(policies) && policies.some((policy) => isObject(policy) && policy.type === 'topology');
}

/** Applications whose revisions an AppDeployment places: where they run is written there. */
function namedByDeployments(files: Files): ReadonlySet<string> {
  const all = files.all.flatMap((file) => files.documentsOf(file));
  return new Set(
    all.flatMap(({ document }) => {
      const { group: ofGroup, kind, namespace } = kindOfDocument(document);
      if (ofGroup !== group || kind !== 'AppDeployment') return [];
      const { spec } = document.value;
      const revisions = isObject(spec) ? spec.appRevisions : undefined;
      return (isArray(revisions) ? revisions : []).flatMap((revision) => {
        // A revision is <application>-v<number>.
        const name = isObject(revision) ? textOf(revision.revisionName)?.replace(/-v[0-9]+$/, '') : undefined;
        return name === undefined ? [] : [`${namespace === '' ? 'default' : namespace}/${name}`];
      });
    }),
  );
}
