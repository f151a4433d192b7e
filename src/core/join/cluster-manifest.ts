/** The Cluster that a join writes, or what it makes of the one that is there. */
import { at, isObject, type Json, type JsonObject, textOf, withFields } from '../json/value.ts';

export type JoinedCluster = {
  readonly name: string;
  readonly clusterID: string;
  /** `spec.access` of the manifest. */
  readonly access: JsonObject;
  /** Added to those that are there. */
  readonly labels: Readonly<Record<string, string>>;
};

export const clusterKind = { apiVersion: 'landfall.dev/v1alpha1', kind: 'Cluster' };

export function newCluster({ name, clusterID, access, labels }: JoinedCluster): JsonObject {
  const metadata = Object.keys(labels).length === 0 ? { name } : { name, labels };
  return { ...clusterKind, metadata, spec: { clusterID, access } };
}

/** Everything else that it says stays: lifecycle, variables, a suspension. */
export function joinedAgain(cluster: JsonObject, { clusterID, access, labels }: JoinedCluster): JsonObject {
  const metadata = objectIn(cluster.metadata);
  const all = { ...objectIn(metadata.labels), ...labels };
  return withFields(cluster, {
    metadata: withFields(metadata, { labels: Object.keys(all).length === 0 ? undefined : all }),
    spec: withFields(objectIn(cluster.spec), { clusterID, access }),
  });
}

export const isCluster = (value: JsonObject): boolean =>
  value.apiVersion === clusterKind.apiVersion && value.kind === clusterKind.kind;

export const nameOf = (cluster: JsonObject): string => textOf(at(cluster, 'metadata', 'name')) ?? '';
export const clusterIDOf = (cluster: JsonObject): string | undefined => textOf(at(cluster, 'spec', 'clusterID'));
export const lifecycleOf = (cluster: JsonObject): string => textOf(at(cluster, 'spec', 'lifecycle')) ?? 'Active';

/** Only a cluster that is being left may lose its credential: a lost credential keeps what runs there for ever. */
export const mayLeave = (cluster: JsonObject): boolean => ['Draining', 'Retired'].includes(lifecycleOf(cluster));

const objectIn = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
