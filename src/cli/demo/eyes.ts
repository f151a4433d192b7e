/** Looks at clusters, and edits them, past Landfall: as kubectl does, through their API servers. */
import { at, isArray, type Json, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { type KubeClient, kubeClient } from '../../edge/kube/client.ts';
import { fixedCredentials } from '../../edge/kube/login.ts';
import { systemNet } from '../../edge/net/net.ts';
import type { Surroundings } from '../surroundings.ts';
import { ownVersion } from '../version.ts';
import type { DemoCluster } from './world.ts';

/** One cluster, seen from outside. Every method rejects with FaultError. */
export type Eyes = {
  /** Undefined: the server says that there is none. */
  readonly deployment: (namespace: string, name: string) => Promise<KubeObject | undefined>;
  readonly configMap: (namespace: string, name: string) => Promise<KubeObject | undefined>;
  /** Another image in the first container, whoever owns the field: `kubectl set image`. */
  readonly setImage: (namespace: string, name: string, image: string) => Promise<void>;
  readonly answers: () => Promise<boolean>;
  readonly close: () => void;
};

const namespaced = { version: 'v1', shortNames: [], isNamespaced: true, verbs: [], subresources: [] };
const deployments: Kind = {
  ...namespaced,
  group: 'apps',
  kind: 'Deployment',
  resource: 'deployments',
  singular: 'deployment',
};
const configMaps: Kind = { ...namespaced, group: '', kind: 'ConfigMap', resource: 'configmaps', singular: 'configmap' };

export function eyesOn({ server }: DemoCluster, { clock, rng, signal }: Surroundings): Eyes {
  const client: KubeClient = kubeClient(
    fixedCredentials(server),
    { net: systemNet({ clock }), clock, rng },
    { version: ownVersion(), attemptsMax: 1 },
  );
  return {
    deployment: (namespace, name) => client.get({ kind: deployments, namespace, name }, signal),
    configMap: (namespace, name) => client.get({ kind: configMaps, namespace, name }, signal),
    setImage: async (namespace, name, image) => {
      const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
      await client.patchJson({ kind: deployments, namespace, name }, patch, { manager: 'kubectl-set' }, signal);
    },
    answers: async () => {
      try {
        await client.version(signal);
        return true;
      } catch (error) {
        if (error instanceof FaultError) return false;
        throw error;
      }
    },
    close: () => client.close(),
  };
}

/** The image of the first container. */
export function imageOf(deployment: KubeObject | undefined): string | undefined {
  const containers = deployment && at(deployment, 'spec', 'template', 'spec', 'containers');
  return textOf(first(containers) && at(first(containers), 'image'));
}

const first = (list: Json | undefined): Json | undefined => (isArray(list) ? list[0] : undefined);

export type Replicas = { readonly wanted: number; readonly ready: number };

/** Shape: `ready` counts only those of the newest template, and nothing before its controller has looked. */
export function replicasOf(deployment: KubeObject | undefined): Replicas {
  const number = (...path: readonly string[]): number => {
    const value = deployment && at(deployment, ...path);
    return typeof value === 'number' ? value : Number(value ?? 0);
  };
  const isLookedAt = number('status', 'observedGeneration') >= number('metadata', 'generation');
  const ready = Math.min(number('status', 'updatedReplicas'), number('status', 'readyReplicas'));
  const isOldGone = number('status', 'replicas') === number('status', 'updatedReplicas');
  return { wanted: number('spec', 'replicas'), ready: isLookedAt && isOldGone ? ready : 0 };
}

/** When its newest template was ready everywhere, to the second; undefined while it is not. */
export function wellSinceMs(deployment: KubeObject | undefined): number | undefined {
  const conditions = deployment && at(deployment, 'status', 'conditions');
  const done = isArray(conditions)
    ? conditions.find((each) => at(each, 'reason') === 'NewReplicaSetAvailable')
    : undefined;
  return timeOf(at(done, 'lastUpdateTime'));
}

/** When Landfall last changed it, to the second, as the API server has noted. */
export function appliedAtMs(deployment: KubeObject | undefined): number | undefined {
  const entries = deployment && at(deployment, 'metadata', 'managedFields');
  const ours = isArray(entries)
    ? entries.find((each) => textOf(at(each, 'manager'))?.startsWith('landfall-') === true)
    : undefined;
  return timeOf(at(ours, 'time'));
}

const timeOf = (value: Json | undefined): number | undefined =>
  typeof value === 'string' ? Date.parse(value) : undefined;
