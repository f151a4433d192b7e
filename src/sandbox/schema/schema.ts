/** One kind at one version: how it is served, and what its objects may hold. */
import type { KubeObject } from '../../core/model/object.ts';
import type { Structural } from './structural.ts';
import type { Type } from './type.ts';

/** One row of discovery. */
export type Resource = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in paths. */
  readonly resource: string;
  readonly singular: string;
  readonly isNamespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** Empty for kinds that are never stored. */
  readonly storageVersionHash: string;
  readonly subresources: readonly Subresource[];
};

export type Subresource = {
  readonly name: string;
  /** Group, version and kind of what it takes and answers, `autoscaling/v1 Scale` for instance. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
};

export type Schema = {
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: Resource;
  readonly type: Type;
  /** Of a custom kind: what its CustomResourceDefinition says; built-in kinds have none. */
  readonly custom: CustomSchema | undefined;
  readonly family: Family;
};

export type CustomSchema = {
  readonly structural: Structural;
  readonly columns: readonly CustomColumn[];
  readonly scale: ScalePaths | undefined;
  readonly hasStatus: boolean;
};

export type CustomColumn = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  /** A simple JSON path, `.spec.replicas`. */
  readonly jsonPath: string;
};

/** Where a custom kind keeps what its scale subresource shows, as simple JSON paths. */
export type ScalePaths = { readonly specReplicas: string; readonly statusReplicas: string; readonly selector: string };

/** One kind at all its versions. */
export type Family = {
  /** Served versions. */
  readonly schemas: readonly Schema[];
  /** The apiVersion objects are held at. */
  readonly storage: string;
  readonly at: (apiVersion: string) => Schema | undefined;
  /** The object at another of the family's versions, as clients read it there; itself when it is there already. */
  readonly convert: (object: KubeObject, apiVersion: string) => KubeObject;
  /** The same without pruning and defaults: what ownership is compared on. */
  readonly recast: (object: KubeObject, apiVersion: string) => KubeObject;
};
