/** Do `secrets`, `secret` and `Secret` name one kind? For rules that must be judged without asking a cluster. */

const shortNames: Readonly<Record<string, string>> = {
  cm: 'configmap',
  crd: 'customresourcedefinition',
  deploy: 'deployment',
  ds: 'daemonset',
  ep: 'endpoints',
  hpa: 'horizontalpodautoscaler',
  ing: 'ingress',
  netpol: 'networkpolicy',
  ns: 'namespace',
  pdb: 'poddisruptionbudget',
  pv: 'persistentvolume',
  pvc: 'persistentvolumeclaim',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sts: 'statefulset',
  svc: 'service',
};

/** In any case; plural as Kubernetes forms it. Shape: a name that only discovery knows is not recognised, so not granted. */
export function isResourceName(name: string, kind: string): boolean {
  const [given, singular] = [name.toLowerCase(), kind.toLowerCase()];
  return (
    given === singular ||
    given === pluralOf(singular) ||
    (Object.hasOwn(shortNames, given) && shortNames[given] === singular)
  );
}

function pluralOf(singular: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(singular)) return singular === 'endpoints' ? singular : `${singular}es`;
  return /[^aeiou]y$/.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
