/** Kustomizations and HelmReleases of Flux: what becomes of them, and what is said of the rest. */
import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { importFlux } from '../../../src/core/import/flux/flux.ts';
import { at } from '../../../src/core/json/value.ts';
import { matchGolden } from '../../builder/golden.ts';
import { around, objectsOf, problemsIn, reasonsOf, textsOf } from './scene.ts';

const sources = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {url: "ssh://git@git.example.com/shop/deploy", ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {url: "https://git.example.com/other"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: jetstack, namespace: flux-system}
spec: {url: "https://charts.jetstack.io"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: podinfo, namespace: flux-system}
spec: {url: "oci://ghcr.io/stefanprodan/charts/podinfo", ref: {tag: 6.9.0}}
---
`;
const kustomization = (name: string, spec: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec: {prune: true, interval: 5m, sourceRef: {kind: GitRepository, name: fleet}, ${spec}}
---
`;
const release = (name: string, spec: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ${name}, namespace: flux-system}
spec: {interval: 5m, ${spec}}
---
`;
const chart = 'chart: {spec: {chart: podinfo, version: 6.9.0, sourceRef: {kind: HelmRepository, name: jetstack}}}';
const run = (text: string) => importFlux(objectsOf(sources + text), around);

test('importFlux: folders, kustomizations and charts, where they go and what they wait for', () => {
  const imported = run(
    [
      kustomization('web', 'path: ./apps/web, targetNamespace: shop, dependsOn: [{name: api}]'),
      kustomization(
        'api',
        'path: ./apps/api, targetNamespace: shop, kubeConfig: {secretRef: {name: eu-1-kubeconfig}}, suspend: true',
      ),
      release(
        'cert-manager',
        'targetNamespace: cert-manager, install: {createNamespace: true}, values: {crds: {enabled: true}}, chart: {spec: {chart: cert-manager, version: v1.19.1, sourceRef: {kind: HelmRepository, name: jetstack}}}',
      ),
      release('podinfo', 'releaseName: podinfo, chartRef: {kind: OCIRepository, name: podinfo}'),
      release(
        'shop',
        'chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: fleet}, valuesFiles: [charts/shop/values-eu.yaml]}}',
      ),
    ].join(''),
  );
  deepEqual(imported.apps, [
    'shop/web',
    'shop/api',
    'cert-manager/cert-manager',
    'flux-system/podinfo',
    'flux-system/shop',
  ]);
  deepEqual(reasonsOf(imported), []);
  deepEqual(problemsIn(imported), []);
  matchGolden('cli/import-flux.yaml', textsOf(imported));
});

const left: readonly (readonly [string, string, RegExp])[] = [
  ['another repository', kustomization('a', 'path: a').replace('name: fleet', 'name: other'), /import it in a clone/],
  [
    'a source that is not given',
    kustomization('a', 'path: a').replace('name: fleet', 'name: lost'),
    /GitRepository lost is not among/,
  ],
  [
    'a bucket',
    kustomization('a', 'path: a').replace('kind: GitRepository, name: fleet', 'kind: Bucket, name: b'),
    /Landfall reads Git/,
  ],
  [
    'a variable that only a Secret has',
    kustomization('a', 'path: settings, postBuild: {substituteFrom: [{kind: Secret, name: s}]}'),
    /takes variables from Secret s: write what they are put into as a manifest, encrypted with SOPS/,
  ],
  [
    'a variable in a folder that Kustomize builds',
    kustomization('a', 'path: settings, namePrefix: a-, postBuild: {substitute: {colour: green}}'),
    /puts variables into settings\/a\.yaml: write the values there/,
  ],
  [
    'a kustomization over nothing',
    kustomization('a', 'path: ./empty, namePrefix: a-'),
    /there are no manifests at empty/,
  ],
  [
    'a range of versions',
    release('a', 'chart: {spec: {chart: a, version: ">=1", sourceRef: {kind: HelmRepository, name: jetstack}}}'),
    /one exact version/,
  ],
  [
    'values of a Secret',
    release('a', `${chart}, valuesFrom: [{kind: Secret, name: a}]`),
    /takes values from Secret a: write them into a values file, encrypted with SOPS/,
  ],
  [
    'values of a ConfigMap that is not given',
    release('a', `${chart}, valuesFrom: [{kind: ConfigMap, name: b}]`),
    /ConfigMap b, which is not among/,
  ],
  [
    'a patch that merges lists',
    release(
      'a',
      `${chart}, postRenderers: [{kustomize: {patches: [{patch: "spec: {template: {spec: {containers: [{name: a}]}}}", target: {kind: Deployment}}]}}]`,
    ),
    /merges lists/,
  ],
  [
    'what makes others',
    `apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: a}\n`,
    /import those that it makes/,
  ],
];
for (const [name, text, reason] of left) {
  test(`importFlux: ${name} is left, with the reason`, () => {
    const imported = run(text);
    deepEqual(imported.apps, []);
    match(reasonsOf(imported).join('\n'), reason);
  });
}

test('importFlux: what is not said is remarked on', () => {
  const imported = run(
    kustomization('web', 'path: apps/web, dependsOn: [{name: lost}]').replace('prune: true', 'prune: false'),
  );
  deepEqual(imported.apps, ['flux-system/web']);
  deepEqual(reasonsOf(imported), [
    'Kustomization flux-system/web: prunes nothing; take `onDelete: Orphan` out only when deletions are to follow Git',
    'Kustomization flux-system/web: depends on flux-system/lost, which is not among the objects given',
  ]);
});

test('importFlux: a folder that gets a kustomization is built with it by all that read the folder', () => {
  const imported = run(
    [
      kustomization('plain', 'path: waves'),
      kustomization('patched', 'path: waves, namePrefix: eu-'),
      kustomization('above', 'path: .'),
    ].join(''),
  );
  deepEqual(imported.apps, ['flux-system/plain', 'flux-system/patched']);
  const [plain] = imported.files.get('apps/flux-system/plain.app.yaml') ?? [];
  deepEqual(at(plain, 'spec', 'components'), [{ name: 'app', kustomize: 'waves' }]);
  match(
    reasonsOf(imported).join('\n'),
    /above: its path \. holds waves, where a kustomization is written for another: give it a folder of its own/,
  );
});

const said: readonly (readonly [string, string, RegExp, readonly string[]])[] = [
  [
    'patches, components and a namespace are a kustomization over the folder',
    kustomization(
      'api',
      'path: apps/api, targetNamespace: shop, components: [../part], commonMetadata: {labels: {a: b}}, patches: [{target: {kind: Deployment}, patch: "- op: add"}]',
    ),
    /# apps\/shop\/api\.overlay\/kustomization\.yaml[\s\S]*- \.\.\/\.\.\/\.\.\/apps\/api\nnamespace: shop\n[\s\S]*- \.\.\/\.\.\/\.\.\/apps\/part\n/,
    [],
  ],
  [
    'over plain files there is one that lists them, as Flux makes it up',
    kustomization('waves', 'path: waves, namePrefix: eu-'),
    /# waves\/kustomization\.yaml[\s\S]*resources:\n- a\.yaml\n- b\.yaml\n- below\/c\.yaml\n- migrate\.yaml\n/,
    ['gets a kustomization at waves that lists its files: a new file goes into it, too'],
  ],
  [
    'images are a variant',
    kustomization(
      'web',
      'path: apps/web, images: [{name: web, newTag: "2"}], wait: true, healthChecks: [{kind: Deployment, name: web}], timeout: 1m',
    ),
    /variants:\n {2}- clusterSelector: \{\}\n {4}images:\n {4}- name: web\n {6}newTag: "2"/,
    [],
  ],
  [
    'substitution of nothing is nothing',
    kustomization('web', 'path: apps/web, postBuild: {substitute: {a: b}}'),
    /path: apps\/web/,
    [],
  ],
  [
    'variables that are names are those of the App',
    kustomization('web', 'path: settings, postBuild: {substitute: {colour: green, unused: a}}'),
    /variables:\n {4}colour: green\n {2}variants:\n {2}- clusterSelector: \{\}\n {4}patches:\n {4}- target:\n {8}group: ""\n {8}kind: ConfigMap\n {8}name: a\n {6}patch:\n {6}- op: replace\n {8}path: \/data\/colour\n {8}value: \$\{colour\}\n/,
    [],
  ],
  [
    'SOPS is for the settings',
    kustomization('web', 'path: apps/web, decryption: {provider: sops}'),
    /path: apps\/web/,
    ['decrypts with SOPS: the settings name the age identity under `sops.identityFile`'],
  ],
  [
    'values of a ConfigMap are below those of the release',
    `${release('podinfo', `${chart}, values: {b: 3}, valuesFrom: [{kind: ConfigMap, name: base}, {kind: ConfigMap, name: base, valuesKey: size, targetPath: size.max}, {kind: ConfigMap, name: lost, optional: true}]`)}apiVersion: v1
kind: ConfigMap
metadata: {name: base, namespace: flux-system}
data: {values.yaml: "a: 1\\nb: 2", size: "7"}
---
`,
    /values:\n {6}a: 1\n {6}b: 3\n {6}size:\n {8}max: 7\n/,
    [
      'takes values from ConfigMap base; they are in its App now',
      'takes values from ConfigMap base; they are in its App now',
    ],
  ],
  [
    'what is changed of a chart is a variant',
    release(
      'podinfo',
      `${chart}, postRenderers: [{kustomize: {images: [{name: a, newTag: "1"}], patches: [{patch: "[{op: add, path: /spec/paused, value: true}]", target: {kind: Deployment, name: podinfo}}, {patch: "{apiVersion: v1, kind: Service, metadata: {name: podinfo}, spec: {type: NodePort}}"}]}}], driftDetection: {ignore: [{paths: [/spec/replicas], target: {kind: Deployment}}]}`,
    ),
    /images:\n {4}- name: a\n[\s\S]*op: add\n[\s\S]*kind: Service\n {8}name: podinfo\n {6}patch:\n {8}spec:\n {10}type: NodePort\n[\s\S]*ignore:\n {2}- target:\n {6}kind: Deployment\n {4}paths:\n {4}- \/spec\/replicas/,
    [],
  ],
  [
    'a range is what runs',
    release('podinfo', chart.replace('6.9.0', '6.x')).replace(
      'spec: {interval',
      'status: {history: [{chartVersion: 6.9.2}]}\nspec: {interval',
    ),
    /version: 6\.9\.2/,
    ['follows 6.x of its chart; it is written as 6.9.2, which runs now'],
  ],
];
for (const [name, text, found, told] of said)
  test(`importFlux: ${name}`, () => {
    const imported = run(text);
    deepEqual(problemsIn(imported), []);
    match(textsOf(imported), found);
    deepEqual(
      reasonsOf(imported).map((reason) => reason.replace(/^[^:]+: /, '')),
      told,
    );
  });
