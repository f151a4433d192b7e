/** One object on its way from a manifest to a cluster. */
import type { DeleteOptions } from '../model/delete-options.ts';
import type { KubeObject } from '../model/object.ts';
import type { Origin } from '../model/source.ts';

export type Piece = {
  readonly object: KubeObject;
  /** Name of its component. */
  readonly part: string;
  readonly origin: Origin;
  readonly isSecret?: true;
  readonly deletion?: DeleteOptions;
};
