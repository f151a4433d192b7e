/** What people and programs do to objects of ours, as kubectl does it, and what must become of it. */
import { at, isArray, type Json, textOf } from '../../../src/core/json/value.ts';
import { configMap } from '../../builder/manifest.ts';

export type Edit = {
  readonly name: string;
  readonly kind: 'configmap' | 'deployment';
  /** Arguments of kubectl for an object such as `configmap/map-1`. */
  readonly kubectl: (object: string) => readonly string[];
  /** What is fed to `-f -`. */
  readonly input?: (name: string) => string;
  readonly look: (object: Json | undefined) => Json | undefined;
  /** What must be seen then: ours again, or theirs still. */
  readonly ends: Json;
};

/** What every object is made with. */
export const ours = { value: '1', image: 'web:1', replicas: 2 } as const;

const value = (object: Json | undefined): Json | undefined => at(object, 'data', 'value');
const image = (object: Json | undefined): Json | undefined => {
  const containers = at(object, 'spec', 'template', 'spec', 'containers');
  return isArray(containers) ? at(containers[0], 'image') : undefined;
};
const metadata =
  (...fields: readonly string[]) =>
  (object: Json | undefined): Json | undefined =>
    at(object, 'metadata', ...fields);
/** Whose values these are, by server-side apply. */
const appliers = (object: Json | undefined): Json | undefined => {
  const entries = at(object, 'metadata', 'managedFields');
  return isArray(entries)
    ? entries
        .filter((entry) => at(entry, 'operation') === 'Apply')
        .map((entry) => textOf(at(entry, 'manager')) ?? '')
        .toSorted()
    : undefined;
};
const readyReplicas = (object: Json | undefined): Json | undefined => at(object, 'status', 'availableReplicas');
const isRestarted = (object: Json | undefined): Json =>
  at(object, 'spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt') !== undefined;

const patch =
  (body: string) =>
  (object: string): readonly string[] => ['patch', object, '--type=merge', '-p', body];
const applyAs = (manager: string) => (): readonly string[] => [
  ...['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-'],
];
const installation = 'landfall.dev/installation';

const map = { kind: 'configmap' } as const;
const workload = { kind: 'deployment' } as const;

export const healed: readonly Edit[] = [
  {
    name: 'kubectl scale',
    ...workload,
    kubectl: (object) => ['scale', object, '--replicas=5'],
    look: (object) => at(object, 'spec', 'replicas'),
    ends: ours.replicas,
  },
  {
    name: 'kubectl set image',
    ...workload,
    kubectl: (object) => ['set', 'image', object, 'main=other:9'],
    look: image,
    ends: ours.image,
  },
  {
    name: 'kubectl delete of a workload',
    ...workload,
    kubectl: (object) => ['delete', object],
    look: readyReplicas,
    ends: ours.replicas,
  },
  { name: 'an edited value', ...map, kubectl: patch('{"data":{"value":"x"}}'), look: value, ends: ours.value },
  { name: 'a removed value', ...map, kubectl: patch('{"data":{"value":null}}'), look: value, ends: ours.value },
  {
    name: 'our label taken off',
    ...map,
    kubectl: (object) => ['label', object, `${installation}-`],
    look: metadata('labels', installation),
    ends: 'default',
  },
  {
    name: 'our label changed',
    ...map,
    kubectl: (object) => ['label', '--overwrite', object, `${installation}=theirs`],
    look: metadata('labels', installation),
    ends: 'default',
  },
  { name: 'kubectl delete', ...map, kubectl: (object) => ['delete', object], look: value, ends: ours.value },
  {
    name: 'a foreign manager with force',
    ...map,
    kubectl: applyAs('other'),
    input: (name) => configMap(name, 'theirs'),
    look: value,
    ends: ours.value,
  },
  {
    name: 'kubectl replace',
    ...map,
    kubectl: () => ['replace', '-f', '-'],
    input: (name) => configMap(name, 'theirs'),
    look: value,
    ends: ours.value,
  },
  {
    name: 'managedFields removed, with a change',
    ...map,
    kubectl: patch('{"metadata":{"managedFields":[{}]},"data":{"value":"x"}}'),
    look: value,
    ends: ours.value,
  },
  {
    name: 'managedFields removed, without a change',
    ...map,
    kubectl: patch('{"metadata":{"managedFields":[{}]}}'),
    look: appliers,
    ends: ['landfall-default'],
  },
];

export const leftAlone: readonly Edit[] = [
  {
    name: 'a foreign label',
    ...map,
    kubectl: (object) => ['label', object, 'team=checkout'],
    look: metadata('labels', 'team'),
    ends: 'checkout',
  },
  {
    name: 'an annotation',
    ...workload,
    kubectl: (object) => ['annotate', object, 'note=x'],
    look: metadata('annotations', 'note'),
    ends: 'x',
  },
  {
    name: 'a value that Git does not have',
    ...map,
    kubectl: patch('{"data":{"more":"theirs"}}'),
    look: (object) => at(object, 'data', 'more'),
    ends: 'theirs',
  },
  {
    name: 'kubectl rollout restart',
    ...workload,
    kubectl: (object) => ['rollout', 'restart', object],
    look: isRestarted,
    ends: true,
  },
  {
    name: 'the same values by a foreign manager',
    ...map,
    kubectl: applyAs('other'),
    input: (name) => configMap(name, ours.value),
    look: appliers,
    ends: ['landfall-default', 'other'],
  },
];
