/** The conformance suite on a real kube-apiserver: what the sandbox is held to. */
import { test } from 'node:test';
import { conform } from '../conform/suite.ts';
import { admin } from './api-server.ts';
import { sharedFleet } from './fleet.ts';

const fleet = await sharedFleet();
const server = fleet?.servers[0];
if (fleet === undefined || server === undefined) {
  test('conform: kube-apiserver', { skip: 'no Kubernetes to run' });
} else {
  const target = { name: 'kube-apiserver', origin: server.origin, token: server.tokenFor(admin), ca: server.ca() };
  const reason = 'no kube-controller-manager in KUBEBUILDER_ASSETS';
  conform(target, fleet.hasControllers ? [] : [{ reason, tests: ['owners', 'namespaces', 'workloads'] }]);
}
