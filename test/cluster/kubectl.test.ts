/** Unmodified kubectl, the built one and the system's, against a real kube-apiserver. */
import { test } from 'node:test';
import { conformToKubectl } from '../conform/kubectl.ts';
import { kubectlPrograms } from '../conform/run-kubectl.ts';
import { findOrBuildAssets } from './assets.ts';
import { sharedFleet } from './fleet.ts';

const fleet = await sharedFleet();
const search = await findOrBuildAssets(() => undefined);
const server = fleet?.servers[1];
const programs = search.kind === 'found' ? await kubectlPrograms(search.assets.kubectl) : [];
if (fleet === undefined || server === undefined || programs.length === 0) {
  test('kubectl', { skip: 'no Kubernetes or no kubectl to run' });
} else {
  const reason = 'no kube-controller-manager in KUBEBUILDER_ASSETS';
  const tests = ['wait and rollout: until it is ready, restarted, undone, gone'];
  conformToKubectl('kube-apiserver', server.kubeconfig(), programs, fleet.hasControllers ? [] : [{ reason, tests }]);
}
