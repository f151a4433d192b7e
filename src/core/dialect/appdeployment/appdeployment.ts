/** The dialect of KubeVela's AppDeployment: revisions of Applications on clusters, and traffic between them. */
import { nothingDeclared } from '../../model/declarations.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Document } from '../../model/source.ts';
import type { Declared, Dialect, DialectInput } from '../dialect.ts';
import type { Files } from '../files.ts';
import { readNative } from '../native/read.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { unknownFields } from '../unknown-field.ts';
import { besideProblems, gatewayProblems, isRevisionOnly } from './beside.ts';
import { clustersIn, fleetClusters, readCluster } from './cluster.ts';
import { readDeployment } from './deployment.ts';
import { group } from './labels.ts';
import { renderComponents } from './rendered.ts';
import { Application, Cluster } from './schema.ts';
import { applicationId, isApplication, versionsIn } from './versions.ts';

const own: ReadonlySet<string> = new Set(['AppDeployment', 'ApplicationRevision', 'Cluster']);

/** An Application that runs by itself as well is somebody else's; its revisions count here all the same. */
const claims = (its: string, kind: string, document: Document): boolean =>
  its === group && (own.has(kind) || (kind === 'Application' && isRevisionOnly(document)));

export const appdeployment: Dialect = {
  name: 'appdeployment',
  claims,
  remembers: (its, kind) => its === group && kind === 'Application',
  asksForPast: (claimed) => claimed.some(isKind('AppDeployment')),
  read,
};

const isKind =
  (kind: string) =>
  ({ document }: Placed): boolean =>
    kindOfDocument(document).kind === kind;

function read({ files, claimed, past }: DialectInput): Findings<Declared> {
  const clusters = claimed.filter(isKind('Cluster')).map((placed) => ({ placed, ...readCluster(placed) }));
  const declared = clusters.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const applications = everyApplication(files);
  const revisions = {
    written: new Map(claimed.filter(isKind('ApplicationRevision')).map((placed) => [applicationId(placed), placed])),
    versions: versionsIn([...past.moments, applications], past.isWhole),
    hub: undefined,
  };
  const deployments = claimed.filter(isKind('AppDeployment'));
  const found = deployments.map((placed) =>
    readDeployment(placed, { revisions, clustersIn: (namespace) => clustersIn(declared, namespace) }),
  );
  const values = found.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return {
    value: {
      ...nothingDeclared,
      clusters: fleetClusters(declared, files),
      intents: values.map(({ intent }) => intent),
      placements: values.map(({ placement }) => placement),
      awaited: values.flatMap(({ awaited }) => awaited ?? []),
      componentPaths: [],
      isComplete: values.length === deployments.length && declared.length === clusters.length,
    },
    diagnostics: [
      ...clusters.flatMap(({ placed, diagnostics }) => [...unknownFields('A1600', Cluster, placed), ...diagnostics]),
      ...claimed.filter(isApplication).flatMap(applicationProblems),
      ...found.flatMap(({ diagnostics }) => diagnostics),
      ...deployments.flatMap((placed) => gatewayProblems(placed, files)),
      ...applications.flatMap((placed) => besideProblems(placed, deployments)),
    ],
  };
}

function everyApplication(files: Files): readonly Placed[] {
  return files.all.flatMap((file) => files.documentsOf(file)).filter(isApplication);
}

/** Of a revision that nobody has placed yet: the author should not have to wait for that to be told. */
function applicationProblems(placed: Placed): readonly Diagnostic[] {
  const { value, diagnostics } = readNative(Application, placed);
  if (value === undefined) return diagnostics;
  const { name, namespace } = value.metadata;
  const context = { app: name, revision: `${name}-v1`, namespace, placed, path: ['spec'] };
  return renderComponents(value.spec.components, context).diagnostics;
}
