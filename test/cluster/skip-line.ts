/** What a run says when there is no Kubernetes to run on. */

export const skipLine = (reason: string): string =>
  `SKIPPED: no test ran on a real Kubernetes API server (${reason}). Install Go 1.26 or newer, or point KUBEBUILDER_ASSETS at etcd, kube-apiserver, kube-controller-manager and kubectl.`;
