/** Manifests as people write them: the seeds of respelled and mutated texts where no corpus is at hand. */

const deployment = `# The shop's front end.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {app.kubernetes.io/name: web, tier: "1"}
  annotations:
    description: >-
      Serves the shop to everybody
      who comes by.
    checksum/config: 0e1234
spec:
  replicas: 3
  revisionHistoryLimit: 0x2
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      containers:
      - name: web
        image: registry.example.com:5000/shop/web:1.10   # not a number
        command: ["sh", "-c", 'exec nginx -g "daemon off;"']
        args:
        - --listen=:8080
        - --greeting=it's open
        env:
        - {name: DEBUG, value: "no"}
        - name: START
          value: '08:30'
        ports:
        - containerPort: 8080
          name: http
        resources:
          limits: {cpu: 1.5, memory: 512Mi}
          requests: {cpu: 100m, memory: "1e9"}
      tolerations: []
      nodeSelector: {}
`;

const script = `apiVersion: v1
kind: ConfigMap
metadata:
  name: tools
data:
  run.sh: |
    #!/bin/sh
    set -eu
    for item in "$@"; do
      printf '%s\\n' "\${item#*: }"
    done

  settings.ini: |-
    [main]
    depth = 3
      indented = yes
  empty: ""
  tabs: "a\\tb"
  folded: >
    one
    two

      deeper
    three
immutable: true
`;

const schema = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: "A widget: it does *nothing*, [yet]."
        properties:
          spec:
            type: object
            properties:
              size:
                anyOf:
                - type: integer
                - type: string
                pattern: ^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?([0-9]+)))?$
                x-kubernetes-int-or-string: true
              ratio: {type: number, minimum: 0, maximum: 1.0, default: .5}
              limit: {type: integer, maximum: 9223372036854775807}
`;

const shared = `apiVersion: example.com/v1
kind: Widget
metadata: &meta
  name: first
  labels: &labels
    team: blue
    on: call
spec:
  defaults: &defaults {retries: 3, timeout: 1_000, nested: {a: [1, 2]}}
  east:
    <<: *defaults
    retries: 5
  west:
    timeout: 2000
    <<: [{zone: w}, *defaults]
  labels: *labels
  1: one
  10: ten
  2: two
`;

const rules = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: ["", apps]
    resources:
      - pods
      - deployments/scale
    verbs: ["*"]
  - nonResourceURLs: ['/healthz', "/metrics/*"]
    verbs:
    - get
---
# nothing here
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Namespace
  metadata:
    name: a
- {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}}
`;

export const samples: readonly string[] = [deployment, script, schema, shared, rules];
