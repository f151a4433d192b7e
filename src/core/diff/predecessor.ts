/** The field managers of the tools that people come from. */

import type { Pointer } from '../json/pointer.ts';
import { at } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';

export type Predecessor = {
  /** Its exact name. */
  readonly manager: string;
  readonly operation: 'Apply' | 'Update' | '*';
  /**
   * `all`: everything it owns becomes ours, so what is not in Git disappears. `shared`: it only loses what we own
   * too, so that a field disappears when it leaves Git later; nothing disappears now.
   */
  readonly take: 'all' | 'shared';
  /** What the tool itself never took away once it was there: `shared`, whatever `take` says. */
  readonly spares?: Pointer;
};

/**
 * The managers of each tool, by the word that a person would write in a setting.
 *
 * `before-first-apply` stands for all that an object without managedFields held, allocated addresses and volume names
 * included, so only `shared` is safe. Edits by hand (`kubectl-edit`, `kubectl-rollout`) are nobody's Git: not listed.
 * Source: managedFields as these tools write them; their user agents where they set no manager.
 */
export const predecessors: Readonly<Record<string, readonly Predecessor[]>> = {
  kubectl: [
    { manager: 'kubectl-client-side-apply', operation: 'Update', take: 'all' },
    { manager: 'kubectl', operation: 'Apply', take: 'all' },
    { manager: 'kubectl-create', operation: 'Update', take: 'all' },
    { manager: 'kubectl-replace', operation: 'Update', take: 'all' },
    { manager: 'before-first-apply', operation: 'Update', take: 'shared' },
  ],
  argocd: [
    { manager: 'argocd-controller', operation: '*', take: 'all' },
    { manager: 'argocd-application-controller', operation: 'Update', take: 'all' },
  ],
  flux: [
    { manager: 'kustomize-controller', operation: '*', take: 'all' },
    { manager: 'helm-controller', operation: '*', take: 'all' },
  ],
  helm: [
    { manager: 'helm', operation: '*', take: 'all' },
    { manager: 'Go-http-client', operation: 'Update', take: 'shared' },
  ],
  kubefed: [
    { manager: 'controller-manager', operation: 'Update', take: 'all', spares: ['metadata', 'annotations'] },
    { manager: 'hyperfed', operation: 'Update', take: 'all', spares: ['metadata', 'annotations'] },
    { manager: 'before-first-apply', operation: 'Update', take: 'shared' },
  ],
  // As most operators of their time, this and KubeVela before 1.2 wrote under the name of their program.
  kubeservice: [
    { manager: 'manager', operation: 'Update', take: 'all' },
    { manager: 'before-first-apply', operation: 'Update', take: 'shared' },
  ],
  kubevela: [
    { manager: 'kubevela', operation: '*', take: 'all' },
    { manager: 'manager', operation: 'Update', take: 'all' },
  ],
};

/** Labels by which people tell a tool to leave an object alone; whoever takes over from it heeds them. */
export const optOuts: readonly { readonly tool: string; readonly label: string; readonly value: string }[] = [
  { tool: 'kubefed', label: 'kubefed.io/managed', value: 'false' },
  { tool: 'kubefed', label: 'kubefed.k8s.io/managed', value: 'false' },
  { tool: 'kubefed', label: 'federation.k8s.io/managed', value: 'false' },
];

/**
 * Who takes our marks off again by writing the same object as ever: it leaves no name, as nothing that it owns changes,
 * but the label that it keeps on all that it writes tells.
 */
export function suspectOf({ metadata }: KubeObject): string | undefined {
  const isKubeFed = managedByKubeFed.some((label) => at(metadata, 'labels', label) === 'true');
  return isKubeFed ? 'KubeFed, which is to be stopped before Landfall takes over' : undefined;
}

const managedByKubeFed = ['kubefed.io/managed', 'kubefed.k8s.io/managed', 'federation.k8s.io/managed'];
