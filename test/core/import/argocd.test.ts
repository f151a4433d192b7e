/** Applications and ApplicationSets of Argo CD: what becomes of them, and what is said of the rest. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { importArgo } from '../../../src/core/import/argocd.ts';
import { matchGolden } from '../../builder/golden.ts';
import { around, objectsOf, problemsIn, reasonsOf, textsOf } from './scene.ts';

const run = (text: string) => importArgo(objectsOf(text), around);

const ours = 'https://git.example.com/shop/deploy.git';
const secret = (name: string, tier: string): string => `apiVersion: v1
kind: Secret
metadata: {name: cluster-${name}, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster, tier: ${tier}}}
stringData: {name: ${name}, server: "https://${name}.example.com", config: '{"bearerToken": "hunter2"}'}
---
`;
const application = (name: string, spec: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  destination: {server: "https://eu-1.example.com", namespace: shop}
  syncPolicy: {automated: {}}
  ${spec}
---
`;
const set = (name: string, generators: string, template: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: ${name}, namespace: argocd}
spec:
  ${more}
  generators: ${generators}
  template: ${template}
---
`;

test('importArgo: folders, kustomizations, charts here and elsewhere, and what goes with them', () => {
  const imported = run(
    [
      secret('eu-1', 'production'),
      application(
        'web',
        `source: {repoURL: "git@git.example.com:shop/deploy.git", path: ./apps/web/, targetRevision: HEAD, directory: {recurse: true}}
  ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]`,
      ),
      application('api', `source: {repoURL: "${ours}", path: apps/api}`),
      application(
        'shop',
        `source: {repoURL: "${ours}", path: charts/shop, helm: {releaseName: store, valueFiles: [values-eu.yaml, /values/base.yaml], values: "replicas: 2", parameters: [{name: image.tag, value: "1.2"}, {name: "labels.a\\\\.b", value: "true", forceString: true}]}}`,
      ),
      application(
        'cert-manager',
        `source: {repoURL: "https://charts.jetstack.io", chart: cert-manager, targetRevision: v1.19.1, helm: {valuesObject: {crds: {enabled: true}}}}`,
      ),
    ].join(''),
  );
  deepEqual(imported.apps, ['shop/web', 'shop/api', 'shop/shop', 'shop/cert-manager']);
  deepEqual(problemsIn(imported), []);
  matchGolden('cli/import-argocd.yaml', textsOf(imported));
  deepEqual(reasonsOf(imported), [
    "Cluster eu-1: Argo CD's credential is not taken over: landfall cluster join eu-1 --context <context of https://eu-1.example.com>",
    'Applications web, api, shop, cert-manager: prune nothing; Landfall deletes what is taken out of Git. An object that is to stay has the annotation `landfall.dev/on-delete: Orphan`',
  ]);
});

const left: readonly (readonly [string, string, RegExp])[] = [
  [
    'another repository',
    'source: {repoURL: "https://git.example.com/other", path: a}',
    /import it in a clone of that repository/,
  ],
  ['a plugin', `source: {repoURL: "${ours}", path: a, plugin: {name: cdk}}`, /a plugin of Argo CD makes its manifests/],
  [
    'a floating chart version',
    'source: {repoURL: "https://charts.example.com", chart: a, targetRevision: "1.*"}',
    /Landfall takes one exact version/,
  ],
  ['a way out of the repository', `source: {repoURL: "${ours}", path: ../secrets}`, /outside of the repository/],
  [
    'an option of Kustomize that it has not',
    `source: {repoURL: "${ours}", path: apps/api, kustomize: {buildOptions: --enable-exec}}`,
    /gives Kustomize buildOptions/,
  ],
  [
    'a kustomization over the whole repository',
    `source: {repoURL: "${ours}", path: ., kustomize: {namePrefix: a-}}`,
    /above of where a kustomization of its own would be/,
  ],
  [
    'a choice of no file',
    `source: {repoURL: "${ours}", path: apps/web, directory: {include: "*.json"}}`,
    /it takes no file of apps\/web/,
  ],
  ['no source', 'project: default', /names no path and no chart/],
  [
    'no cluster',
    `source: {repoURL: "${ours}", path: apps/web}\n  destination: {namespace: shop}`,
    /it names no cluster/,
  ],
];
for (const [name, spec, reason] of left) {
  test(`importArgo: ${name} is left, with the reason`, () => {
    const text = application('a', spec);
    const once = text.replace(/ {2}destination: \{server.*\n(?=[\s\S]*destination: \{namespace: shop)/, '');
    const imported = run(secret('eu-1', 'lab') + once);
    deepEqual(imported.apps, []);
    match(reasonsOf(imported).join('\n'), reason);
  });
}

test('importArgo: by hand is suspended; a fixed revision, a project and jq are said', () => {
  const imported = run(
    application(
      'web',
      `source: {repoURL: "${ours}", path: apps/web, targetRevision: v1, directory: {recurse: true}}
  project: shop
  ignoreDifferences: [{kind: Secret, jqPathExpressions: ['.data[] | select(.a)']}]`,
    )
      .replace('  syncPolicy: {automated: {}}\n', '')
      .replace('server: "https://eu-1.example.com"', 'name: in-cluster'),
  );
  match(textsOf(imported), /suspend: true/);
  match(textsOf(imported), /# clusters\/hub\.yaml[\s\S]*inCluster: true/);
  deepEqual(
    reasonsOf(imported).map((reason) =>
      reason.replace(/^(?:Application argocd\/web|AppProject shop): (.{12}).*$/, '$1'),
    ),
    ['follows v1; ', 'is synced by', 'ignores diff', 'what it allo'],
  );
});

test('importArgo: no credential of Argo CD is written', () =>
  equal(/hunter2/.test(textsOf(run(secret('eu-1', 'lab')))), false));

const clusters = secret('eu-1', 'production') + secret('us-1', 'production') + secret('lab-1', 'lab');
const template = (path: string, name: string, to: string): string =>
  `{metadata: {name: "${name}"}, spec: {source: {repoURL: "${ours}", path: "${path}", directory: {recurse: true}}, destination: {${to}, namespace: shop}, syncPolicy: {automated: {}}}}`;

test('expandSet: clusters by label are one App, and values by cluster stay so', () => {
  const values = `{metadata: {name: "shop-{{name}}"}, spec: {source: {repoURL: "${ours}", path: charts/shop, helm: {releaseName: shop, valueFiles: ["values-{{name}}.yaml"]}}, destination: {server: "{{server}}", namespace: shop}, syncPolicy: {automated: {}}}}`;
  const imported = run(clusters + set('shop', '[{clusters: {selector: {matchLabels: {tier: production}}}}]', values));
  deepEqual(imported.apps, ['shop/shop']);
  match(textsOf(imported), /clusterSelector:\n {6}matchLabels:\n {8}tier: production/);
  match(textsOf(imported), /path: charts\/shop\/values-\$\{name\}\.yaml/);
});

test('expandSet: what differs in more than values is an App for each cluster', () => {
  const imported = run(
    clusters +
      set(
        'web',
        '[{clusters: {selector: {matchLabels: {tier: production}}}}]',
        template('apps/{{.name}}', 'web-{{.name}}', 'name: "{{.name}}"'),
        'goTemplate: true',
      ),
  );
  deepEqual(imported.apps, ['shop/web-eu-1', 'shop/web-us-1']);
});

for (const [expression, apps] of [
  ['{key: tier, operator: In, values: [production, staging]}', ['shop/web-eu-1', 'shop/web-us-1']],
  ['{key: tier, operator: NotIn, values: [production]}', ['shop/web-lab-1']],
  ['{key: tier, operator: Exists}', ['shop/web-eu-1', 'shop/web-lab-1', 'shop/web-us-1']],
  ['{key: tier, operator: DoesNotExist}', []],
] as const)
  test(`expandSet: clusters by ${expression}`, () => {
    const generators = `[{clusters: {selector: {matchExpressions: [${expression}]}}}]`;
    const text = set('web', generators, template('apps/{{name}}', 'web-{{name}}', 'name: "{{name}}"'));
    deepEqual(run(clusters + text).apps.toSorted(), apps);
  });

test('expandSet: a list of clusters is one App for all of them', () => {
  const list =
    '[{list: {elements: [{cluster: eu-1, url: "https://eu-1.example.com"}, {cluster: us-1, url: "https://us-1.example.com"}]}}]';
  const imported = run(clusters + set('web', list, template('apps/web', 'web-{{cluster}}', 'server: "{{url}}"')));
  deepEqual(imported.apps, ['shop/web']);
  match(textsOf(imported), /clusterNames:\n {4}- eu-1\n {4}- us-1\n/);
});

test('expandSet: folders of the repository, but those that are left out', () => {
  const git = `[{git: {repoURL: "${ours}", directories: [{path: "add-ons/*"}, {path: add-ons/old, exclude: true}]}}]`;
  const imported = run(clusters + set('add-ons', git, template('{{path}}', '{{path.basename}}', 'name: eu-1')));
  deepEqual(imported.apps, ['shop/cert-manager', 'shop/ingress']);
  match(textsOf(imported), /path: add-ons\/ingress/);
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  [
    'what asks the world',
    set(
      'a',
      '[{matrix: {generators: [{list: {elements: [{}]}}, {pullRequest: {}}]}}]',
      template('apps/web', 'a', 'name: eu-1'),
    ),
    /generator of kind pullRequest, which asks the world/,
  ],
  [
    'a template that calculates',
    set(
      'a',
      '[{list: {elements: [{a: b}]}}]',
      template('apps/web', '{{ .a | derivePassword }}', 'name: eu-1'),
      'goTemplate: true',
    ),
    /its template calls `derivePassword`/,
  ],
  [
    'an operator that labels do not have',
    set(
      'a',
      '[{clusters: {selector: {matchExpressions: [{key: tier, operator: Gt, values: ["1"]}]}}}]',
      template('apps/web', 'a', 'name: "{{name}}"'),
    ),
    /by an operator that labels do not have/,
  ],
  [
    'a patch that is none',
    set('a', '[{list: {elements: [{}]}}]', template('apps/web', 'a', 'name: eu-1'), 'templatePatch: "a: b: c"'),
    /`templatePatch` that makes no YAML/,
  ],
];
for (const [name, text, reason] of refused) {
  test(`expandSet: ${name} is left, with the reason`, () => {
    const imported = run(clusters + text);
    deepEqual(imported.apps, []);
    match(reasonsOf(imported).join('\n'), reason);
  });
}
