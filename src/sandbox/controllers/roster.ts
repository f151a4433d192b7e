/** Which controllers a cluster runs, and under whose names they write. */

import type { Tokens } from '../api/identity.ts';
import { controllerManager, kubelet } from '../registry/user.ts';
import type { World } from '../registry/world.ts';
import type { SandboxSettings } from '../settings.ts';
import { accountTokenController } from './account-tokens.ts';
import { actorOf } from './actor.ts';
import { claimController } from './claims.ts';
import { customKindController } from './custom-kinds.ts';
import { daemonSetController } from './daemonsets.ts';
import { deploymentController } from './deployments.ts';
import { disruptionController } from './disruption.ts';
import { garbageCollector } from './garbage.ts';
import { ingressController } from './ingresses.ts';
import { jobController } from './jobs.ts';
import type { Loop } from './loop.ts';
import { namespaceContentController, namespaceController } from './namespaces.ts';
import { podController } from './pods.ts';
import { quotaController } from './quotas.ts';
import { replicaSetController } from './replicasets.ts';
import { serviceController } from './services.ts';
import { statefulSetController } from './statefulsets.ts';
import { statusController } from './status-only.ts';

/** Shape: the order is that in which they hear of a change. */
export function addControllers(loop: Loop, world: World, settings: SandboxSettings, tokens: Tokens): void {
  const manager = actorOf(world, controllerManager, 'kube-controller-manager');
  // Custom kinds are the API server's own business: they are served whoever else is there.
  loop.add(customKindController(actorOf(world, controllerManager, 'kube-apiserver')));
  if (!settings.hasControllers) return;
  loop.add(garbageCollector(manager));
  loop.add(namespaceController(manager));
  loop.add(namespaceContentController(manager));
  loop.add(accountTokenController(manager, tokens));
  loop.add(quotaController(manager));
  loop.add(claimController(manager));
  loop.add(ingressController(manager));
  loop.add(serviceController(manager));
  switch (settings.workloads) {
    case 'pods':
      loop.add(deploymentController(manager));
      loop.add(replicaSetController(manager));
      loop.add(statefulSetController(manager));
      loop.add(daemonSetController(manager));
      loop.add(jobController(manager));
      loop.add(disruptionController(manager));
      loop.add(podController(actorOf(world, kubelet, 'kubelet'), settings));
      return;
    case 'status':
      loop.add(statusController(manager, settings));
      return;
    case 'none':
      return;
  }
}
