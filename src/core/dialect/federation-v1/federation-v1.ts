/** The dialect of Federation v1: ordinary objects, spread over clusters as their annotations say. */
import { isObject } from '../../json/value.ts';
import { nothingDeclared } from '../../model/declarations.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { AppId } from '../../model/id.ts';
import { groupOf } from '../../model/object.ts';
import type { Document } from '../../model/source.ts';
import type { Declared, Dialect, DialectInput } from '../dialect.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { readCluster } from './cluster.ts';
import { namespaceAppOf, readObject } from './object.ts';

export const federationV1: Dialect = {
  name: 'federation-v1',
  claims: (group, kind, document) => isCluster(group, kind) || (isFederated(group, kind) && isMarked(document)),
  // Where clusters of a federation are, everything beside them that a federation took is theirs.
  claimsBeside: (claimed) => {
    const hasClusters = claimed.some(({ document }) => isClusterDocument(document));
    return (group, kind) => hasClusters && isFederated(group, kind);
  },
  read,
};

const isCluster = (group: string, kind: string): boolean => group === 'federation' && kind === 'Cluster';

function isClusterDocument(document: Document): boolean {
  const { group, kind } = kindOfDocument(document);
  return isCluster(group, kind);
}

/** What a federation took, in every group that it was ever in. */
const groupsByKind: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: [''],
  DaemonSet: ['extensions', 'apps'],
  Deployment: ['extensions', 'apps'],
  HorizontalPodAutoscaler: ['autoscaling'],
  Ingress: ['extensions', 'networking.k8s.io'],
  Job: ['batch'],
  Namespace: [''],
  ReplicaSet: ['extensions', 'apps'],
  Secret: [''],
  Service: [''],
};

const isFederated = (group: string, kind: string): boolean =>
  Object.hasOwn(groupsByKind, kind) && groupsByKind[kind]?.includes(group) === true;

const markGroups: ReadonlySet<string> = new Set(['federation.kubernetes.io', 'federation.alpha.kubernetes.io']);

function isMarked({ value }: Document): boolean {
  const annotations = isObject(value.metadata) ? value.metadata.annotations : undefined;
  return isObject(annotations) && Object.keys(annotations).some((name) => markGroups.has(groupOf(name)));
}

function read({ claimed }: DialectInput): Findings<Declared> {
  const diagnostics: Diagnostic[] = [];
  const told = <T>({ value, diagnostics: problems }: Findings<T>): T => {
    diagnostics.push(...problems);
    return value;
  };
  const clusters = claimed
    .filter(({ document }) => isClusterDocument(document))
    .map((placed) => told(readCluster(placed)));
  const others = claimed.filter(({ document }) => !isClusterDocument(document));
  const spaces: ReadonlySet<AppId> = new Set(others.flatMap((placed) => namespaceAppOf(placed) ?? []));
  const found = others.map((placed: Placed) => told(readObject(placed, spaces)));
  const objects = found.filter((object) => object !== undefined);
  return {
    value: {
      ...nothingDeclared,
      clusters: clusters.filter((cluster) => cluster !== undefined),
      intents: objects.map(({ intent }) => intent),
      placements: objects.map(({ placement }) => placement),
      componentPaths: [],
      isComplete: clusters.every((cluster) => cluster !== undefined) && objects.length === found.length,
    },
    diagnostics,
  };
}
