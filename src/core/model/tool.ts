/** Objects that a program makes from files: what it is to be given on a cluster, and what came of it. */
import type { JsonObject } from '../json/value.ts';
import type { FileRef } from './file-ref.ts';
import type { ClusterId, Digest, RepositoryId } from './id.ts';
import type { KubeObject } from './object.ts';
import type { Origin } from './source.ts';

export const toolNames = ['helm', 'kustomize'] as const;
export type ToolName = (typeof toolNames)[number];

export type Chart =
  | { readonly kind: 'folder'; readonly folder: string; readonly files: readonly FileRef[] }
  /** From a chart repository (`https://…`) or a registry (`oci://…`), at one exact version. */
  | { readonly kind: 'remote'; readonly repository: string; readonly name: string; readonly version: string }
  /** A folder of another Git repository, at a tag or a commit. */
  | { readonly kind: 'git'; readonly url: string; readonly revision: string; readonly folder: string };

/** A file of values, whose path may hold `${…}`. */
export type ValuesFile = {
  readonly origin: Origin;
  readonly path: string;
  readonly isOptional: boolean;
  /** Every file of the commit that the path may come to mean. */
  readonly candidates: readonly FileRef[];
};

/** Values that a ConfigMap or a Secret holds. */
export type HeldValues = {
  readonly origin: Origin;
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** Which one value the text is, as `image.tag`; undefined: it is a YAML document of values. */
  readonly targetPath: string | undefined;
  readonly isOptional: boolean;
  readonly from: /** A manifest of the repository; undefined where that has no such key. */
    | { readonly kind: 'git'; readonly text: string | undefined }
    /** A cluster; undefined: the one that the component is on. */
    | { readonly kind: 'cluster'; readonly cluster: ClusterId | undefined };
};

/** `fields`: of the kustomization, without its `resources`. */
export type Overlay = { readonly over: 'folder' | 'remotes'; readonly fields: JsonObject };

/** What an App says of a tool, the same for all clusters. */
export type ToolSource =
  | {
      readonly kind: 'kustomize';
      readonly folder: string;
      /** The folder's, and those of every folder that it refers to. */
      readonly files: readonly FileRef[];
      /** Bases that are not in this repository, as written. */
      readonly remotes: readonly string[];
      /** A kustomization over the folder, or over the remotes where there is none here. */
      readonly overlay?: Overlay;
    }
  | {
      readonly kind: 'helm';
      readonly chart: Chart;
      readonly releaseName: string;
      /** In order, over the files; the last wins. */
      readonly held?: readonly HeldValues[];
      /** Wins over all others. Strings in it may hold `${…}`. */
      readonly values: JsonObject;
      /** In order; the last wins. */
      readonly valuesFiles: readonly ValuesFile[];
    };

/** What a chart may ask about the cluster that it is for. */
export type Capabilities = { readonly kubeVersion: string; readonly apiVersions: readonly string[] };

type Run = {
  /** Of all below, and of the tool's version: equal key, equal objects. */
  readonly key: Digest;
  readonly repository: RepositoryId;
};

/** One run of a tool; clusters that need the same share it. */
export type ToolRun =
  | (Run & Extract<ToolSource, { readonly kind: 'kustomize' }>)
  | (Run & {
      readonly kind: 'helm';
      readonly chart: Chart;
      readonly releaseName: string;
      readonly namespace: string;
      readonly values: JsonObject;
      readonly valuesFiles: readonly FileRef[];
      /** Documents of values, over the files and under `values`; absent: none. */
      readonly held?: readonly string[];
      readonly capabilities: Capabilities | undefined;
    });

export type ToolResult =
  | {
      readonly kind: 'made';
      readonly objects: readonly KubeObject[];
      readonly warnings: readonly string[];
      /** Values that are encrypted in Git may be anywhere in them. */
      readonly isDecrypted?: true;
    }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly hint: string | undefined;
      /** It is not about the files: the tool is not here, or the machine was too slow. Trying again may help. */
      readonly mayPass?: true;
    };

/** What compiling is told of tools. */
export type Tooling = {
  /** Those that are here. */
  readonly versions: ReadonlyMap<ToolName, string>;
  /** By the key of the run. */
  readonly results: ReadonlyMap<string, ToolResult>;
  /** Of clusters that could be asked. */
  readonly capabilities: ReadonlyMap<ClusterId, Capabilities>;
};

export const noTooling: Tooling = { versions: new Map(), results: new Map(), capabilities: new Map() };
