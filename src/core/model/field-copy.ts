/** What is carried over from one folder of a repository to another: fields and files by name, once they are shown to be good. */
import type { Pointer } from '../json/pointer.ts';
import type { CommitSha } from './id.ts';
import type { Origin } from './source.ts';

export type FieldCopy = {
  readonly origin: Origin;
  readonly from: {
    /** `<namespace>/<name>` of the Placement whose stages have to show it to be good. */
    readonly placement: string;
    /** Undefined: all of them. */
    readonly stage: string | undefined;
    /** From the root of what is read of the repository; a folder, or a file. */
    readonly path: string;
  };
  /** The folder or file that is made equal to it in the fields and files below, and in nothing else. */
  readonly to: string;
  readonly fields: readonly CopiedField[];
  readonly files: readonly CopiedFiles[];
  /** Files go that are named and that the other folder does not have. */
  readonly isPruning: boolean;
  /** Commits whose fields and files go nowhere new. */
  readonly quarantined: readonly CommitSha[];
  /** Where `quarantined` is, in the document that it was read from. */
  readonly quarantine: Pointer;
};

export type CopiedField = {
  readonly origin: Origin;
  /** Below both paths; empty where they are files themselves. */
  readonly file: string;
  /** Which document of the file; undefined where it has one only. */
  readonly document: { readonly kind: string | undefined; readonly name: string | undefined } | undefined;
  readonly what:
    | { readonly kind: 'value'; readonly path: Pointer }
    /** Of the `images` of a kustomization: what its entry changes. */
    | { readonly kind: 'image'; readonly name: string };
};

/** `*` is anything but a slash, `**` with slashes, `?` one character. */
export type CopiedFiles = { readonly origin: Origin; readonly pattern: string };
