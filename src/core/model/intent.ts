/** What to run: the intermediate representation that every dialect becomes. Nothing later asks which one it was. */
import type { Amendment } from '../json/amend.ts';
import type { Edit } from '../json/edit.ts';
import type { PatchOperation } from '../json/patch-operation.ts';
import type { Pointer } from '../json/pointer.ts';
import type { JsonObject } from '../json/value.ts';
import type { AddressRecord } from './address-record.ts';
import type { DeleteOptions } from './delete-options.ts';
import type { ClusterMatch } from './fleet.ts';
import type { AppId, ClusterId, Digest, RepositoryId } from './id.ts';
import { unreachable } from './invariant.ts';
import type { KubeObject } from './object.ts';
import type { LabelSelector } from './selector.ts';
import type { Origin } from './source.ts';
import type { ToolSource } from './tool.ts';

/** An App, or what another dialect calls so, read at one revision of its repository. */
export type Intent = {
  readonly id: AppId;
  readonly repository: RepositoryId;
  readonly origin: Origin;
  readonly parts: readonly Part[];
  readonly variants: readonly Variant[];
  /** Defaults for substitution; a cluster's own variables win. */
  readonly variables: Readonly<Record<string, string>>;
  readonly dependsOn: readonly Dependency[];
  readonly ignore: readonly IgnoreRule[];
  readonly movedFrom: readonly AppId[];
  /** Tools whose objects it may take over: names of `core/diff/predecessor.ts`, or `any`. */
  readonly adopt: readonly string[];
  /** No writes. */
  readonly isSuspended: boolean;
  /** Something of it could not be read: nothing of it is changed, nothing deleted. */
  readonly isBroken: boolean;
  /** Why it cannot be said yet what it holds: nothing of it is changed either. Absent: it can. */
  readonly waits?: string;
  /** Equal for equal content at any commit: what evidence and promotion are about. */
  readonly digest: Digest;
};

/** A component: objects that belong together. */
export type Part = {
  readonly name: string;
  readonly origin: Origin;
  /** For objects that name none, and for copies, which keep their own without it; may hold `${…}`. */
  readonly namespace: string | undefined;
  /** Parts of the same intent that must be healthy first; one that is not on a cluster is not waited for there. */
  readonly dependsOn: readonly string[];
  /** Where it is, of the clusters that the intent is on; undefined: on all of them. Parts of one name never meet. */
  readonly clusters: ClusterMatch | undefined;
  readonly source: PartSource;
};

export type PartSource =
  | { readonly kind: 'objects'; readonly objects: readonly DeclaredObject[] }
  | {
      readonly kind: 'copy';
      readonly copies: readonly CopyRef[];
      /** In order, once the objects are known. */
      readonly edits?: readonly CopyEdit[];
    }
  /** Made into objects before anything is rendered. */
  | {
      readonly kind: 'tool';
      readonly tool: ToolSource;
      /** In order, once the objects are made. */
      readonly edits?: readonly MadeEdit[];
    }
  /** Made into an object from what clusters say. */
  | { readonly kind: 'addresses'; readonly record: AddressRecord };

/** Where what a part is made of is written. */
export function originsIn(source: PartSource): readonly Origin[] {
  switch (source.kind) {
    case 'objects':
      return source.objects.map(({ origin }) => origin);
    case 'copy':
      return [...source.copies, ...(source.edits ?? [])].map(({ origin }) => origin);
    case 'tool':
      return [...valuesIn(source.tool), ...(source.edits ?? [])].map(({ origin }) => origin);
    case 'addresses':
      return [source.record.origin];
    default:
      return unreachable(source);
  }
}

const valuesIn = (tool: ToolSource): readonly { readonly origin: Origin }[] =>
  tool.kind === 'helm' ? [...tool.valuesFiles, ...(tool.held ?? [])] : [];

export type DeclaredObject = {
  readonly object: KubeObject;
  readonly origin: Origin;
  /** Values of a Secret may be in it, whatever its kind: none of its values is shown to anybody. */
  readonly isSecret?: true;
  /** Whatever variants make of it. Absent: as the object itself says. */
  readonly deletion?: DeleteOptions;
};

/** Existing objects of one cluster, to be copied to where the intent is placed. */
export type CopyRef = {
  readonly origin: Origin;
  /** `hub`, or a cluster's name. */
  readonly cluster: ClusterId;
  /** Plural, singular or short name, any case. */
  readonly resource: string;
  readonly group: string | undefined;
  readonly namespace: string | undefined;
  readonly which:
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'selector'; readonly selector: LabelSelector };
};

/**
 * Changes to copied objects: to the first of them, in the order of `copies`, or to all others. While it is not known which
 * one is the first, none is changed as the first.
 */
export type CopyEdit = {
  readonly origin: Origin;
  readonly to: 'first' | 'rest';
  readonly edits: readonly Edit[];
};

/** Changes to what a tool has made: to its first object, to each, or to those that a target means, of which there must be some. */
export type MadeEdit = {
  readonly origin: Origin;
  readonly to: 'first' | 'each' | Target;
  readonly edits: readonly Edit[];
  /** Of every container that runs it; before the edits. */
  readonly image?: ImageChange;
};

/** What differs on some clusters. Every variant that matches applies, in order; the last wins. */
export type Variant = {
  readonly origin: Origin;
  readonly clusters: ClusterMatch;
  readonly images: readonly ImageChange[];
  readonly patches: readonly Patch[];
};

export type ImageChange = {
  /** The image without tag and digest, as written. */
  readonly name: string;
  readonly newName: string | undefined;
  readonly newTag: string | undefined;
  readonly digest: string | undefined;
};

/** Which objects; every given part must match. */
export type Target = {
  readonly group: string | undefined;
  readonly version: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly selector: LabelSelector;
};

export type Patch = {
  readonly origin: Origin;
  readonly target: Target;
  readonly change:
    | { readonly kind: 'merge'; readonly patch: JsonObject }
    | { readonly kind: 'json'; readonly patch: readonly PatchOperation[] }
    /** As they stand: nothing in them is substituted, and they may move the object to another group. */
    | { readonly kind: 'amend'; readonly amendments: readonly Amendment[] };
};

/** Fields left to others: JSON pointers into matching objects. */
export type IgnoreRule = {
  readonly target: Target;
  readonly paths: readonly string[];
  /** Absent: on all. */
  readonly clusters?: ClusterMatch;
  /** From when on; `creation`: an object is made with what the manifest says of them. Absent: always. */
  readonly since?: 'creation';
};

/** What tells one object from another, or holds that, is never left to others. */
export const isReleasable = ([first, second]: Pointer): boolean =>
  first === 'metadata'
    ? second !== undefined && second !== 'name' && second !== 'namespace'
    : first !== undefined && first !== 'apiVersion' && first !== 'kind';

export type Dependency = {
  readonly app: AppId;
  readonly scope: 'SameCluster' | 'AllClusters';
  readonly origin: Origin;
};
