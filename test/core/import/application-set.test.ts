/** ApplicationSets: what their generators make, one by one and out of each other, and as few Apps of it as say the same. */
import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { importArgo } from '../../../src/core/import/argocd.ts';
import { around, objectsOf, problemsIn, reasonsOf, textsOf } from './scene.ts';

const ours = 'https://git.example.com/shop/deploy.git';
const secret = (name: string, tier: string): string => `apiVersion: v1
kind: Secret
metadata: {name: cluster-${name}, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster, tier: ${tier}}, annotations: {zone: ${name}-a}}
stringData: {name: ${name}, server: "https://${name}.example.com"}
---
`;
const clusters = secret('eu-1', 'production') + secret('us-1', 'production') + secret('lab-1', 'lab');

type Given = { readonly generators: string; readonly template: string; readonly more?: string };

function run({ generators, template, more = '' }: Given) {
  const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  ${more}
  generators: ${generators}
  template: ${template}
`;
  const imported = importArgo(objectsOf(clusters + set), around);
  deepEqual(problemsIn(imported), [], textsOf(imported));
  return {
    apps: imported.apps,
    text: textsOf(imported),
    told: reasonsOf(imported).filter((reason) => /^ApplicationSet/.test(reason)),
  };
}

const app = (name: string, source: string, destination: string, namespace = 'shop'): string =>
  `{metadata: {name: "${name}"}, spec: {source: {repoURL: "${ours}", ${source}}, destination: {${destination}, namespace: "${namespace}"}, syncPolicy: {automated: {prune: true}}}}`;
const web = 'path: apps/web';
const go = 'goTemplate: true';

const byCluster = '{clusters: {selector: {matchLabels: {tier: production}}}}';
const folders = `{git: {repoURL: "${ours}", directories: [{path: "add-ons/*"}, {path: add-ons/old, exclude: true}]}}`;
const files = `{git: {repoURL: "${ours}", files: [{path: "config/**/*.json"}]}}`;
const list = '{list: {elements: [{cluster: eu-1, tier: gold}, {cluster: us-1, tier: silver}]}}';

const cases: readonly (readonly [string, Given, readonly string[], RegExp])[] = [
  [
    'a matrix of clusters and folders: an App for each folder, on clusters by label',
    {
      generators: `[{matrix: {generators: [${byCluster}, ${folders}]}}]`,
      template: app('{{path.basename}}-{{name}}', 'path: "{{path}}"', 'server: "{{server}}"', '{{path.basename}}'),
    },
    ['cert-manager/cert-manager', 'ingress/ingress'],
    /clusterSelector:\n {6}matchLabels:\n {8}tier: production/,
  ],
  [
    'a matrix whose second speaks of the first',
    {
      generators: `[{matrix: {generators: [${files}, {clusters: {selector: {matchExpressions: [{key: tier, operator: In, values: [production]}]}}}], template: {}}}]`,
      template: app('a-{{.cluster.zone}}-{{.name}}', web, 'name: "{{.name}}"', 'zone-{{.cluster.zone}}'),
      more: go,
    },
    ['zone-a/a-a', 'zone-b/a-b'],
    /clusterSelector/,
  ],
  [
    'a matrix inside of a matrix',
    {
      generators: `[{matrix: {generators: [{list: {elements: [{first: x1}, {first: x2}]}}, {matrix: {generators: [{list: {elements: [{second: p}]}}, {list: {elements: [{third: q}]}}]}}]}}]`,
      template: app('{{first}}{{second}}{{third}}', web, 'name: eu-1'),
    },
    ['shop/x1pq', 'shop/x2pq'],
    /./,
  ],
  [
    'a merge: what a later one says of the same key',
    {
      generators: `[{merge: {mergeKeys: [name], generators: [${byCluster}, {list: {elements: [{name: us-1, values: {replicas: "5"}}]}}]}}]`,
      template: app(
        'shop-{{name}}',
        'path: charts/shop, helm: {releaseName: shop, parameters: [{name: replicas, value: "{{- with .values }}{{ .replicas }}{{ else }}2{{ end }}"}]}',
        'name: "{{.name}}"',
      ).replaceAll('{{name}}', '{{.name}}'),
      more: go,
    },
    ['shop/shop'],
    /# apps\/shop\/shop\.values\/app\/eu-1\.yaml\nreplicas: 2\n[\s\S]*us-1\.yaml\nreplicas: 5\n/,
  ],
  [
    'files: their fields as parameters, by their old names',
    {
      generators: `[${files}]`,
      template: app(
        'shop-{{cluster.name}}',
        'path: charts/shop, helm: {releaseName: shop, parameters: [{name: tag, value: "v{{tag}}"}]}',
        'name: "{{cluster.name}}"',
      ),
    },
    ['shop/shop'],
    /clusterNames:\n {4}- eu-1\n {4}- us-1\n[\s\S]*tag: v1\.2/,
  ],
  [
    'a selector over parameters',
    {
      generators: `[{list: {elements: [{cluster: eu-1, tier: gold}, {cluster: us-1, tier: silver}]}, selector: {matchLabels: {tier: silver}}}]`,
      template: app('web-{{cluster}}', web, 'name: "{{cluster}}"'),
    },
    ['shop/web-us-1'],
    /./,
  ],
  [
    'what a generator says in place of the template',
    {
      generators: `[{list: {elements: [{cluster: eu-1}], template: {metadata: {}, spec: {source: {path: apps/api}}}}}]`,
      template: app('web-{{cluster}}', web, 'name: "{{cluster}}"'),
    },
    ['shop/web-eu-1'],
    /kustomize: apps\/api/,
  ],
  [
    'a template of Go that calculates',
    {
      generators: `[${list}]`,
      template: app(
        `{{ if eq .tier \\"gold\\" }}best{{ else }}good{{ end }}-{{ .cluster | replace \\"-\\" \\"\\" | upper | lower }}`,
        web,
        'name: "{{ .cluster }}"',
        '{{ index (splitList \\"-\\" .cluster) 0 }}',
      ),
      more: go,
    },
    ['eu/best-eu1', 'us/good-us1'],
    /./,
  ],
  [
    'a patch of the template',
    {
      generators: `[${list}]`,
      template: app('web-{{ .cluster }}', web, 'name: "{{ .cluster }}"'),
      more: `goTemplate: true\n  templatePatch: |\n    {{- if eq .tier "silver" }}\n    spec: {syncPolicy: {syncOptions: [CreateNamespace=true]}}\n    {{- end }}`,
    },
    ['shop/web-eu-1', 'shop/web-us-1'],
    /createNamespaces: true/,
  ],
  [
    'values of clusters, and names of releases with the cluster in them',
    {
      generators: '[{clusters: {selector: {matchLabels: {tier: production}}, values: {host: "{{name}}.example.com"}}}]',
      template: app(
        'shop-{{name}}',
        'path: charts/shop, helm: {valuesObject: {host: "{{values.host}}", price: "${each}"}}',
        'server: "{{server}}"',
      ),
    },
    ['shop/shop'],
    /releaseName: shop-\$\{name\}\n {4}values:\n {6}host: \$\{name\}\.example\.com\n {6}price: \$\$\{each\}/,
  ],
  [
    'other images for some clusters are a variant',
    {
      generators: `[${list}]`,
      template: app('api-{{cluster}}', 'path: apps/api, kustomize: {images: ["api:{{tier}}"]}', 'name: "{{cluster}}"'),
    },
    ['shop/api'],
    /variants:\n {2}- clusterNames:\n {4}- eu-1\n {4}images:\n {4}- name: registry\/api\n {6}newName: api\n {6}newTag: gold\n {2}- clusterNames:\n {4}- us-1/,
  ],
  [
    'a values file by the name of the cluster',
    {
      generators: `[${list}]`,
      template: app(
        'shop-{{cluster}}',
        'path: charts/shop, helm: {releaseName: shop, valueFiles: ["values-{{cluster}}.yaml"]}',
        'name: "{{cluster}}"',
      ),
    },
    ['shop/shop'],
    /path: charts\/shop\/values-\$\{name\}\.yaml/,
  ],
];
for (const [name, given, apps, found] of cases)
  test(`expandSet: ${name}`, () => {
    const made = run(given);
    deepEqual([made.apps, made.told], [apps, []], made.text);
    match(made.text, found);
    doesNotMatch(made.text, /\{\{|\uE000/);
  });

test('expandSet: one generator that asks the world does not take the others with it', () => {
  const made = run({
    generators: `[{scmProvider: {}}, ${list}]`,
    template: app('web-{{cluster}}', web, 'name: "{{cluster}}"'),
  });
  deepEqual(made.apps, ['shop/web']);
  equal(made.told.length, 1);
});

test('expandSet: what finds nothing says so', () =>
  deepEqual(run({ generators: '[{list: {elements: []}}]', template: app('a', web, 'name: eu-1') }).told, [
    'ApplicationSet argocd/all: makes no Application here: its generators find nothing',
  ]));

test('expandSet: a parameter that nobody gave is no empty text', () =>
  match(
    run({ generators: `[${list}]`, template: app('web-{{.moon}}', web, 'name: eu-1'), more: go }).told.join(),
    /prints what nothing has said/,
  ));
