/** What a team keeps in KubeFed: one of everything that the chart federates. */

/** On the host, in this order. */
export const federated = `apiVersion: types.kubefed.io/v1beta1
kind: FederatedNamespace
metadata: {name: shop, namespace: shop}
spec:
  template: {metadata: {labels: {team: shop}}}
  placement: {clusterSelector: {}}
  overrides:
  - clusterName: cluster2
    clusterOverrides: [{path: /metadata/labels/tier, op: add, value: second}]
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: {name: settings, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}, annotations: {note: kept}}
    data: {colour: green, size: "4"}
  placement: {clusters: [{name: cluster1}, {name: cluster2}]}
  overrides:
  - clusterName: cluster2
    clusterOverrides:
    - {path: /data/colour, value: blue}
    - {path: /data/size, op: remove}
    - {path: /metadata/annotations, op: add, value: {foo: bar}}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedSecret
metadata: {name: login, namespace: shop}
spec:
  template: {type: Opaque, data: {password: c2VjcmV0}}
  placement: {clusterSelector: {matchLabels: {region: cluster1}}}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedServiceAccount
metadata: {name: web, namespace: shop}
spec:
  template: {automountServiceAccountToken: false}
  placement: {clusterSelector: {}}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedService
metadata: {name: web, namespace: shop}
spec:
  template: {spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80}]}}
  placement: {clusterSelector: {}}
  overrides:
  - clusterName: cluster1
    clusterOverrides: [{path: /spec/ports/0/targetPort, op: add, value: 8080}]
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          serviceAccountName: web
          containers: [{name: web, image: "web:1", args: [one, two]}]
  placement: {clusters: [{name: cluster1}, {name: cluster2}], clusterSelector: {matchLabels: {region: nowhere}}}
  overrides:
  - clusterName: cluster1
    clusterOverrides:
    - {path: /spec/replicas, value: 3}
    - {path: /spec/template/spec/containers/0/args/0, op: replace, value: uno}
  - clusterName: cluster2
    clusterOverrides:
    - {path: /spec/template/spec/containers/0/image, value: "web:2"}
    - {path: /spec/template/spec/containers/0/args/-, op: add, value: three}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: shared, namespace: shop}
spec:
  template:
    spec:
      replicas: 1
      selector: {matchLabels: {app: shared}}
      template:
        metadata: {labels: {app: shared}}
        spec: {containers: [{name: shared, image: "web:1"}]}
  placement: {clusterSelector: {}}
---
apiVersion: scheduling.kubefed.io/v1alpha1
kind: ReplicaSchedulingPreference
metadata: {name: shared, namespace: shop}
spec:
  targetKind: FederatedDeployment
  totalReplicas: 7
  clusters:
    cluster1: {weight: 2, maxReplicas: 4}
    cluster2: {weight: 1}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: scaled, namespace: shop}
spec:
  retainReplicas: true
  template:
    spec:
      replicas: 2
      selector: {matchLabels: {app: scaled}}
      template:
        metadata: {labels: {app: scaled}}
        spec: {containers: [{name: scaled, image: "web:1"}]}
  placement: {clusters: [{name: cluster2}]}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedReplicaSet
metadata: {name: cache, namespace: shop}
spec:
  template:
    spec:
      replicas: 1
      selector: {matchLabels: {app: cache}}
      template:
        metadata: {labels: {app: cache}}
        spec: {containers: [{name: cache, image: "cache:1"}]}
  placement: {clusters: [{name: cluster1}]}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedJob
metadata: {name: seed, namespace: shop}
spec:
  template:
    spec:
      template: {spec: {restartPolicy: Never, containers: [{name: seed, image: "seed:1"}]}}
  placement: {clusters: [{name: cluster1}]}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedIngress
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      rules:
      - host: shop.example.com
        http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}
  placement: {clusterSelector: {}}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedClusterRole
metadata: {name: shop-reader}
spec:
  template: {rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]}
  placement: {clusterSelector: {}}
`;

/** Plural names, as kubectl takes them. */
export const federatedKinds = [
  'configmaps',
  'secrets',
  'serviceaccounts',
  'services',
  'deployments',
  'replicasets',
  'jobs',
  'ingresses',
  'clusterroles',
].join(',');
export const federatedTypes = [
  'namespaces',
  'configmaps',
  'secrets',
  'serviceaccounts',
  'services',
  'deployments',
  'replicasets',
  'jobs',
  'ingresses',
  'clusterroles',
].map((plural) => `federated${plural}.types.kubefed.io`);
/** Collections on members, for whoever watches them. */
export const federatedPaths = [
  '/api/v1/namespaces',
  '/api/v1/configmaps',
  '/api/v1/secrets',
  '/api/v1/serviceaccounts',
  '/api/v1/services',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/replicasets',
  '/apis/batch/v1/jobs',
  '/apis/networking.k8s.io/v1/ingresses',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/api/v1/pods',
];
