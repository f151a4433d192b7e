/** The native manifests that an import writes, and what it has to say about what it could not write. */
import { type JsonObject, withFields } from '../json/value.ts';

const apiVersion = 'landfall.dev/v1alpha1';

export type AppText = {
  readonly namespace: string;
  readonly name: string;
  readonly components: readonly JsonObject[];
  /** Whose objects it may take over; see `adopt` of an App. */
  readonly adopt: readonly string[];
  readonly more?: JsonObject;
};

export const appManifest = ({ namespace, name, components, adopt, more }: AppText): JsonObject => ({
  apiVersion,
  kind: 'App',
  metadata: { name, namespace },
  spec: { components, ...more, adopt },
});

export type PlacementText = {
  readonly namespace: string;
  readonly name: string;
  readonly apps: readonly string[];
  /** A `clusterNames` or a `clusterSelector`. */
  readonly clusters: JsonObject;
  readonly createNamespaces?: boolean;
  readonly suspend?: boolean;
};

/** Taking back the commit must take nothing away, so what runs stays until somebody decides otherwise. */
export const placementManifest = (placement: PlacementText): JsonObject => ({
  apiVersion,
  kind: 'Placement',
  metadata: { name: placement.name, namespace: placement.namespace },
  spec: withFields(
    { apps: placement.apps, stages: [{ name: 'all', ...placement.clusters }] },
    {
      createNamespaces: placement.createNamespaces === true ? true : undefined,
      suspend: placement.suspend === true ? true : undefined,
      onDelete: 'Orphan',
    },
  ),
});

export const clusterManifest = (name: string, spec: JsonObject, labels: JsonObject): JsonObject => ({
  apiVersion,
  kind: 'Cluster',
  metadata: Object.keys(labels).length === 0 ? { name } : { name, labels },
  spec,
});

/** Something that was found and is not in the manifests, or not all of it. */
export type Remark = {
  /** What it is about: `Application argocd/web`. */
  readonly subject: string;
  readonly reason: string;
};

/** Files by their path below the folder, each with its documents; and what could not be brought over. */
export type Imported = {
  readonly files: ReadonlyMap<string, readonly JsonObject[]>;
  readonly remarks: readonly Remark[];
  /** `namespace/name` of the Apps. */
  readonly apps: readonly string[];
};

/** As a native name: lower case letters, digits, `-` and `.`. */
export const nativeName = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '') || 'unnamed';

/** As a part of a path: no object's name can leave the folder. */
export const fileName = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
