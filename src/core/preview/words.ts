/** The words of plans, the same wherever they are read. */
import type { VanishReason } from '../model/cell.ts';
import type { CommitSha } from '../model/id.ts';
import type { HeldDeletes, PlannedAction, PlannedObject, Verb } from './planned.ts';

/** In the order in which they are counted. */
export const verbs: readonly Verb[] = ['create', 'update', 'delete', 'release', 'keep', 'refuse'];

/** `3 to change`. */
export const verbWords: Readonly<Record<Verb, string>> = {
  create: 'create',
  update: 'change',
  delete: 'delete',
  release: 'let go',
  keep: 'keep',
  refuse: 'refuse',
};

export const verbMarks: Readonly<Record<Verb, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  release: '>',
  keep: '=',
  refuse: '!',
};

export const moveReasons: Readonly<Record<VanishReason, string>> = {
  appRemoved: 'the App is gone',
  placementRemoved: 'its Placement is gone',
  unlisted: 'no longer listed',
  unselected: 'no longer selected',
  respread: 'the spread chose another',
  drained: 'the cluster is being emptied',
};

export const objectName = ({ kind, namespace, name }: PlannedObject): string =>
  `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;

/** What the whole cell waits for is told once; undefined when an action has no other reason. */
export function ownReason({ reason }: PlannedAction, wait: string | undefined): string | undefined {
  if (reason === undefined || wait === undefined || !reason.startsWith(wait)) return reason;
  const rest = reason.slice(wait.length).replace(/^; /, '');
  return rest === '' ? undefined : rest;
}

/** The manifest that lets deletions go, in lines of YAML. */
export const acknowledgementOf = ({ deletes }: Pick<HeldDeletes, 'deletes'>, commit: CommitSha): readonly string[] => [
  'apiVersion: landfall.dev/v1alpha1',
  'kind: Acknowledgement',
  `metadata: {name: deletions-${deletes.slice('sha256:'.length, 'sha256:'.length + 8)}}`,
  `spec: {commit: ${commit}, deletes: "${deletes}"}`,
];
